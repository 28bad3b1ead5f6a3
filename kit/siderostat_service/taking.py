"""Whether a request is a run that can be taken: shared by the HTTP service and the Lambda function."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

from siderostat_service.failures import Document
from siderostat_service.signature import is_signed


class Refused(Exception):
    """A request that is not taken, with the HTTP status and the reason."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def read_run(body: bytes, headers: Mapping[str, str], secret: str | None) -> Document:
    """Check the signature, if there is a secret, and the shape of a run.

    Raises
    ------
    Refused
        401 or 400.
    """
    if secret and not is_signed(secret, headers, body):
        raise Refused(HTTPStatus.UNAUTHORIZED, "The signature is missing, wrong or old.")
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(HTTPStatus.BAD_REQUEST, "The body is not JSON.") from None
    if not isinstance(document, dict) or not isinstance(document.get("inputs"), dict):
        raise Refused(HTTPStatus.BAD_REQUEST, "The body must be an object with inputs and callback_url.")
    url = document.get("callback_url")
    if not isinstance(url, str) or urlsplit(url).scheme not in {"http", "https"}:
        raise Refused(HTTPStatus.BAD_REQUEST, "callback_url must be an http or https URL.")
    return document
