"""The vectors of all summaries: in sixteen parts, so that not everything is rewritten for one."""

import hashlib
import uuid
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from botocore.exceptions import ClientError
from pynamodb.exceptions import PutError

from chalicelib import aws, transactions
from chalicelib.memory import Remembered
from chalicelib.settings import settings
from chalicelib.summary_search.items.shard import Shard
from chalicelib.summary_search.pack import Row, packed, unpacked
from chalicelib.threads import at_once

SHARDS = 16
_ATTEMPTS = 20
_AT_ONCE = 8

_parts: Remembered[list[Row]] = Remembered(600, most=SHARDS)
"""By key: an object is never changed."""


def shard_of(obj_id: str) -> int:
    """Return the part that a source belongs to."""
    return hashlib.sha256(obj_id.encode()).digest()[0] % SHARDS


def row_of(obj_id: str) -> Row | None:
    """Read the vector of a source."""
    for _ in range(_ATTEMPTS):
        shard = Shard.find(shard_of(obj_id))
        try:
            rows = [] if shard is None else _read(shard.key)
        except _Replaced:
            continue
        return next((row for row in rows if row.obj_id == obj_id), None)
    raise RuntimeError("the vectors of summaries are changed faster than they can be read")


def all_rows() -> list[Row]:
    """Read all vectors: one query, and one object for each part that is not remembered."""
    for _ in range(_ATTEMPTS):
        try:
            return [row for rows in at_once(_read, Shard.keys(), _AT_ONCE) for row in rows]
        except _Replaced:
            continue
    raise RuntimeError("the vectors of summaries are changed faster than they can be read")


def put(obj_id: str, row: Row | None) -> None:
    """Store the vector of a source in the place of the one before, or remove that."""

    def changed(rows: list[Row]) -> list[Row]:
        others = [each for each in rows if each.obj_id != obj_id]
        return others if row is None else [*others, row]

    _change(shard_of(obj_id), changed)


def put_all(rows: Iterable[Row], seen: Mapping[str, Row]) -> None:
    """Store vectors, a part at a time, but not over what others have written since those before were `seen`."""
    parts: dict[int, dict[str, Row]] = {}
    for row in rows:
        parts.setdefault(shard_of(row.obj_id), {})[row.obj_id] = row

    def changed(present: list[Row], new: dict[str, Row]) -> list[Row]:
        known = {row.obj_id: row for row in present}
        unchanged = {name: row for name, row in new.items() if _is_same(known.get(name), seen.get(name))}
        return list({**known, **unchanged}.values())

    for number, new in sorted(parts.items()):
        _change(number, partial(changed, new=new))


def _is_same(one: Row | None, other: Row | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one.text, one.model, one.group_ids) == (other.text, other.model, other.group_ids)


def _change(number: int, change: Callable[[list[Row]], list[Row]]) -> None:
    """Write a new object and name it, if nobody else was faster, else again."""
    for _ in range(_ATTEMPTS):
        shard = Shard.find(number) or Shard.numbered(number)
        before = shard.key
        try:
            rows = [] if before is None else _read(before)
        except _Replaced:
            continue
        shard.key = f"vectors/{number:02d}/{uuid.uuid4().hex}"
        changed = change(rows)
        aws.s3().put_object(Bucket=settings().bucket, Key=shard.key, Body=packed(changed))
        try:
            shard.save()
        except PutError as error:
            _remove(shard.key)
            if not transactions.refused(error):
                raise
            continue
        _parts.put(shard.key, changed)
        if before is not None:
            _remove(before)
        return
    raise RuntimeError("others keep changing the vectors of summaries")


class _Replaced(Exception):
    """The object is gone: another one took its place."""


def _read(key: str) -> list[Row]:
    known = _parts.get(key)
    if known is None:
        try:
            content = aws.s3().get_object(Bucket=settings().bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchKey":
                raise _Replaced from None
            raise
        known = unpacked(content)
        _parts.put(key, known)
    return known


def _remove(key: str) -> None:
    aws.s3().delete_object(Bucket=settings().bucket, Key=key)
