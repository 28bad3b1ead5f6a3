"""A measurement of brightness."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.attributes import FloatAttribute, IntegerAttribute, JsonAttribute
from chalicelib.sources.items.item import Shared

PHOTOMETRY = "photometry#"


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
    extinction_corrected = BooleanAttribute(null=True)
    """As posted with the row; altdata may say so, too."""
    ra = FloatAttribute(null=True)
    dec = FloatAttribute(null=True)
    ra_unc = FloatAttribute(null=True)
    dec_unc = FloatAttribute(null=True)
    upload_id = UnicodeAttribute()
