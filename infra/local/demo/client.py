"""A client of the API as anyone would write it, for the demo."""

from http import HTTPStatus
from typing import Any

import requests

_TIMEOUT = (5.0, 35.0)


UNFINISHED = ("queued", "pending")
"""States of an analysis that goes on."""


class Refused(Exception):
    """The API answered with a failure, or not at all: then `status` is None. The message says which."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class Client:
    """Calls the API with one token.

    Parameters
    ----------
    url : str
        Where the API is.
    token : str
        Whose permissions are used.
    """

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy stands between us and this machine
        self._session.headers["Authorization"] = f"token {token}"

    def has(self, path: str) -> bool:
        """Say whether there is something at a path."""
        try:
            self._answer("GET", path)
        except Refused as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise
            return False
        return True

    def data(self, method: str, path: str, body: dict[str, Any] | None = None, **query: object) -> Any:  # noqa: ANN401
        """Return the data of a JSON answer."""
        return self._answer(method, path, json=body, params=query).json()["data"]

    def send(self, path: str, body: bytes, **query: object) -> Any:  # noqa: ANN401
        """Post a file and return the data of the JSON answer."""
        return self._answer("POST", path, data=body, params=query).json()["data"]

    def content(self, path: str) -> bytes:
        """Return a binary answer."""
        return self._answer("GET", path).content

    def _answer(self, method: str, path: str, **arguments: Any) -> requests.Response:  # noqa: ANN401 - requests' own
        try:
            answer = self._session.request(method, self._url + path, timeout=_TIMEOUT, **arguments)
        except requests.RequestException as error:
            raise Refused(f"{method} {path} got no answer: {error}") from None
        if not answer.ok:
            said = f"{method} {path} was answered with {answer.status_code}: {_message(answer)}"
            raise Refused(said, answer.status_code)
        return answer


def _message(answer: requests.Response) -> str:
    try:
        return str(answer.json()["message"])
    except (ValueError, KeyError):
        return answer.text[:200]
