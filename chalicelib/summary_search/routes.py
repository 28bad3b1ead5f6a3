"""The endpoint of the search of summaries."""

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.http.errors import Unavailable
from chalicelib.http.late import Late
from chalicelib.summary_search.body import SummaryQuery
from chalicelib.summary_search.search import search

if TYPE_CHECKING:
    from chalicelib.summary_search import answers
else:
    answers = Late("chalicelib.summary_search.answers")

blueprint = Blueprint(__name__)


@endpoint(
    blueprint, "POST", "/api/summary_query", answers=lambda: answers.Matches, raises=(Unavailable,), compressed=True
)
def post_summary_query(caller: Caller, body: SummaryQuery) -> dict[str, Any]:
    """Find the sources whose summaries mean what was asked for, or are like that of another source."""
    return {"query_results": search(caller, body)}
