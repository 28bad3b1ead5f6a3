"""A source, found by its position."""

import math

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection
from pynamodb.models import Model

from chalicelib.attributes import FloatAttribute, IntegerAttribute
from chalicelib.sources.items.item import TableMeta

_BANDS_A_DEGREE = 10
"""High enough that a small circle seldom touches two bands, low enough that it meets few others in its own."""


def band_of(dec: float) -> int:
    """Return the band of the sky, between two parallels, that holds a declination in degrees."""
    return math.floor(dec * _BANDS_A_DEGREE)


class ByPosition(GlobalSecondaryIndex["Placed"]):  # type: ignore[no-untyped-call]
    """The sources in a band, by right ascension."""

    class Meta:
        """The index."""

        index_name = "by_position"
        projection = IncludeProjection(["dec"])

    dec_band = IntegerAttribute(hash_key=True)
    ra = FloatAttribute(range_key=True)
    dec = FloatAttribute()


class Placed(Model):
    """Where a source is; apart from `Source`, because the index does not hold the rest."""

    class Meta(TableMeta):
        """The table."""

    obj_id = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    dec_band = IntegerAttribute()
    ra = FloatAttribute()
    dec = FloatAttribute()
    by_position = ByPosition()
