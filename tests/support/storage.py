"""What lies in the embedded AWS, as text to search for what must not be there."""

import base64
import gzip
import json
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.s3.models import s3_backends


def stored_text() -> str:
    """Return every item of every table, with what is compressed in it laid open."""
    tables = [
        table
        for account in dynamodb_backends.values()
        for region in account.values()
        for table in region.tables.values()
    ]
    items = [item.to_json() for table in tables for item in table.all_items()]
    return json.dumps(items, default=str) + "".join(_opened(items))


def stored_objects() -> str:
    """Return the key and the content of every object, decompressed."""
    buckets = [bucket for account in s3_backends.values() for bucket in account["aws"].buckets.values()]
    return "".join(f"{key.name}\n{_text(key.value)}\n" for bucket in buckets for key in bucket.keys.values())


def _opened(value: Any) -> Iterator[str]:
    """Yield the binary values within an item, decompressed."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "B":
                yield _text(inner if isinstance(inner, bytes) else base64.b64decode(inner))
            else:
                yield from _opened(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _opened(inner)


def _bytes(value: str) -> bytes:
    """Return a binary value; whatever is none is searched as it is."""
    try:
        return base64.b64decode(value, validate=True)
    except ValueError:
        return value.encode()


def _text(content: bytes) -> str:
    for decompress in (gzip.decompress, zlib.decompress):
        with suppress(OSError, zlib.error, EOFError):
            return decompress(content).decode(errors="replace")
    return content.decode(errors="replace")
