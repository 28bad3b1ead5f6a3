"""Which tokens of the settings have been taken already."""

from chalicelib.attributes import JsonAttribute
from chalicelib.registry import RegistryItem

_KEY = ("first administrator", "announced")


class Announced(RegistryItem):
    """The SHA-256 of each token that the settings ever announced and somebody came with, oldest first.

    Each is taken once: another one replaces it, and what was revoked stays so.
    """

    digests = JsonAttribute(default=list)

    @classmethod
    def so_far(cls) -> "Announced":
        """Read it; an empty one, not stored yet, if there is none."""
        try:
            return cls.get(*_KEY, consistent_read=True)
        except cls.DoesNotExist:
            return cls.of([])

    @classmethod
    def of(cls, digests: list[str]) -> "Announced":
        """Return a new item, not stored yet."""
        return cls(*_KEY, digests=digests)
