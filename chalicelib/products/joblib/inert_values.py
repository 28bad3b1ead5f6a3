"""What a pickle is read as: its structure, recorded as plain data, with nothing imported, called or hashed."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, eq=False, slots=True)
class Global:
    """The name of a class or function; the thing itself is never looked up."""

    module: str
    name: str

    @property
    def dotted(self) -> str:
        """The full name."""
        return ".".join(self.key)

    @property
    def key(self) -> tuple[str, str]:
        """The name as known classes are listed, Python 2's spelling of built-ins included."""
        return _PYTHON_2.get(self.module, self.module), self.name


@dataclass(eq=False, slots=True)
class Pairs:
    """A dict, as the pairs that were put into it: keys of any type, none of them ever hashed."""

    pairs: list[tuple[object, object]] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Call:
    """What would have been an object: the callee and everything that the pickle would have handed to it."""

    callee: object
    arguments: tuple[object, ...] = ()
    keywords: object = None
    state: object = None
    items: list[object] = field(default_factory=list)
    pairs: list[tuple[object, object]] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str] | None:
        """The name of the callee, None if that is itself the outcome of a call."""
        return self.callee.key if isinstance(self.callee, Global) else None


def pairs_of(values: list[object]) -> Iterator[tuple[object, object]]:
    """Read keys and values that alternate; raises ValueError for an odd number of them."""
    return zip(values[::2], values[1::2], strict=True)


_PYTHON_2 = {"__builtin__": "builtins", "copy_reg": "copyreg"}
