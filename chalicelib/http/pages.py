"""Pages of bare lists: a cursor and the Link header that carries it."""

from collections.abc import Mapping
from urllib.parse import urlencode

from chalicelib.settings import settings

MAX_ROWS = 500


def link_to_next(path: str, query: Mapping[str, str], cursor: str | int | None) -> dict[str, str]:
    """Return the Link header to the next page; no header when there is none.

    Parameters
    ----------
    path : str
        Of this request, as it came.
    query : mapping
        Of this request; its cursor is replaced.
    cursor : str or int, optional
        Where the next page begins.
    """
    if cursor is None:
        return {}
    url = f"{settings().public_url}{path}?{urlencode({**query, 'cursor': str(cursor)})}"
    return {"Link": f'<{url}>; rel="next"'}
