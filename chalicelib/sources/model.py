"""Sources and all their data in the sources table: one partition for each source.

=================  =====================================================  =============================
obj_id             sk                                                     item
=================  =====================================================  =============================
<id>               source                                                 Source
<id>               phot_stat                                              PhotStat
<id>               photometry#<mjd>#<filter>#<instrument>#<origin>#<...>  Photometry
<id>               spectrum#<number>                                      Spectrum
<id>               comment#<number>                                       Comment
<id>               annotation#<origin>                                    Annotation
<id>               classification#<number>                                Classification
<id>               saved#<group>                                          Saved, for the index by_group
upload#<id>        upload                                                 Upload, while it is under way
=================  =====================================================  =============================

Telescopes, instruments and taxonomies lie in the registry table, found by kind and number.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar, Self

from pynamodb.attributes import (
    BinaryAttribute,
    BooleanAttribute,
    DiscriminatorAttribute,
    UnicodeAttribute,
    VersionAttribute,
)
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib import clock
from chalicelib.attributes import FloatAttribute, IntegerAttribute, IntegerSetAttribute, JsonAttribute, TimeAttribute
from chalicelib.registry import RegistryItem, sort_key
from chalicelib.settings import settings
from chalicelib.sources import blobs

SOURCE_SK = "source"
PHOT_STAT_SK = "phot_stat"
PHOTOMETRY = "photometry#"
SPECTRUM = "spectrum#"
COMMENT = "comment#"
ANNOTATION = "annotation#"
CLASSIFICATION = "classification#"


class _SourcesMeta:
    table_name = settings().table("sources")
    region = None


class Item(Model):
    """An item of a source's partition; one Query of this class returns all kinds."""

    class Meta(_SourcesMeta):
        """The table."""

    obj_id = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    kind = DiscriminatorAttribute()
    created_at = TimeAttribute(default_for_new=clock.now)
    modified = TimeAttribute(default_for_new=clock.now)


class Source(Item, discriminator="source"):
    """An object on the sky that at least one group has saved, or had."""

    ra = FloatAttribute()
    dec = FloatAttribute()
    redshift = FloatAttribute(null=True)
    redshift_error = FloatAttribute(null=True)
    redshift_origin = UnicodeAttribute(null=True)
    redshift_history = JsonAttribute(default=list)
    summary = UnicodeAttribute(null=True)
    packed_summary_history = BinaryAttribute(legacy_encoding=False, null=True)
    altdata = JsonAttribute(null=True)
    columns = JsonAttribute(default=dict)
    """The columns of SkyPortal's source that nothing here depends on, by name."""
    saves = JsonAttribute(default=dict)
    """Who saved it to a group and when: {group id as text: [ISO time, user id]}."""
    group_ids = IntegerSetAttribute(default=set, null=True)
    """The groups it is saved to; empty when it was removed from all."""
    version = VersionAttribute()

    @classmethod
    def find(cls, obj_id: str) -> "Source | None":
        """Read a source by its id, whoever may see it."""
        try:
            return cls.get(obj_id, SOURCE_SK, consistent_read=True)
        except cls.DoesNotExist:
            return None

    @property
    def summary_history(self) -> list[dict[str, Any]]:
        """The summaries, newest first."""
        packed = self.packed_summary_history
        history: list[dict[str, Any]] = [] if packed is None else blobs.unpack(packed)
        return history


class PhotStat(Item, discriminator="phot_stat"):
    """The statistics of a source's photometry, changed in the same transaction as the points."""

    record_id = IntegerAttribute()
    state = BinaryAttribute(legacy_encoding=False, null=True)
    """What `phot_stats.State.packed` returns; None before the first point."""
    state_key = UnicodeAttribute(null=True)
    """Where a state lies that is too large for the item."""
    last_full_update = TimeAttribute(null=True)
    version = VersionAttribute()

    @classmethod
    def find(cls, obj_id: str) -> "PhotStat":
        """Read the statistics of a source that exists."""
        return cls.get(obj_id, PHOT_STAT_SK, consistent_read=True)


class Shared(Item):
    """A record that some groups may see."""

    record_id = IntegerAttribute()
    group_ids = IntegerSetAttribute()
    owner_id = IntegerAttribute()

    @property
    def id(self) -> int:
        """The number that callers know."""
        return self.record_id


class Photometry(Shared, discriminator="photometry"):
    """A measurement of brightness: microjansky, AB."""

    mjd = FloatAttribute()
    filter = UnicodeAttribute()
    flux = FloatAttribute(null=True)
    fluxerr = FloatAttribute()
    limiting_mag = FloatAttribute(null=True)
    """As posted, in AB."""
    instrument_id = IntegerAttribute()
    instrument_name = UnicodeAttribute()
    origin = UnicodeAttribute(null=True)
    altdata = JsonAttribute(null=True)
    ra = FloatAttribute(null=True)
    dec = FloatAttribute(null=True)
    ra_unc = FloatAttribute(null=True)
    dec_unc = FloatAttribute(null=True)
    upload_id = UnicodeAttribute()


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


