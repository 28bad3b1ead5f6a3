"""The memory of a pickle reader: its stack with marks, and its memo."""

from chalicelib.products.errors import Damaged

MAX_MEMO_INDEX = 2**32


class PickleStack:
    """Values on a stack that a mark divides, and values remembered by index.

    Asking for more than there is raises Damaged or IndexError.

    Attributes
    ----------
    values
        What lies above the last mark.
    """

    def __init__(self) -> None:
        self.values: list[object] = []
        self._below_marks: list[list[object]] = []
        self._memo: dict[int, object] = {}

    @property
    def top(self) -> object:
        """The value on top."""
        return self.values[-1]

    def push(self, value: object) -> None:
        """Put a value on top."""
        self.values.append(value)

    def pop(self) -> object:
        """Take the value on top."""
        return self.values.pop()

    def take(self, count: int) -> list[object]:
        """Take so many values from the top, the lowest of them first."""
        values = self.values
        if len(values) < count:
            raise Damaged("the stack is too short")
        taken = values[-count:]
        del values[-count:]
        return taken

    def pack(self, count: int) -> None:
        """Replace so many values on top by a tuple of them."""
        self.push(tuple(self.take(count)))

    def mark(self, _: object = None) -> None:
        """Remember this height."""
        self._below_marks.append(self.values)
        self.values = []

    def take_to_mark(self) -> list[object]:
        """Take everything above the last mark."""
        taken = self.values
        self.values = self._below_marks.pop()
        return taken

    def drop(self, _: object = None) -> None:
        """Forget the value, or the mark, on top."""
        if self.values:
            self.values.pop()
        else:
            self.drop_to_mark()

    def drop_to_mark(self) -> None:
        """Forget everything above the last mark."""
        self.values = self._below_marks.pop()

    def memoize(self, index: object) -> None:
        """Remember the value on top, under the next index if none is given."""
        self._memo[len(self._memo) if index is None else _memo_index(index)] = self.top

    def recall(self, index: object) -> None:
        """Put a remembered value on top."""
        found = _memo_index(index)
        if found not in self._memo:
            raise Damaged(f"nothing is remembered as {found}")
        self.push(self._memo[found])


def _memo_index(index: object) -> int:
    if not isinstance(index, int) or not 0 <= index < MAX_MEMO_INDEX:
        raise Damaged(f"{index!r} is no memo index")
    return index
