"""Records of the registry table, found by kind and number."""

from collections.abc import Iterator
from typing import ClassVar, Self

from chalicelib.registry import RegistryItem, sort_key


class Numbered(RegistryItem):
    """A record of the registry table, found by kind and number."""

    KIND: ClassVar[str]

    @classmethod
    def key(cls, number: int) -> tuple[str, str]:
        """Return both keys of a number."""
        return cls.KIND, sort_key(number)

    @classmethod
    def find(cls, number: int) -> "Self | None":
        """Read one, or None."""
        try:
            return cls.get(*cls.key(number), consistent_read=True)
        except cls.DoesNotExist:
            return None

    @classmethod
    def all(cls) -> Iterator["Self"]:
        """Read all, by number."""
        return cls.query(cls.KIND, consistent_read=True)

    @property
    def id(self) -> int:
        """The number that callers know."""
        return int(self.sk)
