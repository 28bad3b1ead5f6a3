"""A stored product as a file: small ones are answered, large ones by a redirect to where they are stored."""

import hashlib
from collections.abc import Mapping
from typing import Any

from chalicelib.analyses.items.run import Run
from chalicelib.analyses.run import objects
from chalicelib.http.envelope import Reply, redirect
from chalicelib.http.errors import NotFound
from chalicelib.http.file_reply import File, attachment, file_reply, inline
from chalicelib.services.items.service import Service

MOST_INLINE_BYTES = 4_000_000
"""Larger products are answered by a redirect to a signed URL."""

LINK_SECONDS = 300
_SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def is_large(size: int) -> bool:
    """Say whether so many bytes are not answered but led to."""
    return size > MOST_INLINE_BYTES


def file_name(run: Run, service: Service | None, name: str, ending: str, *, is_attachment: bool = False) -> str:
    """Return the Content-Disposition of a file named ``<object>_<service>_<run>_<name>`` and its ending."""
    service_name = service.name if service is not None else run.service_id
    return (attachment if is_attachment else inline)(run.obj_id, service_name, run.id, name, ending=ending)


def product_file(  # noqa: PLR0913 - what, whose, under which name, and how it was asked for
    product: Mapping[str, Any],
    run: Run,
    service: Service | None,
    name: str,
    headers: Mapping[str, str],
    *,
    head: bool,
    is_attachment: bool = False,
) -> Reply:
    """Answer a product under the name of `file_name` and the ending of what it is.

    `headers` and `head` are the request's: HEAD has the headers of GET. Two products have different tags, even if they
    look the same.

    Raises
    ------
    NotFound
        It could not be read.
    """
    check_readable(product)
    key: str = product["key"]
    disposition = file_name(run, service, name, f".{key.rpartition('.')[2]}", is_attachment=is_attachment)
    if is_large(product["size"]):
        return redirect(objects.signed_link(key, LINK_SECONDS, disposition=disposition, head=head))
    content, stored_tag = objects.get_tagged(key)
    etag = f'"{hashlib.sha256(f"{key} {stored_tag}".encode()).hexdigest()[:32]}"'
    reply = file_reply(File(content, product["content_type"], etag, disposition), {} if head else headers)
    if "svg" in product["content_type"]:
        reply.headers["Content-Security-Policy"] = _SVG_POLICY
    return reply


def check_readable(product: Mapping[str, Any]) -> None:
    """Raise NotFound for a product that the service sent, and that cannot be read."""
    if product["error"]:
        raise NotFound(f"The service sent this product, but it cannot be read: {product['error']}")
