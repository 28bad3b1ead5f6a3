"""Answers that Lambda cannot carry as they are: compressed if that is enough, else stored and redirected to."""

import gzip
import hashlib
import re
import zlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib import aws
from chalicelib.http.envelope import Reply, redirect
from chalicelib.settings import MAX_BODY_BYTES, settings

PREFIX = "answers/"
"""Where stored answers lie, for a day."""

_LINK_SECONDS = 300
_LEVEL, _QUICK = 6, 4
"""Of gzip: where it must fit, and where it is to be short: a twentieth longer in a third of the time."""
_SHORTER = 0.6
"""What is too long at this share does not fit with more effort: photometry and spectra get a tenth shorter by it."""
_PIECES, _PIECE = 8, 65_536
"""Of an answer, spread over it, that tell how much shorter effort makes the whole, to within `_TOLERANCE`."""
_TOLERANCE = 0.95
_WORTH_IT = 4_000
_GZIP = re.compile(r"(?:^|,)\s*(?:x-)?gzip\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?(?:,|$)", re.IGNORECASE)
_VARIES = {"Vary": "Accept-Encoding"}


def carried(reply: Reply, headers: Mapping[str, str]) -> Reply:
    """Return an answer that Lambda carries; small ones stay as they are.

    Parameters
    ----------
    reply : Reply
        A success.
    headers : mapping
        Of the request: whether its client reads gzip.

    Returns
    -------
    Reply
        The same content with `Content-Encoding: gzip`, or a redirect (307) to where it can be read for some minutes,
        by a client that reads gzip compressed there as well.
    """
    if len(reply.body) <= MAX_BODY_BYTES:
        return reply
    if not reads_gzip(headers):
        return _elsewhere(reply, {})
    compressed = replace(reply, body=_compressed(reply.body))
    if len(compressed.body) > MAX_BODY_BYTES:
        return _elsewhere(compressed, {"ContentEncoding": "gzip"})
    return replace(compressed, headers={**reply.headers, **_VARIES, "Content-Encoding": "gzip"})


def shortened(reply: Reply, headers: Mapping[str, str]) -> Reply:
    """Return a success compressed, if it is long and the client of the request reads gzip."""
    if len(reply.body) < _WORTH_IT or not reads_gzip(headers):
        return reply
    body = gzip.compress(reply.body, _QUICK, mtime=0)
    if len(body) > MAX_BODY_BYTES:
        return reply
    return replace(reply, body=body, headers={**reply.headers, **_VARIES, "Content-Encoding": "gzip"})


def _compressed(body: bytes) -> bytes:
    """Return gzip, made with more effort where that may let it fit."""
    quick = gzip.compress(body, _QUICK, mtime=0)
    if len(quick) <= MAX_BODY_BYTES or not _may_fit(body, len(quick)):
        return quick
    return gzip.compress(body, _LEVEL, mtime=0)


def _may_fit(body: bytes, length: int) -> bool:
    """Say whether an answer that has this length quickly compressed may fit with more effort."""
    if length * _SHORTER > MAX_BODY_BYTES:
        return False
    if len(body) <= 2 * _PIECES * _PIECE:
        return True
    sample = b"".join(body[start : start + _PIECE] for start in range(0, len(body) - _PIECE, len(body) // _PIECES))
    quick, well = (len(zlib.compress(sample, level)) for level in (_QUICK, _LEVEL))
    return length * _TOLERANCE * well / quick <= MAX_BODY_BYTES


def reads_gzip(headers: Mapping[str, str]) -> bool:
    """Say whether the client of a request names gzip among the encodings that it accepts."""
    found = _GZIP.search(headers.get("accept-encoding") or "")
    return found is not None and float(found[1] or 1) > 0


def _elsewhere(reply: Reply, encoding: dict[str, Any]) -> Reply:
    """Store an answer under a key of its content, so that a repeated request stores nothing more, and lead there."""
    place: dict[str, Any] = {"Bucket": settings().bucket, "Key": f"{PREFIX}{hashlib.sha256(reply.body).hexdigest()}"}
    aws.s3().put_object(**place, Body=reply.body, ContentType=reply.content_type, **encoding)
    led = redirect(aws.s3_for_others().generate_presigned_url("get_object", Params=place, ExpiresIn=_LINK_SECONDS))
    return replace(led, headers={**reply.headers, **_VARIES, **led.headers})
