"""The annotations and classifications of a source, named in one place."""

from pynamodb.attributes import UnicodeSetAttribute

from chalicelib.sources.items.item import Item

REMARKS_SK = "remarks"


class Remarks(Item, discriminator="remarks"):
    """The sort keys of a source's annotations and classifications: lists of sources find them without a query each."""

    sort_keys = UnicodeSetAttribute(null=True)
    """It may name one that is gone; beyond `remarks.MOST_LISTED` the newest are missing."""

    @classmethod
    def of(cls, obj_id: str) -> "Remarks":
        """Return the item of a source, not stored yet."""
        return cls(obj_id, REMARKS_SK)
