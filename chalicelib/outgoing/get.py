"""Reading a JSON document from another site: the checks of `post`, and no redirect is followed."""

import json
from collections.abc import Collection, Mapping
from http import HTTPStatus
from typing import Any

import requests
import urllib3

from chalicelib.outgoing import bounded_http
from chalicelib.outgoing.addresses import problem_with
from chalicelib.outgoing.failures import failure_of
from chalicelib.settings import VERSION

_HEADERS = {"User-Agent": f"Siderostat/{VERSION}", "Accept": "application/json", "Accept-Encoding": "gzip"}


class NotRead(Exception):
    """There is no such document to be had; the message is a sentence without secrets."""


def get_json(
    url: str, headers: Mapping[str, str], *, allowed_hosts: Collection[str], limits: bounded_http.Limits
) -> Any:  # noqa: ANN401 - any JSON value
    """Return what a URL answers.

    Raises
    ------
    NotRead
        It may not be called, cannot be reached, answers no 200, or answers no JSON or more than the limit.
    """
    problem = problem_with(url, allowed_hosts)
    if problem is not None:
        raise NotRead(f"The URL is not allowed. {problem}")
    current = bounded_http.Exchange(limits)
    try:
        with bounded_http.session(current, allowed_hosts) as session:
            response = session.get(url, headers={**_HEADERS, **headers}, allow_redirects=False)
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError, KeyError) as error:
        raise NotRead(failure_of(error, current)[1].replace("The service", "It")) from None
    if response.status_code != HTTPStatus.OK:
        raise NotRead(f"It answered HTTP {response.status_code}.")
    if len(response.content) >= limits.answer_bytes:
        raise NotRead(f"It has more than {limits.answer_bytes} bytes.")
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        raise NotRead("It answered no JSON.") from None
