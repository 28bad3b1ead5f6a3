"""A comment on a source."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute, VersionAttribute

from chalicelib.sources.items.item import Shared

COMMENT = "comment#"


class Comment(Shared, discriminator="comment"):
    """What somebody said about a source."""

    text = UnicodeAttribute()
    bot = BooleanAttribute()
    origin = UnicodeAttribute(null=True)
    attachment_name = UnicodeAttribute(null=True)
    attachment_key = UnicodeAttribute(null=True)
    """Where the file lies, as it came."""
    version = VersionAttribute()
