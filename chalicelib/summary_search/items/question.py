"""A question that waits for its vector."""

import time

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, UnicodeAttribute

from chalicelib.attributes import IntegerAttribute
from chalicelib.registry import RegistryItem

_PK = "summary_question"
_KEPT_SECONDS = 600


class Question(RegistryItem):
    """What became of a question: its vector, or why there is none."""

    floats = BinaryAttribute(legacy_encoding=False, null=True)
    """The vector, packed."""
    failure = UnicodeAttribute(null=True)
    is_lasting = BooleanAttribute(default=False)
    """Whether asking again does not help."""
    expires = IntegerAttribute(default_for_new=lambda: int(time.time()) + _KEPT_SECONDS)

    @classmethod
    def of(cls, number: str) -> "Question":
        """Return a new item, not stored yet."""
        return cls(_PK, number)

    @classmethod
    def find(cls, number: str) -> "Question | None":
        """Read what became of a question, if it is known."""
        try:
            return cls.get(_PK, number, consistent_read=True)
        except cls.DoesNotExist:
            return None
