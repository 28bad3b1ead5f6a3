"""Results that are too large to be posted: the service asks for a form, uploads to S3, and then commits.

None of it but the commit uses up the token, and this function never reads what was uploaded.
"""

import base64
import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from chalicelib import clock
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.results.posted import Posted, analysis_of, message_of
from chalicelib.analyses.run import objects, transitions, upload_form, webhook_token
from chalicelib.analyses.run.transitions import Overtaken
from chalicelib.analyses.states import OPEN
from chalicelib.http.errors import BadRequest, TooLarge
from chalicelib.http.logs import LOGGER
from chalicelib.http.logs import run as logged_run
from chalicelib.settings import MAX_BODY_BYTES, settings

NOTHING_UPLOADED = "Nothing was uploaded. POST to {way} for a form, send the document there, then commit it again."
_WAY = "upload_url"

_MOST_NOTE_BYTES = 2000
"""S3 keeps 2 kB beside an object, names included; the whole message is on the record unless the commit died before."""

_MOST_REFUSALS = 5


def is_commit(posted: Posted) -> bool:
    """Say whether a service commits what it has uploaded, instead of posting its result."""
    return posted.get("uploaded") is True and not analysis_of(posted)


def form_of(run: Run) -> dict[str, Any]:
    """Return a form for the result of an open run, and have removed later what is never committed.

    Raises
    ------
    BadRequest
        The token expires this very second.
    Overtaken
        The run has ended.
    """
    expires_at = upload_form.expiry(run.invalid_after)
    try:
        form = upload_form.make(objects.upload_key(run.id), expires_at)
    except ValueError:
        raise BadRequest("Token has expired") from None
    transitions.note(run, [Run.upload_until.set(expires_at)], Run.status.is_in(*sorted(OPEN)))
    return form


def take(source: str, run_id: int, posted: Posted, way: str = _WAY) -> str:
    """Make an upload the result that is about to be accepted, and return its receipt.

    Parameters
    ----------
    source : str
        Where it was uploaded.
    run_id : int
        Whose result it becomes.
    posted : mapping
        Status and message of the commit.
    way : str
        Where a form is to be had, for the refusal.

    Raises
    ------
    BadRequest
        Nothing was uploaded.
    """
    receipt = objects.new_uploaded_receipt(run_id)
    try:
        objects.take_upload(source, receipt, _note(posted))
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"NoSuchKey", "404"}:
            raise
        raise BadRequest(NOTHING_UPLOADED.format(way=way)) from None
    return receipt


def commit_of(receipt: str) -> dict[str, Any]:
    """Return status and message of the commit of an uploaded result, for a webhook that died in between."""
    commit: dict[str, Any] = json.loads(base64.b64decode(objects.note_of(receipt)))
    return commit


def too_large(token: str, size: int | str) -> TooLarge:
    """Return the refusal of a result that is too large, and note it for the run's author: services do not look."""
    run_id = webhook_token.run_of(token)
    logged_run.set(run_id)
    run = None if run_id is None else Run.find(run_id)
    if run is not None and run.state in OPEN:
        refused = [*(run.too_large or []), {"at": clock.iso(clock.now()), "bytes": size}][-_MOST_REFUSALS:]
        try:
            transitions.note(run, [Run.too_large.set(refused)], Run.status.is_in(*sorted(OPEN)))
        except Overtaken:
            LOGGER.info("the run ended while it was posted a result that is too large", extra={"run": run.id})
    return refusal(size, f"{_WAY} of the document that the service was sent")


def refusal(size: object, way: str) -> TooLarge:
    """Return the refusal of a body of so many bytes: the limit, and how more is uploaded."""
    return TooLarge(
        f"The result is too large to be posted: it has {size} bytes, and at most {MAX_BODY_BYTES} are accepted. "
        f"Nothing of it was kept. Up to {settings().max_upload_bytes} bytes can be uploaded: POST to {way}, and send "
        "the same document to the form that is answered."
    )


def _note(posted: Mapping[str, Any]) -> str:
    """Return status and message as ASCII text; a long message is cut until it fits."""
    status, message = str(posted.get("status"))[:50], message_of(posted)[:_MOST_NOTE_BYTES]
    while True:
        text = json.dumps({"status": status, "message": message}, ensure_ascii=False)
        note = base64.b64encode(text.encode(errors="replace")).decode()
        if len(note) <= _MOST_NOTE_BYTES:
            return note
        message = message[: len(message) * 3 // 4]
