"""From what was decoded to JSON: every value that a service can send, as plain JSON data.

Arrays become nested lists, tuples and sets lists, NaN and infinities null, complex numbers {"real", "imag"}, times ISO
8601 text, bytes text if they are UTF-8 and base64 otherwise, keys text. An object of an unknown class becomes
{"__class__": its name, "args", "kwargs", "state", "items", "mapping"}, as far as it has them.
"""

import base64
import json
import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from chalicelib.products.budget import Budget
from chalicelib.products.errors import Unreadable
from chalicelib.products.joblib.inert_values import Call, Global, Pairs
from chalicelib.products.joblib.known_classes import DAMAGE, READERS
from chalicelib.products.joblib.large_arrays import MAX_NUMBERS, LargeArray, is_large
from chalicelib.products.joblib.plain_array import plain_array
from chalicelib.products.scratch import FilePart

MAX_SIZE = 64_000_000
MAX_DEPTH = 100
MAX_INTEGER_BITS = 1024

_VALUE_SIZE = 16  # what a number with its comma takes in JSON, roughly

_NUMBERS = frozenset((bool, float, int, type(None)))
"""Types of which lists are long; such a list is converted in a third of the time of its values one by one."""


def plain(value: object) -> object:
    """Convert a decoded value to JSON data, which large arrays stay part of: `large_arrays.to_json` writes it.

    Raises
    ------
    Unreadable
        It would be larger than about 64 MB without them, is nested more than 100 levels deep or contains itself.
    """
    try:
        return _Converter().convert(value, 0)
    except (ValueError, OverflowError) as error:
        raise Unreadable(f"The results hold a damaged value: {error}.") from error


class _Converter:
    """Converts one payload, counting what it writes: shared references can make that much more than what was read."""

    def __init__(self) -> None:
        self._numbers = Budget(MAX_NUMBERS, f"The results hold more than {MAX_NUMBERS // 1_000_000} million numbers.")
        self._budget = Budget(MAX_SIZE, f"The results are larger than {MAX_SIZE // 1_000_000} MB as JSON.")

    def convert(self, value: object, depth: int) -> object:  # noqa: C901, PLR0911 - a line for each type
        self._budget.spend(_VALUE_SIZE)
        if depth > MAX_DEPTH:
            raise Unreadable(f"The results are nested more than {MAX_DEPTH} levels deep, or contain themselves.")
        match value:
            case None | bool():
                return value
            case int():
                return _integer(value)
            case float():
                return value if math.isfinite(value) else None
            case str():
                return self._text(value)
            case bytes() | bytearray():
                return self._bytes(bytes(value))
            case list() | tuple():
                if depth < MAX_DEPTH and _NUMBERS.issuperset(map(type, value)):
                    return self._flat(value)
                return [self.convert(item, depth + 1) for item in value]  # here: frames of Python cost memory
            case dict():
                return self._object(value.items(), depth)
            case Pairs():
                return self._object(value.pairs, depth)
        return self._convert_rare(value, depth)

    def _flat(self, numbers: Sequence[object]) -> list[object]:
        self._budget.spend(_VALUE_SIZE * len(numbers))
        return [_number(number) for number in numbers]

    def _convert_rare(self, value: object, depth: int) -> object:
        match value:
            case Call():
                return self._call(value, depth)
            case Global():
                return {"__class__": self._text(value.dotted)}
            case complex():
                return {"real": self.convert(value.real, depth + 1), "imag": self.convert(value.imag, depth + 1)}
            case FilePart():
                self._budget.spend(len(value))
                return value.read().decode("utf-8", "replace")
            case np.ndarray() if is_large(value):
                self._numbers.spend(value.size)
                return LargeArray(value)
            case np.ndarray():
                return plain_array(value, self._budget, _VALUE_SIZE, self._bytes)
        raise Unreadable(f"The results hold something that is not data ({type(value).__name__}).")

    def _object(self, pairs: Iterable[tuple[object, object]], depth: int) -> dict[str, object]:
        return {self._key(key, depth): self.convert(value, depth + 1) for key, value in pairs}

    def _key(self, key: object, depth: int) -> str:
        plain_key = self.convert(key, depth + 1)
        if isinstance(plain_key, str):
            return plain_key
        return json.dumps(plain_key) if isinstance(plain_key, list | dict) else str(plain_key)

    def _call(self, call: Call, depth: int) -> object:
        reader = READERS.get(call.key) if call.key else None
        if reader is not None:
            try:
                known = reader(call, self._budget)
            except DAMAGE:
                known = call
            if known is not call:
                return self.convert(known, depth + 1)
        return self._placeholder(call, depth)

    def _placeholder(self, call: Call, depth: int) -> dict[str, object]:
        name = call.callee.dotted if isinstance(call.callee, Global) else call.callee
        parts = {
            "args": call.arguments,
            "kwargs": call.keywords,
            "state": call.state,
            "items": call.items,
            "mapping": Pairs(call.pairs) if call.pairs else None,
        }
        present = {part: content for part, content in parts.items() if content}
        return self._object({"__class__": name, **present}.items(), depth)

    def _text(self, text: str) -> str:
        self._budget.spend(len(text))
        return text if text.isascii() else text.encode("utf-8", "replace").decode()

    def _bytes(self, data: bytes) -> str:
        self._budget.spend(len(data))
        try:
            return data.decode()
        except UnicodeDecodeError:
            return base64.b64encode(data).decode("ascii")


def _number(value: Any) -> object:  # noqa: ANN401 - of one of _NUMBERS
    if type(value) is float:
        return value if math.isfinite(value) else None
    return None if value is None else _integer(value)


def _integer(value: int) -> int:
    if value.bit_length() > MAX_INTEGER_BITS:
        raise Unreadable(f"The results hold an integer of more than {MAX_INTEGER_BITS} bits.")
    return value
