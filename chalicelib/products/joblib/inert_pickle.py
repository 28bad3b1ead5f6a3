"""A reader for the pickles that joblib writes, which builds plain data and runs nothing.

It interprets the opcodes itself. None of them imports, calls or sets anything: a global becomes its name, a call
becomes a record of its arguments (`inert_values`); what known records mean is decided later, by `known_classes`.
Nothing is hashed and only nested pickles recurse, so neither colliding keys nor deep nesting can stall or crash it.
"""

import io
import pickletools
from collections.abc import Callable
from functools import partial

from chalicelib.products.budget import Budget
from chalicelib.products.errors import Damaged, Unreadable
from chalicelib.products.joblib.inert_values import Call, Global, Pairs, pairs_of
from chalicelib.products.joblib.pickle_stack import PickleStack
from chalicelib.products.joblib.stream_array import read_array, read_header

MAX_INSTRUCTIONS = 5_000_000
MAX_NESTED_PICKLES = 5

_ARRAY_WRAPPER = ("joblib.numpy_pickle", "NumpyArrayWrapper")
_RECONSTRUCTOR = ("copyreg", "_reconstructor")


def load(data: bytes) -> object:
    """Read a joblib pickle (protocols 0 to 5, not compressed) into lists, tuples, Pairs, Calls, Globals and arrays.

    Raises
    ------
    Unreadable
        It refers to something outside of itself, or exceeds a limit.
    ValueError, IndexError, TypeError, OverflowError, AssertionError
        It is damaged.
    """
    budget = Budget(MAX_INSTRUCTIONS, f"The file holds more than {MAX_INSTRUCTIONS} pickle instructions.")
    return InertUnpickler(io.BytesIO(data), budget).load()


class InertUnpickler(PickleStack):
    """Reads one pickle, and the raw arrays that joblib writes between its opcodes.

    Parameters
    ----------
    stream
        Stands at the first opcode, and behind STOP afterwards.
    budget
        Shared with the pickles nested in this one.
    depth
        How many pickles are around this one.
    """

    def __init__(self, stream: io.BytesIO, budget: Budget, depth: int = 0) -> None:
        super().__init__()
        self._stream = stream
        self._budget = budget
        self._depth = depth

    def load(self) -> object:
        """Interpret the opcodes up to STOP and return what is on top of the stack."""
        stream, budget, find, push = self._stream, self._budget, _INSTRUCTIONS.get, _PUSH
        for code in iter(partial(stream.read, 1), _STOP):
            instruction = find(code)
            if instruction is None:
                raise ValueError(f"opcode {code!r} unknown" if code else "pickle exhausted before seeing STOP")
            name, read, action = instruction
            argument = None if read is None else read(stream)
            budget.left -= 1
            if budget.left < 0:
                budget.spend(0)
            if action is push:  # most of them
                self.values.append(argument)
            elif action is None:
                raise Unreadable(f"The file refers to something outside of itself ({name}).")
            else:
                action(self, argument)
        budget.spend()
        return self.pop()

    def extend(self, values: list[object]) -> None:
        """Add values to the list, set or object below them."""
        target = self.top
        if isinstance(target, list):
            target.extend(values)
        elif isinstance(target, Call):
            target.items.extend(values)
        else:
            raise Damaged("values are added to something that holds none")

    def set_items(self, values: list[object]) -> None:
        """Put keys and values into the dict or object below them."""
        target = self.top
        if not isinstance(target, _HAVE_PAIRS):
            raise Damaged("keys are set on something that has none")
        target.pairs.extend(pairs_of(values))

    def reduce(self, _: object) -> None:
        """Record a call."""
        callee, arguments = self.take(2)
        self._call(callee, arguments)

    def reduce_with_keywords(self, _: object) -> None:
        """Record a call with keyword arguments."""
        callee, arguments, keywords = self.take(3)
        self._call(callee, arguments, keywords)

    def instantiate(self, names: object) -> None:
        """Record a call whose arguments lie above a mark: of a named class, or of the first of them."""
        arguments = self.take_to_mark()
        callee = arguments.pop(0) if names is None else _global(names)
        self._call(callee, tuple(arguments))

    def _call(self, callee: object, arguments: object, keywords: object = None) -> None:
        if not isinstance(arguments, tuple):
            raise Damaged("arguments are not a tuple")
        if isinstance(callee, Global) and callee.key == _RECONSTRUCTOR:
            callee, _, state = arguments
            arguments = () if state is None else (state,)
        self.push(Call(callee, arguments, keywords))

    def build(self, _: object) -> None:
        """Record the state of an object; for joblib's wrapper of an array, read the array that follows."""
        target, state = self.take(2)
        if not isinstance(target, Call):
            raise Damaged("a state is set on something that has none")
        if target.key == _ARRAY_WRAPPER:
            self.push(self._array(state))
        else:
            target.state = state
            self.push(target)

    def _array(self, state: object) -> object:
        header = read_header(state, self._budget)
        if not header.dtype.hasobject:
            return read_array(self._stream, header)
        if self._depth == MAX_NESTED_PICKLES:
            raise Unreadable("The file nests pickles in pickles too deeply.")
        return InertUnpickler(self._stream, self._budget, self._depth + 1).load()

    def global_name(self, names: object) -> None:
        """Push a name that the opcode carries."""
        self.push(_global(names))

    def stack_global(self, _: object) -> None:
        """Push a name that lies on the stack."""
        module, name = self.take(2)
        if not isinstance(module, str) or not isinstance(name, str):
            raise Damaged("the name of a global is not text")
        self.push(Global(module, name))


