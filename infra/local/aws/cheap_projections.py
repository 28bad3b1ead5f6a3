"""Makes moto's projections cheap: for each name that is asked for, it makes Python's values of the whole item."""

import functools
from collections.abc import Iterable
from typing import Any

from moto.dynamodb.models.dynamo_type import Item

_project = Item.project


def install() -> None:
    """Let attributes that are asked for by their names be taken as they are."""
    Item.project = _taken


@functools.wraps(_project)
def _taken(item: Any, paths: Iterable[list[str]]) -> Any:  # noqa: ANN401 - moto has no types
    if any(len(path) > 1 or path[0].endswith("]") for path in paths):  # what lies in maps and lists
        return _project(item, paths)
    attributes = {path[0]: item.attrs[path[0]] for path in paths if path[0] in item.attrs}
    return Item(item.hash_key, item.range_key, attributes)
