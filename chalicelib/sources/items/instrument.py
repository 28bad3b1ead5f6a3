"""An instrument at a telescope."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.attributes import IntegerAttribute, JsonAttribute
from chalicelib.sources.items.numbered import Numbered


class Instrument(Numbered):
    """An instrument at a telescope."""

    KIND = "instrument"

    name = UnicodeAttribute()
    telescope_id = IntegerAttribute()
    telescope_name = UnicodeAttribute()
    filters = JsonAttribute(default=list)
    columns = JsonAttribute(default=dict)
