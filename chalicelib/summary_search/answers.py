"""What the search of summaries answers."""

from typing import Literal

from pydantic import Field

from chalicelib.http.record import Record, Time


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


class Backfill(Record):
    """How far the summaries are embedded that were there before."""

    state: Literal["running", "finished", "stopped"]
    reason: str | None = Field(description="why it stopped, or what it waits for")
    group_id: int | None = Field(description="the group whose list is gone through; those with smaller ids are done")
    looked_at: int = Field(description="entries of the groups' lists; a source of two groups counts twice")
    embedded: int = Field(description="summaries that have got a vector, or for others than before")
    refused: int = Field(description="summaries that the server refused, or the key of who wrote them")
    without_key: int = Field(description="summaries of people without a key of their own, while the site has none")
    created_at: Time
    modified: Time
    ended_at: Time | None
