"""Asking the isolated products function to decode and draw what a service sent."""

import json
from typing import Any

from chalicelib import aws
from chalicelib.analyses import objects
from chalicelib.analyses.model import Run
from chalicelib.settings import settings

MOST_PRODUCT_BYTES = 200_000_000


class ProductsFailed(Exception):
    """The products function died or refused; the message is a sentence for people."""


def make(run: Run, document_key: str, wanted: list[str], corner: dict[str, Any]) -> dict[str, Any]:
    """Have products made from a stored document.

    Parameters
    ----------
    run : Run
        Whose products they are.
    document_key : str
        Key of the posted document.
    wanted : list of str
        Of "plots", "results", "inference_data", "corner".
    corner : dict
        name, plot_kwargs and max_parameters of the corner plot.

    Returns
    -------
    dict
        `products`, a list of name, key, content_type, size and error; and `summary`, a text or None.

    Raises
    ------
    ProductsFailed
        The function died, overran its limits or refused.
    """
    event = {
        "document": {"url": objects.signed_read(document_key), "member": "analysis"},
        "store": objects.signed_write(objects.products_prefix(run.id), MOST_PRODUCT_BYTES),
        "wanted": wanted,
        "corner": corner,
    }
    answer = aws.functions().invoke(FunctionName=settings().products_function, Payload=json.dumps(event).encode())
    payload: dict[str, Any] = json.loads(answer["Payload"].read())
    if answer.get("FunctionError"):
        raise ProductsFailed(str(payload.get("errorMessage", "the products function failed"))[:500])
    return payload


def named(run: Run, name: str) -> dict[str, Any] | None:
    """Return what is recorded of a product, or None if the service sent no such thing."""
    found: list[dict[str, Any]] = [product for product in run.products or [] if product["name"] == name]
    return found[0] if found else None