def _global(names: object) -> Global:
    module, _, name = str(names).partition(" ")
    return Global(module, name)


_Action = Callable[[InertUnpickler, object], None]

_INTEGERS = ("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4")
_FLOATS = ("FLOAT", "BINFLOAT")
_BYTES = ("BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8")
_TEXTS = ("STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE", "SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8")

_PUSH = PickleStack.push
_HAVE_PAIRS = Pairs, Call  # made once, as a union of types would not be

# Sets are lists here: their members are plain data, which need not be hashable. Persistent ids, extension codes and
# out-of-band buffers refer to something outside of the file and have no action.
_CONSTANTS: dict[str, Callable[[io.BytesIO], object]] = {
    "NEWTRUE": lambda _: True,
    "NEWFALSE": lambda _: False,
    **dict.fromkeys(("EMPTY_LIST", "EMPTY_SET"), lambda _: []),
    "EMPTY_TUPLE": lambda _: (),
    "EMPTY_DICT": lambda _: Pairs(),
}
"""What stands for itself, as what reads it."""

_ACTIONS: dict[str, _Action] = {
    **dict.fromkeys((*_INTEGERS, *_FLOATS, *_BYTES, *_TEXTS, *_CONSTANTS, "NONE"), _PUSH),
    **dict.fromkeys(("PROTO", "FRAME", "READONLY_BUFFER", "STOP"), lambda _reader, _argument: None),
    **dict.fromkeys(("LIST", "FROZENSET"), lambda reader, _: reader.push(reader.take_to_mark())),
    "DICT": lambda reader, _: reader.push(Pairs(list(pairs_of(reader.take_to_mark())))),
    "TUPLE": lambda reader, _: reader.push(tuple(reader.take_to_mark())),
    "TUPLE1": lambda reader, _: reader.pack(1),
    "TUPLE2": lambda reader, _: reader.pack(2),
    "TUPLE3": lambda reader, _: reader.pack(3),
    "APPEND": lambda reader, _: reader.extend(reader.take(1)),
    **dict.fromkeys(("APPENDS", "ADDITEMS"), lambda reader, _: reader.extend(reader.take_to_mark())),
    "SETITEM": lambda reader, _: reader.set_items(reader.take(2)),
    "SETITEMS": lambda reader, _: reader.set_items(reader.take_to_mark()),
    "MARK": PickleStack.mark,
    "POP": PickleStack.drop,
    "POP_MARK": lambda reader, _: reader.drop_to_mark(),
    "DUP": lambda reader, _: reader.push(reader.top),
    **dict.fromkeys(("MEMOIZE", "PUT", "BINPUT", "LONG_BINPUT"), PickleStack.memoize),
    **dict.fromkeys(("GET", "BINGET", "LONG_BINGET"), PickleStack.recall),
    "GLOBAL": InertUnpickler.global_name,
    "STACK_GLOBAL": InertUnpickler.stack_global,
    **dict.fromkeys(("REDUCE", "NEWOBJ"), InertUnpickler.reduce),
    "NEWOBJ_EX": InertUnpickler.reduce_with_keywords,
    **dict.fromkeys(("INST", "OBJ"), InertUnpickler.instantiate),
    "BUILD": InertUnpickler.build,
}

_STOP = b"."
_INSTRUCTIONS: dict[bytes, tuple[str, Callable[[io.BytesIO], object] | None, _Action | None]] = {
    opcode.code.encode("latin-1"): (
        opcode.name,
        _CONSTANTS.get(opcode.name) if opcode.arg is None else opcode.arg.reader,
        _ACTIONS.get(opcode.name),
    )
    for opcode in pickletools.opcodes
}
"""By their bytes: name, what reads the argument, what is done; `genops` looks up more for each than this takes."""
