"""The built pages: what `make web` has made of web/, read from the folder beside this file."""

import gzip
import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from chalicelib.accounts.session_cookie import secret_of
from chalicelib.http.envelope import Reply, not_modified
from chalicelib.http.errors import NotFound, Unavailable
from chalicelib.http.file_reply import names_tag
from chalicelib.http.large_answers import reads_gzip
from chalicelib.pages.content_policy import content_policy

BUILT = Path(__file__).parent / "built"

_NOT_BUILT = "The pages are not built: run `make web` (make run and make package do it, too). The API works without."
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}", re.ASCII)
_HASHED = re.compile(r".+-[A-Za-z0-9_-]{8,}\.[A-Za-z0-9.]+", re.ASCII)
_KINDS = {
    ".css": "text/css; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
CONTENT_TYPES = tuple(_KINDS.values())
HTML = "text/html; charset=utf-8"

_RETRY_SECONDS = 60
_ALWAYS_ASK = "no-cache"
_FOR_A_YEAR = "public, max-age=31536000, immutable"
_VARIES = {"Vary": "Accept-Encoding"}


def page(base: str, headers: Mapping[str, str]) -> Reply:
    """Answer the one document that all pages begin with; it says if the browser has no session, which saves asking.

    Parameters
    ----------
    base : str
        Where the site begins: what the document loads lies below it.
    headers : mapping
        Of the request.

    Raises
    ------
    Unavailable
        Nothing is built.
    """
    file = BUILT / "index.html"
    try:
        whole, packed = _document(file.read_bytes(), base, is_known=secret_of(headers) is not None)
    except FileNotFoundError:
        raise Unavailable(_NOT_BUILT, retry_after=_RETRY_SECONDS) from None
    described = {"Cache-Control": _ALWAYS_ASK, "Content-Security-Policy": content_policy()}
    return _tagged(whole, packed, HTML, described, headers)


def asset(name: str, headers: Mapping[str, str]) -> Reply:
    """Answer a file that the pages load; one whose name holds a hash of its content may be kept for a year.

    Raises
    ------
    NotFound
        There is no such file.
    """
    kept = _FOR_A_YEAR if _HASHED.fullmatch(name) else _ALWAYS_ASK
    return _file(BUILT / "assets", name, {"Cache-Control": kept}, headers)


def icon(headers: Mapping[str, str]) -> Reply:
    """Answer what browsers ask for by themselves; raise NotFound if there is none."""
    name = "favicon.ico" if (BUILT / "favicon.ico").is_file() else "favicon.svg"
    return _file(BUILT, name, {"Cache-Control": _ALWAYS_ASK}, headers)


def _file(folder: Path, name: str, described: dict[str, str], headers: Mapping[str, str]) -> Reply:
    file = folder / name
    kind = _KINDS.get(file.suffix)
    if kind is None or not _NAME.fullmatch(name) or not file.is_file():
        raise NotFound("Not found: there is no such file.")
    packed = file.with_name(f"{name}.gz")
    return _tagged(file.read_bytes(), packed.read_bytes() if packed.is_file() else None, kind, described, headers)


def _tagged(
    whole: bytes, packed: bytes | None, kind: str, described: dict[str, str], headers: Mapping[str, str]
) -> Reply:
    is_packed = packed is not None and reads_gzip(headers)
    body = packed if packed is not None and is_packed else whole
    etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    described = {**described, **_VARIES, "ETag": etag}
    if names_tag(headers.get("if-none-match", ""), etag):
        return not_modified(etag, described)
    return Reply(body, kind, headers={**described, **({"Content-Encoding": "gzip"} if is_packed else {})})


@lru_cache(maxsize=8)
def _document(built: bytes, base: str, *, is_known: bool) -> tuple[bytes, bytes]:
    """Return the document with all that it loads below the site's beginning, as it is and compressed.

    A <base> would do, but the policy forbids it: what could put one into the document could move all scripts.
    """
    start = base.encode()
    placed = built.replace(b'="./', b'="' + start)
    placed = placed.replace(b"<head>", b'<head><meta name="base" content="' + start + b'" />', 1)
    if not is_known:
        placed = placed.replace(b"<html", b'<html data-session="none"', 1)
    return placed, gzip.compress(placed, mtime=0)
