"""Where a part of the vectors is stored."""

from pynamodb.attributes import UnicodeAttribute, VersionAttribute

from chalicelib.registry import RegistryItem

_SHARDS_PK = "summary_vectors"


class Shard(RegistryItem):
    """Names the object in S3 that holds a part of the vectors; each change writes another object."""

    key = UnicodeAttribute()
    revision = VersionAttribute()
    """Counts the changes, so that none is lost when two are made at once."""

    @classmethod
    def numbered(cls, number: int) -> "Shard":
        """Return a new item of this number, not stored yet."""
        return cls(_SHARDS_PK, f"{number:02d}")

    @classmethod
    def find(cls, number: int) -> "Shard | None":
        """Read where a part is."""
        try:
            return cls.get(_SHARDS_PK, f"{number:02d}", consistent_read=True)
        except cls.DoesNotExist:
            return None

    @classmethod
    def keys(cls) -> list[str]:
        """Return the keys of all parts."""
        return [shard.key for shard in cls.query(_SHARDS_PK, consistent_read=True)]
