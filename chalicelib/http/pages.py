"""Pages of lists: how many rows, and the cursor with the Link header that carries it."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from pydantic import AfterValidator, Field

from chalicelib.settings import settings

MAX_ROWS = 500

PageSize = Annotated[
    int,
    Field(ge=1, description=f"at most {MAX_ROWS}; more are taken for {MAX_ROWS}"),
    AfterValidator(lambda rows: min(rows, MAX_ROWS)),
]
"""The rows of a page that a caller wants: as in SkyPortal, who asks for more gets the most that there is."""


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