class Spectrum(Packed, discriminator="spectrum"):
    """A spectrum; its content holds wavelengths, fluxes, errors and altdata."""

    observed_at = TimeAttribute()
    instrument_id = IntegerAttribute()
    instrument_name = UnicodeAttribute()
    telescope_id = IntegerAttribute()
    telescope_name = UnicodeAttribute()
    type = UnicodeAttribute()
    label = UnicodeAttribute(null=True)
    units = UnicodeAttribute(null=True)
    origin = UnicodeAttribute(null=True)
    columns = JsonAttribute(default=dict)


class Comment(Shared, discriminator="comment"):
    """What somebody said about a source."""

    text = UnicodeAttribute()
    bot = BooleanAttribute()
    origin = UnicodeAttribute(null=True)


class Annotation(Packed, discriminator="annotation"):
    """Values that a person or a program attached to a source, one of each origin; its content is the data."""

    origin = UnicodeAttribute()
    analysis_id = IntegerAttribute(null=True)
    """The analysis that wrote it last; None if a caller did."""
    service_id = IntegerAttribute(null=True)
    """The service whose analysis wrote it; only that service may overwrite it."""
    version = VersionAttribute()


class Classification(Shared, discriminator="classification"):
    """What a source is said to be."""

    classification = UnicodeAttribute()
    taxonomy_id = IntegerAttribute()
    probability = FloatAttribute(null=True)
    origin = UnicodeAttribute(null=True)
    ml = BooleanAttribute(default=False)
    author_name = UnicodeAttribute()
    analysis_id = IntegerAttribute(null=True)


class Upload(Item, discriminator="upload"):
    """Marks an upload of photometry that takes several transactions, as long as it is under way."""

    withdrawn = BooleanAttribute(null=True)
    """Set when it turned out to be impossible: what it wrote is removed, and nothing may be added."""

    @staticmethod
    def key_of(upload_id: str) -> tuple[str, str]:
        """Return both keys; `#` is in no object id."""
        return f"upload#{upload_id}", "upload"


class ByRecord(GlobalSecondaryIndex["RecordKey"]):  # type: ignore[no-untyped-call]
    """The records that have a number."""

    class Meta:
        """The index."""

        index_name = "by_record"
        projection = KeysOnlyProjection()

    record_id = IntegerAttribute(hash_key=True)


class RecordKey(Model):
    """The key of a record, found by its number; apart from `Item`, because the index does not hold the kind."""

    class Meta(_SourcesMeta):
        """The table."""

    obj_id = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    record_id = IntegerAttribute()
    by_record = ByRecord()


class ByGroup(GlobalSecondaryIndex["Saved"]):  # type: ignore[no-untyped-call]
    """The sources that a group saved, by time."""

    class Meta:
        """The index."""

        index_name = "by_group"
        projection = KeysOnlyProjection()

    saved_group_id = IntegerAttribute(hash_key=True)
    saved_at = TimeAttribute(range_key=True)


class Saved(Model):
    """A source in a group's list; `Source.saves` says the same."""

    class Meta(_SourcesMeta):
        """The table."""

    obj_id = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    saved_group_id = IntegerAttribute()
    saved_at = TimeAttribute()
    by_group = ByGroup()

    @classmethod
    def of(cls, obj_id: str, group_id: int, saved_at: datetime) -> "Saved":
        """Return a new item, not stored yet."""
        return cls(obj_id, f"saved#{sort_key(group_id)}", saved_group_id=group_id, saved_at=saved_at)


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


class Telescope(Numbered):
    """A telescope; everything but its name is kept as it came."""

    KIND = "telescope"

    name = UnicodeAttribute()
    columns = JsonAttribute(default=dict)


class Instrument(Numbered):
    """An instrument at a telescope."""

    KIND = "instrument"

    name = UnicodeAttribute()
    telescope_id = IntegerAttribute()
    telescope_name = UnicodeAttribute()
    filters = JsonAttribute(default=list)
    columns = JsonAttribute(default=dict)


class Taxonomy(Numbered):
    """A tree of classes."""

    KIND = "taxonomy"

    name = UnicodeAttribute()
    version = UnicodeAttribute()
    hierarchy = JsonAttribute()
    provenance = UnicodeAttribute(null=True)
    is_latest = BooleanAttribute(default=True)
    group_ids = IntegerSetAttribute()
