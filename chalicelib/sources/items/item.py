"""What the items of a source's partition have in common.

=================  =====================================================  =============================
obj_id             sk                                                     item
=================  =====================================================  =============================
<id>               source                                                 Source, for the index by_position
<id>               phot_stat                                              PhotStat
<id>               photometry#<mjd>#<filter>#<instrument>#<origin>#<...>  Photometry
<id>               spectrum#<number>                                      Spectrum
<id>               comment#<number>                                       Comment
<id>               annotation#<origin>                                    Annotation
<id>               classification#<number>                                Classification
<id>               remarks                                                Remarks: names annotations and classifications
<id>               saved#<group>                                          Saved, for the index by_group
<id>               uploaded#<SHA-256>                                     OwnFile
upload#<id>        upload                                                 Upload, while it is under way
=================  =====================================================  =============================

Telescopes, instruments and taxonomies lie in the registry table, found by kind and number.
"""

from typing import Any

from pynamodb.attributes import BinaryAttribute, DiscriminatorAttribute, UnicodeAttribute
from pynamodb.models import Model

from chalicelib import clock
from chalicelib.attributes import IntegerAttribute, IntegerSetAttribute, TimeAttribute
from chalicelib.settings import settings
from chalicelib.sources import blobs


class TableMeta:
    """Settings that PynamoDB shares between the models of the sources table."""

    table_name = settings().table("sources")
    region = None


class Item(Model):
    """An item of a source's partition; one Query of this class returns all kinds."""

    class Meta(TableMeta):
        """The table."""

    obj_id = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    kind = DiscriminatorAttribute()
    created_at = TimeAttribute(default_for_new=clock.now)
    modified = TimeAttribute(default_for_new=clock.now)


class Shared(Item):
    """A record that some groups may see."""

    record_id = IntegerAttribute()
    group_ids = IntegerSetAttribute()
    owner_id = IntegerAttribute()

    @property
    def id(self) -> int:
        """The number that callers know."""
        return self.record_id


class Packed(Shared):
    """A record with content that may be large."""

    content = BinaryAttribute(legacy_encoding=False, null=True)
    content_key = UnicodeAttribute(null=True)

    def pack(self, value: Any) -> None:  # noqa: ANN401 - any JSON value
        """Keep a value, in S3 if it is too large for the item; the item itself is not stored."""
        content = blobs.pack(value)
        if len(content) <= blobs.MOST_INLINE:
            self.content, self.content_key = content, None
            return
        self.content, self.content_key = None, blobs.key_of(self.obj_id, f"{self.id}-{clock.now().timestamp():.6f}")
        blobs.put(self.content_key, content)

    def unpacked(self) -> Any:  # noqa: ANN401 - any JSON value
        """Return the value; one call to S3 if it lies there."""
        if self.content_key:
            return blobs.unpack(blobs.get(self.content_key))
        return blobs.unpack(self.content)
