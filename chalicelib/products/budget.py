"""A bound on the work that one payload can cause, however its parts refer to each other."""

from chalicelib.products.errors import Unreadable


class Budget:
    """A number of units, and the sentence that is raised as `Unreadable` once they are spent."""

    def __init__(self, units: int, sentence: str) -> None:
        self._units = units
        self._sentence = sentence

    def spend(self, units: int = 1) -> None:
        """Take from what is left, before the work is done."""
        self._units -= units
        if self._units < 0:
            raise Unreadable(self._sentence)
