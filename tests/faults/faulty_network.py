"""A network between us and AWS that throttles, fails, and loses requests and answers, as a seed decides."""

import json
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError
from botocore.httpsession import URLLib3Session
from botocore.retries.standard import ExponentialBackoff
from urllib3 import HTTPHeaderDict

FAULTS = ("throttled", "failing", "request lost", "answer lost")

_XML = "<Error><Code>{code}</Code><Message>{code}</Message><RequestId>1</RequestId></Error>"


@contextmanager
def faulty_network(seed: int, share: float, *, only: str = "") -> Iterator[Counter[str]]:
    """Let a share of the requests go wrong; give a count of each fault.

    Parameters
    ----------
    seed : int
        The same seed, the same faults.
    share : float
        Between 0 and 1.
    only : str
        One of "dynamodb", "s3" and "sqs"; all by default.
    """
    chance, faults = random.Random(seed), Counter()
    send, delay = URLLib3Session.send, ExponentialBackoff.delay_amount

    def unreliable(session, request):
        service = _service(request)
        if (only and service != only) or chance.random() >= share:
            return send(session, request)
        fault = chance.choice(FAULTS)
        faults[f"{service}: {fault}"] += 1
        match fault:
            case "throttled":
                return _refusal(request, service, 503 if service == "s3" else 400)
            case "failing":
                return _refusal(request, service, 500)
            case "request lost":
                raise ConnectTimeoutError(endpoint_url=request.url)
        send(session, request)
        raise ReadTimeoutError(endpoint_url=request.url)

    URLLib3Session.send = unreliable
    ExponentialBackoff.delay_amount = lambda *_: 0.0
    try:
        yield faults
    finally:
        URLLib3Session.send, ExponentialBackoff.delay_amount = send, delay


def _service(request) -> str:
    target = request.headers.get("X-Amz-Target", b"")
    name = target.decode() if isinstance(target, bytes) else target
    if name.startswith("DynamoDB"):
        return "dynamodb"
    if name.startswith("AmazonSQS"):
        return "sqs"
    return "other" if name else "s3"


def _refusal(request, service: str, status: int) -> AWSResponse:
    code = {400: "ThrottlingException", 503: "SlowDown", 500: "InternalServerError"}[status]
    text = _XML.format(code=code) if service == "s3" else json.dumps({"__type": code, "message": code})
    return AWSResponse(request.url, status, HTTPHeaderDict({"Content-Length": str(len(text))}), _Raw(text.encode()))


class _Raw(BytesIO):
    """As urllib3's response is read."""

    def stream(self, **_) -> Iterator[bytes]:
        yield self.read()
