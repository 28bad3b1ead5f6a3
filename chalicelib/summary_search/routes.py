"""The endpoint of the search of summaries."""

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.accounts.permissions import SYSTEM_ADMIN
from chalicelib.http.errors import Conflict, NotFound, Unavailable
from chalicelib.http.late import Late
from chalicelib.summary_search import backfill
from chalicelib.summary_search.body import SummaryQuery
from chalicelib.summary_search.search import search

if TYPE_CHECKING:
    from chalicelib.summary_search import answers
else:
    answers = Late("chalicelib.summary_search.answers")

blueprint = Blueprint(__name__)

_BACKFILL = "/api/summary_query/backfill"


@endpoint(
    blueprint, "POST", "/api/summary_query", answers=lambda: answers.Matches, raises=(Unavailable,), compressed=True
)
def post_summary_query(caller: Caller, body: SummaryQuery) -> dict[str, Any]:
    """Find the sources whose summaries mean what was asked for, or are like that of another source."""
    return {"query_results": search(caller, body)}


@endpoint(blueprint, "POST", _BACKFILL, permission=SYSTEM_ADMIN, answers=lambda: answers.Backfill, raises=(Conflict,))
def post_summary_backfill(caller: Caller) -> dict[str, Any]:  # noqa: ARG001 - the edge checks who asks
    """Have the summaries embedded that were there before there was a key, or before the model changed.

    It goes on where it stopped; once it has finished it begins anew, and passes over what has its vector.
    """
    return backfill.begin()


@endpoint(blueprint, "GET", _BACKFILL, permission=SYSTEM_ADMIN, answers=lambda: answers.Backfill, raises=(NotFound,))
def get_summary_backfill(caller: Caller) -> dict[str, Any]:  # noqa: ARG001 - the same
    """Say how far that is."""
    return backfill.shown(backfill.found())


@endpoint(
    blueprint,
    "DELETE",
    _BACKFILL,
    permission=SYSTEM_ADMIN,
    answers=lambda: answers.Backfill,
    raises=(Conflict, NotFound),
)
def stop_summary_backfill(caller: Caller) -> dict[str, Any]:  # noqa: ARG001 - the same
    """Stop it after the hundred sources that it is at; POST goes on."""
    return backfill.stop()
