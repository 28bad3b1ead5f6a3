"""A spectrum."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.attributes import IntegerAttribute, JsonAttribute, TimeAttribute
from chalicelib.sources.items.item import Packed

SPECTRUM = "spectrum#"


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
