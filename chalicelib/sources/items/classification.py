"""A classification of a source."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.attributes import FloatAttribute, IntegerAttribute
from chalicelib.sources.items.item import Shared

CLASSIFICATION = "classification#"


class Classification(Shared, discriminator="classification"):
    """What a source is said to be."""

    classification = UnicodeAttribute()
    taxonomy_id = IntegerAttribute()
    probability = FloatAttribute(null=True)
    origin = UnicodeAttribute(null=True)
    ml = BooleanAttribute(default=False)
    author_name = UnicodeAttribute()
    analysis_id = IntegerAttribute(null=True)
    author_votes = BooleanAttribute(default=True)
    """Whether its author stands by it."""
