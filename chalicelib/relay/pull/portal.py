"""A portal's own API, as far as a source is read from it."""

import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from chalicelib.outgoing.bounded_http import Limits
from chalicelib.outgoing.get import NotRead, get_json
from chalicelib.settings import settings

_LIMITS = Limits(total_seconds=15.0, answer_bytes=32_000_000)


@dataclass(frozen=True, slots=True)
class Portal:
    """Where a portal is, and a token of it."""

    url: str
    token: str = field(repr=False)
    until: float
    """By `time.monotonic`: later nothing more is read."""

    def read(self, *path: object, **query: str) -> Any:  # noqa: ANN401 - any JSON value
        """Return the data of `GET /api/<path>`.

        Raises
        ------
        NotRead
            It is not to be had.
        """
        if time.monotonic() > self.until:
            raise NotRead("There was no time left for it.")
        parts = "/".join(quote(str(part), safe="") for part in path)
        asked = "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
        answer = get_json(
            f"{self.url}/api/{parts}{asked and '?'}{asked}",
            {"Authorization": f"token {self.token}"},
            allowed_hosts=settings().allowed_hosts,
            limits=_LIMITS,
        )
        if not isinstance(answer, dict) or answer.get("status") != "success":
            raise NotRead("It did not answer as SkyPortal does.")
        return answer.get("data")

    def rows(self, *path: object, within: str | None = None, **query: str) -> list[dict[str, Any]]:
        """Return the same as a list of objects, which may lie under a name; what is none is left out."""
        data = self.read(*path, **query)
        found = data.get(within) if isinstance(data, dict) and within is not None else data
        return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
