"""Where the site begins: the stage's prefix, or what a proxy in front of us has taken off."""

import re
from urllib.parse import urlsplit

from chalicelib.http.endpoint import Incoming
from chalicelib.settings import settings

_PREFIX = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)*")
"""Segments that begin with no dot: nothing that leads elsewhere, and nothing to be escaped in HTML."""


def base_path(incoming: Incoming) -> str:
    """Return the path below which everything of the site lies, with a slash at its end.

    It is what stands before the route in the path that was asked for, as behind a stage of API Gateway; without that,
    the path of the public URL, if the request came to its host: a proxy may have taken that off.
    """
    prefix = incoming.full_path.removesuffix("/").removesuffix(incoming.path.removesuffix("/"))
    public = urlsplit(settings().public_url)
    if not prefix and incoming.headers.get("host", "").strip().lower() == public.netloc.lower():
        prefix = public.path.rstrip("/")
    return f"{prefix}/" if _PREFIX.fullmatch(prefix) else "/"
