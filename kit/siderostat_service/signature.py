"""Standard Webhooks signatures: whether a request comes from whom we share a secret with."""

import base64
import hmac
import time
from collections.abc import Mapping

TOLERANCE_SECONDS = 300


def is_signed(secret: str, headers: Mapping[str, str], body: bytes, now: float | None = None) -> bool:
    """Check the signature over id, time and body.

    Parameters
    ----------
    secret : str
        `whsec_…`, as POST /api/analysis_service/<id>/signing_secret showed it.
    headers : mapping
        Of the request, with names in lower case.
    body : bytes
        Exactly what came.
    now : float, optional
        Unix time in s.
    """
    number, seconds = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    moment = time.time() if now is None else now
    if not (seconds.isascii() and seconds.isdigit()) or abs(moment - int(seconds)) > TOLERANCE_SECONDS:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.digest(key, f"{number}.{seconds}.".encode() + body, "sha256")
    expected = f"v1,{base64.b64encode(digest).decode()}".encode()
    return any(hmac.compare_digest(expected, one.encode()) for one in headers.get("webhook-signature", "").split())
