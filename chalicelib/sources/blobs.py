"""Values too large for an attribute: packed, compressed, and in S3 beyond what an item should hold."""

import json
import zlib
from typing import Any

from chalicelib import aws
from chalicelib.attributes import compact_json
from chalicelib.settings import settings

MOST_INLINE = 280_000
"""Bytes that stay in the item; DynamoDB's limit is 400 kB with everything else on it."""


def pack(value: Any) -> bytes:  # noqa: ANN401 - any JSON value, with NaN
    """Return compressed JSON; floats read back exactly."""
    return zlib.compress(json_text(value), level=6)


def json_text(value: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """Return JSON without spaces, encoded: its length is what the value takes in an item."""
    return compact_json(value).encode()


def unpack(content: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Read what `pack` wrote."""
    return json.loads(zlib.decompress(content))


def key_of(obj_id: str, name: str) -> str:
    """Key of a value that belongs to an object."""
    return f"data/{obj_id}/{name}"


def put(key: str, content: bytes, content_type: str = "application/zlib") -> None:
    """Store a packed value, or a file as it is."""
    aws.s3().put_object(Bucket=settings().bucket, Key=key, Body=content, ContentType=content_type)


def get(key: str) -> bytes:
    """Read what was put."""
    return aws.s3().get_object(Bucket=settings().bucket, Key=key)["Body"].read()


def remove(key: str) -> None:
    """Remove a value; it need not exist."""
    aws.s3().delete_object(Bucket=settings().bucket, Key=key)
