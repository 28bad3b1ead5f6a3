"""A bound on the work that one payload can cause, however its parts refer to each other."""

from chalicelib.products.errors import Unreadable


class Budget:
    """A number of units, and the sentence that is raised as `Unreadable` once they are spent.

    Attributes
    ----------
    left
        What may be spent yet: who spends one at a time takes it from here, and calls `spend` when it is below zero.
    """

    __slots__ = ("_sentence", "left")

    def __init__(self, units: int, sentence: str) -> None:
        self.left = units
        self._sentence = sentence

    def spend(self, units: int = 1) -> None:
        """Take from what is left, before the work is done."""
        self.left -= units
        if self.left < 0:
            raise Unreadable(self._sentence)
