"""The API, as far as the command line needs it."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import requests

_SECONDS = (5.0, 60.0)
_WAIT_SECONDS = 25
"""The longest that the API waits for the end of an analysis."""
_POLL_SECONDS = 1.0
_UNFINISHED = {"queued", "pending"}
_CHUNK = 1 << 16


class Refused(Exception):
    """The API answered with a failure; the message is its own."""


class Unreachable(Exception):
    """The API did not answer."""


class Api:
    """Calls one Siderostat with one token.

    Parameters
    ----------
    url : str
        Where it is.
    token : str
        Whose permissions are used.
    """

    def __init__(self, url: str, token: str) -> None:
        self.url = url.rstrip("/")
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"token {token}"

    def data(self, method: str, path: str, body: object = None, **query: object) -> Any:  # noqa: ANN401 - JSON
        """Return the data of a JSON answer.

        Raises
        ------
        Refused
            The API says no.
        Unreachable
            It says nothing.
        """
        return self._answer(method, path, json=body, params=query).json()["data"]

    def send(self, path: str, content: bytes, **query: object) -> Any:  # noqa: ANN401 - JSON
        """Post a file as it is, and return the data of the answer; raises as `data` does."""
        return self._answer("POST", path, data=content, params=query).json()["data"]

    def pieces(self, path: str) -> Iterator[tuple[bytes, int]]:
        """Yield a file piece by piece, with its length in bytes (0 if that is not known); raises as `data` does."""
        answer = self._answer("GET", path, stream=True)
        length = int(answer.headers.get("Content-Length", 0))
        for piece in answer.iter_content(_CHUNK):
            yield piece, length

    def wait(self, analysis_id: int, seconds: float, tell: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        """Return the record of an analysis when it has ended, or as it is after some seconds; `tell` sees each."""
        ends, wait = time.monotonic() + seconds, 0
        while True:
            asked = time.monotonic()
            record: dict[str, Any] = self.data("GET", f"/api/obj/analysis/{analysis_id}", wait=wait)
            tell(record)
            left = ends - time.monotonic()
            if record["status"] not in _UNFINISHED or left <= 0:
                return record
            if left < 1 or (wait and time.monotonic() - asked < _POLL_SECONDS):  # it does not wait, or not so briefly
                time.sleep(min(_POLL_SECONDS, left))
            wait = int(min(_WAIT_SECONDS, left))

    def _answer(self, method: str, path: str, **options: Any) -> requests.Response:  # noqa: ANN401 - requests' own
        try:
            answer = self._session.request(method, self.url + path, timeout=_SECONDS, **options)
        except requests.RequestException as error:
            raise Unreachable(f"{self.url} does not answer ({type(error).__name__}).") from None
        if answer.ok:
            return answer
        try:
            message = str(answer.json()["message"])
        except (ValueError, KeyError, TypeError):
            message = answer.text[:200]
        raise Refused(f"{answer.status_code}: {message}")
