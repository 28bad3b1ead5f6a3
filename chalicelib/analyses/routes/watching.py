"""Endpoints that people watch: runs over all objects."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.analyses import answers
from chalicelib.analyses.routes.blueprint import blueprint
from chalicelib.analyses.states import ENDED, OPEN, State
from chalicelib.analyses.watch.runs import Wanted, runs_page
from chalicelib.http.endpoint import Incoming
from chalicelib.http.envelope import Reply, success
from chalicelib.http.moments import Moment
from chalicelib.http.pages import PageSize, link_to_next
from chalicelib.http.parsing import Id, Query


def _states(text: object) -> object:
    """Read names of states, separated by commas; a tombstone is in none that a reader sees."""
    names = [name.strip() for name in text.split(",") if name.strip()] if isinstance(text, str) else []
    known = sorted(OPEN | ENDED)
    if wrong := sorted(set(names) - set(known)):
        raise ValueError(f"{wrong[0][:50]!r} is no state: the states are {', '.join(known)}")
    return frozenset(map(State, names))


States = Annotated[
    frozenset[State],
    BeforeValidator(_states, json_schema_input_type=str),
    Field(description="separated by commas; all by default"),
]


class RunsQuery(Query):
    """Which runs, and how many."""

    status: States = frozenset()
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
            states=self.status,
            service_id=self.service_id,
            author_id=self.author_id,
            obj_id=self.obj_id,
            batch_id=self.batch_id,
            since=self.since,
            until=self.until,
            before=self.cursor,
        )


@endpoint(blueprint, "GET", "/api/analysis_runs", answers=list[answers.RunInBrief], large=True, compressed=True)
def list_runs(caller: Caller, query: RunsQuery, incoming: Incoming) -> Reply:
    """List all analyses that the caller may read, newest first.

    There is more as long as a `Link` header leads on; what is rare may need several pages, some of them empty.
    """
    page = runs_page(caller, query.wanted, query.n)
    return success(page.records, link_to_next(incoming.path, incoming.query, page.next_before))
