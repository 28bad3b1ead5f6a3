"""A file of somebody's own data, as it came."""

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute

from chalicelib.attributes import IntegerAttribute
from chalicelib.sources.items.item import Item

OWN_FILE = "uploaded#"
"""Behind all that is read with a source: what is stored of a large file is long."""


class OwnFile(Item, discriminator="own_file"):
    """What photometry or spectra were read from; it is seen by whoever sees all of them, and goes with the first."""

    name = UnicodeAttribute()
    """As it was called; for people, and never a path."""
    of = UnicodeAttribute()
    """Of what: photometry or spectra."""
    size = IntegerAttribute()
    """Bytes."""
    content_key = UnicodeAttribute()
    record_ids = BinaryAttribute(legacy_encoding=False)
    """The numbers of the records that it was read into, packed."""

    @property
    def id(self) -> str:
        """Its SHA-256, under which callers ask for it."""
        return str(self.sk).removeprefix(OWN_FILE)
