"""A telescope."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.attributes import JsonAttribute
from chalicelib.sources.items.numbered import Numbered


class Telescope(Numbered):
    """A telescope; everything but its name is kept as it came."""

    KIND = "telescope"

    name = UnicodeAttribute()
    columns = JsonAttribute(default=dict)
