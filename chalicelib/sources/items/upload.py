"""An upload of photometry that is under way."""

from pynamodb.attributes import BooleanAttribute

from chalicelib.sources.items.item import Item


class Upload(Item, discriminator="upload"):
    """Marks an upload of photometry that takes several transactions, as long as it is under way."""

    withdrawn = BooleanAttribute(null=True)
    """Set when it turned out to be impossible: what it wrote is removed, and nothing may be added."""

    @staticmethod
    def key_of(upload_id: str) -> tuple[str, str]:
        """Return both keys; `#` is in no object id."""
        return f"upload#{upload_id}", "upload"
