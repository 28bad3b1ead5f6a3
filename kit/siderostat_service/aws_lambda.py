"""An analysis as an AWS Lambda function behind a function URL.

The request is answered at once; the work is an invocation of the same function by itself, for which it needs
`lambda:InvokeFunction` on itself. Set its retry attempts of asynchronous invocations to 0: a run that died is sent
again by whoever asked for it, not by Lambda.
"""

import base64
import gzip
import json
import os
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from siderostat_service.delivery import deliver
from siderostat_service.failures import Document
from siderostat_service.taking import Refused, read_run

if TYPE_CHECKING:
    from siderostat_service.analysis import Analysis

MOST_EVENT_BYTES = 1_000_000
"""What an asynchronous invocation carries (1 MB); the document travels compressed."""
_RUN = "siderostat_service_run"
_LEFT_SECONDS = 5.0


def handle(analysis: "Analysis", event: Mapping[str, Any], context: Any) -> Document:  # noqa: ANN401 - Lambda's own
    """Answer a request of the function URL, or do the work that one asked for."""
    if _RUN in event:
        document = json.loads(gzip.decompress(base64.b64decode(event[_RUN])))
        left = context.get_remaining_time_in_millis() / 1000
        return {"delivered": deliver(document, analysis.run(document), left - _LEFT_SECONDS)}
    if event["requestContext"]["http"]["method"] != "POST":
        return _answer(HTTPStatus.OK, {"status": "active", "name": analysis.name})
    body = event.get("body") or ""
    raw = base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()
    try:
        read_run(raw, event.get("headers") or {}, os.environ.get("SIDEROSTAT_SIGNING_SECRET"))
        _go_on_alone(raw, context)
    except Refused as refusal:
        return _answer(refusal.status, {"status": "error", "message": str(refusal)})
    return _answer(HTTPStatus.OK, {"status": "success", "message": "queued"})


def _go_on_alone(raw: bytes, context: Any) -> None:  # noqa: ANN401 - Lambda's own
    import boto3  # type: ignore[import-untyped,unused-ignore] # noqa: PLC0415 - Lambda brings it along

    payload = json.dumps({_RUN: base64.b64encode(gzip.compress(raw)).decode()}).encode()
    if len(payload) > MOST_EVENT_BYTES:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The data of this source are too many for this function.")
    boto3.client("lambda").invoke(FunctionName=context.invoked_function_arn, InvocationType="Event", Payload=payload)


def _answer(status: HTTPStatus, content: Document) -> Document:
    return {
        "statusCode": int(status),
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(content),
    }
