"""JSON that lies in S3, in the envelope of every answer: answered if it is small, put together in S3 if it is large."""

import hashlib
from collections.abc import Mapping
from functools import cache

from chalicelib import aws
from chalicelib.analyses.read.product_file import LINK_SECONDS, is_large
from chalicelib.analyses.run import objects
from chalicelib.analyses.run.large_objects import SMALLEST_PART, large_object
from chalicelib.http.envelope import Reply, redirect, success
from chalicelib.http.file_reply import File, file_reply
from chalicelib.http.large_answers import PREFIX
from chalicelib.settings import settings

_JSON = "application/json"
_MARK = "data"


def enveloped_size(size: int) -> int:
    """Return the bytes of JSON of this size in the envelope."""
    before, after = _envelope()
    return len(before) + size + len(after)


def enveloped(key: str, size: int, disposition: str, headers: Mapping[str, str], *, head: bool) -> Reply:
    """Answer the JSON under a key, of this size, as the data of a success.

    `headers` and `head` are the request's: HEAD has the headers of GET.
    """
    before, after = _envelope()
    if is_large(enveloped_size(size)):
        return redirect(objects.signed_link(_put_together(key), LINK_SECONDS, disposition=disposition, head=head))
    content, tag = objects.get_tagged(key)
    etag = f'"{_digest(key, tag)[:32]}"'
    return file_reply(File(before + content + after, _JSON, etag, disposition), {} if head else headers)


@cache
def _envelope() -> tuple[bytes, bytes]:
    """Return what stands before and after the data."""
    before, _, after = success(_MARK * 9).body.partition(f'"{_MARK * 9}"'.encode())
    return before, after


def _put_together(key: str) -> str:
    """Store the JSON with its envelope for a day, unless it is there; return the key. S3 copies most of it itself."""
    bucket = settings().bucket
    source = aws.s3().head_object(Bucket=bucket, Key=key)
    size, target = source["ContentLength"], f"{PREFIX}{_digest(key, source['ETag'])}.json"
    if objects.exists(target):
        return target
    before, after = _envelope()
    first = size if size < 2 * SMALLEST_PART else SMALLEST_PART
    begun = before + aws.s3().get_object(Bucket=bucket, Key=key, Range=f"bytes=0-{first - 1}")["Body"].read()
    if first == size:
        aws.s3().put_object(Bucket=bucket, Key=target, Body=begun + after, ContentType=_JSON)
        return target
    with large_object(target, _JSON) as parts:
        parts.add(begun)
        parts.add_rest_of(key, first, size)
        parts.add(after)
    return target


def _digest(key: str, tag: str) -> str:
    before, after = _envelope()
    return hashlib.sha256(b"\0".join([key.encode(), tag.encode(), before, after])).hexdigest()
