"""`GET /api/sources`."""

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.http.endpoint import Incoming
from chalicelib.http.envelope import Reply, success
from chalicelib.http.pages import link_to_next
from chalicelib.sources.read.listing import list_sources
from chalicelib.sources.read.query import SourceQuery, check_query
from chalicelib.sources.routes.blueprint import answers, blueprint


@endpoint(blueprint, "GET", "/api/sources", answers=lambda: answers.SourcesPage)
def get_sources(caller: Caller, query: SourceQuery, incoming: Incoming) -> Reply:
    """List the sources that the caller's groups saved, newest first; the `Link` header leads to the next page."""
    check_query(query, incoming.query)
    page = list_sources(caller, query)
    kept = {name: value for name, value in incoming.query.items() if name != "pageNumber"}
    return success(page.record, link_to_next(incoming.path, kept, None if page.next is None else page.next.text()))
