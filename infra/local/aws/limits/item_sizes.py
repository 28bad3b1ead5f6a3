"""Makes moto measure items as DynamoDB does: whole ones for their limit, and what an index holds for its pages."""

import functools
import inspect
from contextvars import ContextVar
from typing import Any

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import Item, LimitedSizeDict

from infra.local.aws.limits.values import item_size

_projected: ContextVar[frozenset[str] | None] = ContextVar("projected", default=None)


def install() -> None:
    """Replace moto's estimates."""
    # the limit of an item is checked where it is written, once, instead of whenever an attribute is set
    LimitedSizeDict.__setitem__ = dict.__setitem__
    Item.size = _size
    DynamoDBBackend.query = _measured(DynamoDBBackend.query)
    DynamoDBBackend.scan = _measured(DynamoDBBackend.scan)


def _measured(operation: Any) -> Any:  # noqa: ANN401 - moto has no types
    """Let a query or a scan count of an item what its index holds: a page is full when so much was read there.

    A page that ends at the request's limit says where it ends, whether or not something follows.
    """
    names = tuple(inspect.signature(operation).parameters)

    @functools.wraps(operation)
    def read(*args: Any, **named: Any) -> Any:  # noqa: ANN401 - same
        wanted = {**dict(zip(names, args, strict=False)), **named}
        table, index_name = wanted["self"].get_table(wanted["table_name"]), wanted.get("index_name")
        token = _projected.set(_held_by(table, index_name))
        try:
            found, scanned, last = operation(*args, **named)
        finally:
            _projected.reset(token)
        is_whole = not (wanted.get("projection_expressions") or wanted.get("projection_expression"))
        if last is None and found and is_whole and len(found) == scanned == wanted.get("limit"):
            last = table._get_last_evaluated_key(found[-1], index_name)  # noqa: SLF001 - moto offers no other
        return found, scanned, last

    return read


def _held_by(table: Any, index_name: str | None) -> frozenset[str] | None:  # noqa: ANN401 - moto has no types
    """Return the names of the attributes that an index holds; None for all of them."""
    index = next((one for one in table.all_indexes() if one.name == index_name), None)
    if index is None or index.projection.get("ProjectionType") == "ALL":
        return None
    keys = [*table.table_key_attrs, *index.schema_key_attrs]
    return frozenset([*keys, *index.projection.get("NonKeyAttributes", [])])


def _size(item: Any) -> int:  # noqa: ANN401 - moto has no types
    names = _projected.get()
    return item_size(item.attrs if names is None else {name: item.attrs[name] for name in names if name in item.attrs})
