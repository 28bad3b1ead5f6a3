"""What the search of summaries answers."""

from pydantic import Field

from chalicelib.http.record import Record


class Metadata(Record):
    """What is known of a source that was found."""

    redshift: float | None
    classes: list[str] = Field(alias="class", description="that the caller may read")
    summary: str


class Match(Record):
    """A source that was found."""

    id: str
    score: float = Field(description="cosine of the angle between the embeddings, 1 for the same text")
    metadata: Metadata


class Matches(Record):
    """The most similar first."""

    query_results: list[Match]
