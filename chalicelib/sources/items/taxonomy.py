"""A tree of classes."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.attributes import IntegerSetAttribute, JsonAttribute
from chalicelib.sources.items.numbered import Numbered


class Taxonomy(Numbered):
    """A tree of classes."""

    KIND = "taxonomy"

    name = UnicodeAttribute()
    version = UnicodeAttribute()
    hierarchy = JsonAttribute()
    provenance = UnicodeAttribute(null=True)
    is_latest = BooleanAttribute(default=True)
    group_ids = IntegerSetAttribute()
