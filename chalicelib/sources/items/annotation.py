"""An annotation on a source."""

from pynamodb.attributes import UnicodeAttribute, VersionAttribute

from chalicelib.attributes import IntegerAttribute
from chalicelib.sources.items.item import Packed

ANNOTATION = "annotation#"


class Annotation(Packed, discriminator="annotation"):
    """Values that a person or a program attached to a source, one of each origin; its content is the data."""

    origin = UnicodeAttribute()
    analysis_id = IntegerAttribute(null=True)
    """The analysis that wrote it last; None if a caller did."""
    service_id = IntegerAttribute(null=True)
    """The service whose analysis wrote it; only that service may overwrite it."""
    version = VersionAttribute()
