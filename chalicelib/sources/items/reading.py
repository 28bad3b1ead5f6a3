"""Reads a range of a source's partition: points of photometry, of which there are thousands, past PynamoDB's models."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from pynamodb.pagination import ResultIterator

from chalicelib.sources.items.item import Item
from chalicelib.sources.items.photometry import Photometry
from chalicelib.sources.items.photometry_point import PhotometryPoint, Stored


def items_between(obj_id: str, low: str, high: str) -> Iterator[Item | PhotometryPoint]:
    """Yield items by sort key, both ends included; one consistent Query.

    Without the filter by kind that PynamoDB adds to its own queries: what is of no known kind is left out here.
    """
    wanted: dict[str, Any] = {"range_key_condition": Item.sk.between(low, high), "consistent_read": True}
    found: Iterator[Stored] = ResultIterator(Item._get_connection().query, (obj_id,), wanted)  # noqa: SLF001 - as models do
    kinds = _kinds()
    for item in found:
        kind = kinds.get(item.get("kind", {}).get("S"))
        if kind is Photometry:
            yield PhotometryPoint.of(item)
        elif kind is not None:
            yield kind.from_raw_data(dict(item))


@cache
def _kinds() -> dict[str | None, type[Item]]:
    kinds = Item.kind.get_registered_subclasses(Item)
    return {str(Item.kind.get_discriminator(kind)): kind for kind in kinds}
