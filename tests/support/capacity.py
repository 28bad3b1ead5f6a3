"""Counts AWS calls and the capacity that DynamoDB would bill for them.

The embedded AWS reports units that do not depend on sizes, so they are worked out here from the items that moved, by
DynamoDB's published rules (its developer guide, "Capacity unit consumption" and "Item sizes and formats"): a read unit
is 4 kB, half of one if eventually consistent, two in a transaction; a write unit is 1 kB, two in a transaction; every
index entry that changes is a write of its own.
"""

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore.client import BaseClient
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType

from infra.local.aws.account import ACCOUNT_ID, REGION

READ_BYTES, WRITE_BYTES = 4096, 1024

Value = Mapping[str, Any]
Attributes = Mapping[str, Value]
Key = tuple[DynamoType, DynamoType]


@dataclass
class Meter:
    """What was used so far."""

    calls: list[str] = field(default_factory=list)
    reads: float = 0.0
    writes: float = 0.0


@contextmanager
def metered() -> Iterator[Meter]:
    """Give a meter that grows with every AWS call of this process."""
    meter = Meter()
    original = BaseClient._make_api_call

    def recording(self, operation, parameters):
        meter.calls.append(operation)
        before = {key: _stored(*key) for key in _written(operation, parameters)}
        answer = original(self, operation, parameters)
        meter.reads += _reads(operation, parameters, answer)
        factor = 2 if operation == "TransactWriteItems" else 1
        meter.writes += sum(factor * _writes(key[0], old, _stored(*key)) for key, old in before.items())
        return answer

    BaseClient._make_api_call = recording
    try:
        yield meter
    finally:
        BaseClient._make_api_call = original


def size_of(item: Attributes) -> int:
    """Return the size of an item in bytes."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: Value) -> int:
    ((kind, content),) = value.items()
    if kind in {"S", "B"}:
        return len(content.encode() if isinstance(content, str) else content)
    if kind == "N":
        return math.ceil(len(content.strip("-").replace(".", "").strip("0")) / 2) + 1
    if kind in {"NS", "SS", "BS"}:
        return sum(_value_size({kind[0]: one}) for one in content)
    if kind == "L":
        return 3 + sum(1 + _value_size(one) for one in content)
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + _value_size(one) for name, one in content.items())
    return 1


def _reads(operation: str, parameters: Value, answer: Value) -> float:
    unit = 1.0 if parameters.get("ConsistentRead") else 0.5
    match operation:
        case "GetItem":
            return unit * _units(size_of(answer.get("Item", {})))
        case "Query":
            return unit * _units(sum(map(size_of, answer["Items"])))
        case "BatchGetItem":
            requests = parameters["RequestItems"]
            return sum(
                (1.0 if requests[table].get("ConsistentRead") else 0.5)
                * (sum(_units(size_of(item)) for item in items) + len(requests[table]["Keys"]) - len(items))
                for table, items in answer["Responses"].items()
            )
        case "TransactGetItems":
            return 2.0 * sum(_units(size_of(response.get("Item", {}))) for response in answer["Responses"])
    return 0.0


def _units(size: int) -> int:
    return max(1, math.ceil(size / READ_BYTES))


def _written(operation: str, parameters: Value) -> Iterator[tuple[str, Key]]:
    """Yield table and key of every item that an operation writes."""
    match operation:
        case "PutItem":
            yield parameters["TableName"], _key(parameters["TableName"], parameters["Item"])
        case "UpdateItem" | "DeleteItem":
            yield parameters["TableName"], _key(parameters["TableName"], parameters["Key"])
        case "BatchWriteItem":
            for table, requests in parameters["RequestItems"].items():
                for request in requests:
                    ((_, body),) = request.items()
                    yield table, _key(table, body.get("Item") or body["Key"])
        case "TransactWriteItems":
            for item in parameters["TransactItems"]:
                ((_, body),) = item.items()
                yield body["TableName"], _key(body["TableName"], body.get("Item") or body["Key"])


def _table(name: str) -> Any:
    return dynamodb_backends[ACCOUNT_ID][REGION].tables[name]


def _key(table: str, attributes: Attributes) -> Key:
    first, second = (DynamoType(attributes[row["AttributeName"]]) for row in _table(table).schema)
    return first, second


def _stored(table: str, key: Key) -> Attributes | None:
    found = _table(table).get_item(*key)
    return None if found is None else found.to_json()["Attributes"]


def _writes(table: str, old: Attributes | None, new: Attributes | None) -> float:
    if old is None and new is None:
        return 0.0
    units = math.ceil(max(size_of(old or {}), size_of(new or {})) / WRITE_BYTES)
    return units + sum(_index_writes(index, _table(table), old, new) for index in _table(table).global_indexes)


def _index_writes(index: Any, table: Any, old: Attributes | None, new: Attributes | None) -> int:
    keys = [row["AttributeName"] for row in index.schema]
    names = keys + [row["AttributeName"] for row in table.schema]
    whole = index.projection.get("ProjectionType") == "ALL"
    before, after = (_entry(item, keys, None if whole else names) for item in (old, new))
    if before == after:
        return 0
    moved = before and after and any(before[name] != after[name] for name in keys)
    changed = [entry for entry in ((before, after) if moved else (after or before,)) if entry]
    return sum(math.ceil(size_of(entry) / WRITE_BYTES) for entry in changed)


def _entry(item: Attributes | None, keys: list[str], names: list[str] | None) -> Attributes:
    """Return what an index holds of an item: nothing if one of the index's keys is missing."""
    if item is None or any(name not in item for name in keys):
        return {}
    return {name: value for name, value in item.items() if names is None or name in names}
