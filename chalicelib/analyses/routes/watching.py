"""Endpoints that people watch: runs over all objects."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.accounts.permissions import MANAGE_ANALYSIS_SERVICES
from chalicelib.analyses.routes.blueprint import answers, blueprint
from chalicelib.analyses.states import ENDED, OPEN, State
from chalicelib.analyses.watch.changes import changes
from chalicelib.analyses.watch.counts import Window, counts
from chalicelib.analyses.watch.glance import MOST_OBJECTS, glance
from chalicelib.analyses.watch.removal import removal
from chalicelib.analyses.watch.runs import Wanted, runs_page
from chalicelib.http.endpoint import Incoming
from chalicelib.http.envelope import Reply, not_modified, success
from chalicelib.http.file_reply import names_tag
from chalicelib.http.moments import Moment
from chalicelib.http.pages import PageSize, link_to_next
from chalicelib.http.parsing import Id, Query, listed


def _states(text: object) -> object:
    """Read names of states, separated by commas; a tombstone is in none that a reader sees."""
    if text is None:
        return None
    names = [name.strip() for name in text.split(",") if name.strip()] if isinstance(text, str) else []
    known = sorted(OPEN | ENDED)
    if wrong := sorted(set(names) - set(known)):
        raise ValueError(f"{wrong[0][:50]!r} is no state: the states are {', '.join(known)}")
    return frozenset(map(State, names))


States = Annotated[
    frozenset[State] | None,
    BeforeValidator(_states, json_schema_input_type=str | None),
    Field(description="separated by commas; all by default"),
]


class RunsQuery(Query):
    """Which runs, and how many."""

    status: States = None
    service_id: Id | None = Field(default=None, alias="serviceID")
    author_id: Id | None = Field(default=None, alias="authorID")
    obj_id: str | None = Field(default=None, alias="objID", min_length=1, max_length=255)
    batch_id: Id | None = Field(default=None, alias="batchID")
    since: Moment | None = Field(default=None, alias="from", description="started at or after this moment")
    until: Moment | None = Field(default=None, alias="to", description="started at or before this moment")
    cursor: Id | None = None
    n: PageSize = 100

    @property
    def wanted(self) -> Wanted:
        """The same for the list."""
        return Wanted(
            states=self.status or frozenset(),
            service_id=self.service_id,
            author_id=self.author_id,
            obj_id=self.obj_id,
            batch_id=self.batch_id,
            since=self.since,
            until=self.until,
            before=self.cursor,
        )


class GlanceQuery(Query):
    """Which objects."""

    obj_ids: Annotated[
        tuple[str, ...],
        BeforeValidator(listed),
        Field(alias="objIDs", max_length=MOST_OBJECTS, description="separated by commas"),
    ]


@endpoint(blueprint, "GET", "/api/analysis_glance", answers=lambda: dict[str, list[answers.Glance]], compressed=True)
def read_glance(caller: Caller, query: GlanceQuery) -> dict[str, Any]:
    """Return the newest analysis of each service on each object.

    Of objects that the caller cannot read, those that came through relays for the caller's groups are told; without
    any the object is left out.
    """
    return glance(caller, query.obj_ids)


class CountsQuery(Query):
    """Over which time."""

    window: Window = "24h"


@endpoint(blueprint, "GET", "/api/analysis_counts", answers=lambda: answers.Counts, compressed=True)
def read_counts(caller: Caller, query: CountsQuery) -> dict[str, Any]:
    """Count the analyses that the caller may read by state, altogether and over the time of their start."""
    return counts(caller, query.window)


@endpoint(
    blueprint,
    "GET",
    "/api/analysis_service/{service_id}/removal",
    permission=MANAGE_ANALYSIS_SERVICES,
    answers=lambda: answers.Removal,
)
def read_removal(caller: Caller, service_id: int) -> dict[str, Any]:
    """Count what deleting a service would remove with it."""
    return removal(caller, service_id)


class ChangesQuery(Query):
    """Since when."""

    since: str | None = Field(default=None, max_length=4_000, description="`next` of the answer before, or a time")


@endpoint(
    blueprint, "GET", "/api/analysis_changes", answers=lambda: answers.Changes, large=True, compressed=True, tagged=True
)
def read_changes(caller: Caller, query: ChangesQuery, incoming: Incoming) -> Reply:
    """Return the analyses that moved since the answer before, oldest change first; without `since`, the newest 100.

    The tag names what the caller has been told: with it in `If-None-Match` the answer is 304 as long as nothing moves.
    After more than an hour the caller begins anew (`reset`).
    """
    found = changes(caller, query.since)
    etag = f'"{found.tag}"'
    if names_tag(incoming.headers.get("if-none-match", ""), etag):
        return not_modified(etag)
    return success(found.data, {"ETag": etag})


@endpoint(blueprint, "GET", "/api/analysis_runs", answers=lambda: list[answers.RunInBrief], large=True, compressed=True)
def list_runs(caller: Caller, query: RunsQuery, incoming: Incoming) -> Reply:
    """List all analyses that the caller may read, newest first.

    There is more as long as a `Link` header leads on; what is rare may need several pages, some of them empty.
    """
    page = runs_page(caller, query.wanted, query.n)
    return success(page.records, link_to_next(incoming.path, incoming.query, page.next_before))
