"""The table of analyses, and over how many partitions its index by `due` is spread."""

from chalicelib.settings import settings

SHARDS = 16
"""Over how many partitions the runs that are due are spread, so that none of them is hot."""


class TableMeta:
    """Settings that PynamoDB shares between the models of the analyses table."""

    table_name = settings().table("analyses")
    region = None


def shard_of(analysis_id: int) -> int:
    """Return the partition of the due index that a run belongs to."""
    return analysis_id % SHARDS
