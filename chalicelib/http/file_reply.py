"""Files as HTTP answers them: under a name, with a tag, and in parts (RFC 9110, sections 13 and 14)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chalicelib.http.envelope import Reply, failure, not_modified
from chalicelib.http.errors import RangeNotSatisfiable

_RANGE = re.compile(r"bytes=(?P<first>\d{0,18})-(?P<last>\d{0,18})", re.ASCII | re.IGNORECASE)
_UNSAFE = re.compile(r"[^A-Za-z0-9_.:;+-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class File:
    """What is answered: bytes of a type, a tag that no other bytes have here, and how it is offered."""

    content: bytes
    content_type: str
    etag: str
    disposition: str


def inline(*parts: object, ending: str) -> str:
    """Return the Content-Disposition of a file that browsers may show, and save under the name that the parts make."""
    return f'inline; filename="{_name(parts)}{ending}"'


def attachment(*parts: object, ending: str) -> str:
    """Return the same of a file that browsers save without showing it."""
    return f'attachment; filename="{_name(parts)}{ending}"'


def file_reply(file: File, headers: Mapping[str, str]) -> Reply:
    """Answer a file, the part that the request's headers ask for, or that the caller has it already."""
    if names_tag(headers.get("if-none-match", ""), file.etag):
        return not_modified(file.etag)
    described = {"ETag": file.etag, "Accept-Ranges": "bytes", "Content-Disposition": file.disposition}
    wanted = _RANGE.fullmatch(headers.get("range", "").strip())
    if wanted is None or not any(wanted.groups()) or headers.get("if-range", file.etag) != file.etag:
        return Reply(file.content, file.content_type, headers=described)
    size = len(file.content)
    first, last = _bounds(wanted["first"], wanted["last"], size)
    if first > last:
        if wanted["first"] and wanted["last"] and int(wanted["first"]) > int(wanted["last"]):
            return Reply(file.content, file.content_type, headers=described)  # no range at all
        refused = failure(RangeNotSatisfiable(f"There are no such bytes: the file has {size}."))
        return Reply(refused.body, status=refused.status, headers={"Content-Range": f"bytes */{size}"})
    part = {**described, "Content-Range": f"bytes {first}-{last}/{size}"}
    return Reply(file.content[first : last + 1], file.content_type, 206, part)


def _name(parts: Iterable[object]) -> str:
    return "_".join(_UNSAFE.sub("_", str(part)) for part in parts)


def names_tag(condition: str, etag: str) -> bool:
    """Say whether If-None-Match names a tag; a weak one is as good."""
    tags = [tag.strip().removeprefix("W/") for tag in condition.split(",")]
    return etag in tags or "*" in tags


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:
        return max(0, size - int(last)), size - 1 if int(last) else -1
    return int(first), min(int(last), size - 1) if last else size - 1
