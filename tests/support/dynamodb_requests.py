"""Requests to DynamoDB at its limits and just beyond, and whether it takes them."""

from collections.abc import Iterator
from typing import Any, NamedTuple

TABLE = "limits"
BIG = 400 * 1024
MB = 1024 * 1024

SCHEMA: dict[str, Any] = {
    "TableName": TABLE,
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [
        {"AttributeName": name, "AttributeType": kind}
        for name, kind in zip(("pk", "sk", "g1", "g2"), "SSSN", strict=True)
    ],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "gsi",
            "KeySchema": [{"AttributeName": "g1", "KeyType": "HASH"}, {"AttributeName": "g2", "KeyType": "RANGE"}],
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        }
    ],
}


class Request(NamedTuple):
    """One request."""

    name: str
    operation: str
    arguments: dict[str, Any]
    accepted: bool

    def send(self, client: Any) -> Any:
        return getattr(client, self.operation)(**self.arguments)


def text(content: str) -> dict[str, str]:
    return {"S": content}


def number(content: str) -> dict[str, str]:
    return {"N": content}


def key(pk: str = "a", sk: str = "b") -> dict[str, Any]:
    return {"pk": text(pk), "sk": text(sk)}


def nested(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = text("x")
    for _ in range(levels):
        value = {"L": [value]}
    return value


ROOM = BIG - len("pk" + "a" + "sk" + "b" + "x")
"""What is left of an item for the value of its attribute x."""

VALUES = [
    ("text that fills an item", text("x" * ROOM), True),
    ("text that does not fit an item", text("x" * (ROOM + 1)), False),
    ("text of two bytes a character", text("é" * (ROOM // 2)), True),
    ("text of two bytes a character that does not fit", text("é" * (ROOM // 2 + 1)), False),
    ("binary that fills an item", {"B": b"x" * ROOM}, True),
    ("binary that does not fit", {"B": b"x" * (ROOM + 1)}, False),
    ("a list of small numbers", {"L": [number("1")] * ((ROOM - 3) // 3)}, True),
    ("a list of too many small numbers", {"L": [number("1")] * ((ROOM - 3) // 3 + 1)}, False),
    ("a list of floats", {"L": [number("0.12345678901234567")] * ((ROOM - 3) // 11)}, True),
    ("a list of too many floats", {"L": [number("0.12345678901234567")] * ((ROOM - 3) // 11 + 1)}, False),
    ("a list of negative numbers of an odd exponent", {"L": [number("-120")] * ((ROOM - 3) // 5)}, True),
    ("too many of them", {"L": [number("-120")] * ((ROOM - 3) // 5 + 1)}, False),
    ("a list of nulls", {"L": [{"NULL": True}] * ((ROOM - 3) // 2)}, True),
    ("a list of too many nulls", {"L": [{"NULL": True}] * ((ROOM - 3) // 2 + 1)}, False),
    ("a set of texts", {"SS": [f"{index:06d}" for index in range(ROOM // 6)]}, True),
    ("a set of too many texts", {"SS": [f"{index:06d}" for index in range(ROOM // 6 + 1)]}, False),
    ("38 digits", number("1" * 38), True),
    ("39 digits", number("1" * 39), False),
    ("38 digits and a zero", number("1" * 38 + "0"), True),
    ("38 digits behind the point", number("0." + "1" * 38), True),
    ("39 digits behind the point", number("0." + "1" * 39), False),
    ("the largest number", number("9." + "9" * 37 + "e125"), True),
    ("a number too large", number("1e126"), False),
    ("the smallest number", number("1e-130"), True),
    ("a number too small", number("-1e-131"), False),
    ("zero of any exponent", number("0e999"), True),
    *((f"the number {odd!r}", number(odd), False) for odd in ("NaN", "Infinity", " 1", "1_0", "", "0x1", "1e")),
    *((f"the number {odd!r}", number(odd), True) for odd in ("+1", ".5", "5.", "1E5", "-0")),
    ("an empty set of texts", {"SS": []}, False),
    ("an empty set of numbers", {"NS": []}, False),
    ("an empty set of binaries", {"BS": []}, False),
    ("an empty set within a list", {"L": [{"SS": []}]}, False),
    ("an empty set within a map", {"M": {"y": {"NS": []}}}, False),
    ("a set that holds a text twice", {"SS": ["a", "a"]}, False),
    ("a set that holds a number twice", {"NS": ["1", "1.0"]}, False),
    ("a set with an empty text", {"SS": [""]}, True),
    ("an empty text", text(""), True),
    ("an empty binary", {"B": b""}, True),
    ("a null that is false", {"NULL": False}, False),
    ("a value of two types", {"S": "a", "N": "1"}, False),
    ("a value of no type", {}, False),
    ("31 lists in one another", nested(31), True),
    ("32 lists in one another", nested(32), False),
]
KEYS = [
    ("an empty partition key", key(""), False),
    ("an empty sort key", key("a", ""), False),
    ("a partition key of 2048 bytes", key("é" * 1024), True),
    ("a partition key of 2049 bytes", key("é" * 1024 + "a"), False),
    ("a sort key of 1024 bytes", key("a", "b" * 1024), True),
    ("a sort key of 1025 bytes", key("a", "b" * 1025), False),
    ("a number for a text", {"pk": number("1"), "sk": text("b")}, False),
    ("half a key", {"pk": text("a")}, False),
    ("more than a key", {**key(), "x": text("x")}, False),
    ("another attribute", {"pk": text("a"), "x": text("b")}, False),
]
INDEX_KEYS = [
    ("both keys", {"g1": text("x"), "g2": number("1")}, True),
    ("an empty text", {"g1": text(""), "g2": number("1")}, False),
    ("2048 bytes", {"g1": text("x" * 2048), "g2": number("1")}, True),
    ("2049 bytes", {"g1": text("x" * 2049), "g2": number("1")}, False),
    ("a number for a text", {"g1": number("1"), "g2": number("1")}, False),
    ("a text for a number", {"g1": text("x"), "g2": text("1")}, False),
    ("null", {"g1": {"NULL": True}}, False),
]
COUNTS = [
    ("transact_get_items", (100, True), (101, False), (26, True), (0, False)),
    ("transact_write_items", (100, True), (101, False), (0, False)),
    ("batch_get_item", (100, True), (101, False), (0, False)),
    ("batch_write_item", (25, True), (26, False), (0, False)),
]


def requests() -> Iterator[Request]:
    """Give every request; those that change something are about an item that is there already."""
    yield from _values()
    yield from _keys()
    yield from _counts()
    yield from _transactions()
    yield from _expressions()
    yield from _queries()


def put(name: str, item: dict[str, Any], *, accepted: bool, **more: Any) -> Request:
    return Request(f"put: {name}", "put_item", {"TableName": TABLE, "Item": item, **more}, accepted)


def update(name: str, expression: str, values: dict[str, Any], *, accepted: bool, **more: Any) -> Request:
    arguments = {"UpdateExpression": expression, "ExpressionAttributeValues": values, **more}
    return Request(f"update: {name}", "update_item", {"TableName": TABLE, "Key": key(), **arguments}, accepted)


def _values() -> Iterator[Request]:
    for name, value, accepted in VALUES:
        item = {**key(), "x": value}
        yield put(name, item, accepted=accepted)
        yield Request(
            f"batch: {name}", "batch_write_item", {"RequestItems": {TABLE: [{"PutRequest": {"Item": item}}]}}, accepted
        )
        yield Request(
            f"transaction: {name}",
            "transact_write_items",
            {"TransactItems": [{"Put": {"TableName": TABLE, "Item": item}}]},
            accepted,
        )
        yield update(name, "SET x = :v", {":v": value}, accepted=accepted)
        # as large as it likes, but not otherwise odd
        if not any(words in name for words in ("fit", "too many", "32 lists")):
            yield _condition(name, "NOT x = :v", {":v": value}, accepted=accepted)
    yield put("no name", {**key(), "": text("x")}, accepted=False)


def _keys() -> Iterator[Request]:
    for name, given, accepted in KEYS:
        keyed = {"TableName": TABLE, "Key": given}
        if "more" not in name:
            yield put(name, given, accepted=accepted)
        yield Request(f"get: {name}", "get_item", keyed, accepted)
        yield Request(f"delete: {name}", "delete_item", keyed, accepted)
        yield update(name, "SET x = :v", {":v": text("x")}, accepted=accepted, Key=given)
        yield Request(f"batch get: {name}", "batch_get_item", {"RequestItems": {TABLE: {"Keys": [given]}}}, accepted)
        yield Request(
            f"batch delete: {name}",
            "batch_write_item",
            {"RequestItems": {TABLE: [{"DeleteRequest": {"Key": given}}]}},
            accepted,
        )
        yield Request(f"read: {name}", "transact_get_items", {"TransactItems": [{"Get": keyed}]}, accepted)
        absent = {**keyed, "ConditionExpression": "attribute_not_exists(zz)"}
        for kind in ("Delete", "ConditionCheck"):
            yield Request(f"{kind}: {name}", "transact_write_items", {"TransactItems": [{kind: absent}]}, accepted)
    for name, attributes, accepted in INDEX_KEYS:
        item = {**key(), **attributes}
        yield put(f"index: {name}", item, accepted=accepted)
        yield Request(
            f"batch: index: {name}",
            "batch_write_item",
            {"RequestItems": {TABLE: [{"PutRequest": {"Item": item}}]}},
            accepted,
        )
        operations = [{"Put": {"TableName": TABLE, "Item": item}}]
        yield Request(f"transaction: index: {name}", "transact_write_items", {"TransactItems": operations}, accepted)
        assigned = "SET " + ", ".join(f"{attribute} = :{attribute}" for attribute in attributes)
        values = {f":{attribute}": value for attribute, value in attributes.items()}
        yield update(f"index: {name}", assigned, values, accepted=accepted)


def _counts() -> Iterator[Request]:
    for operation, *counts in COUNTS:
        for count, accepted in counts:
            keys = [key("t", str(index)) for index in range(count)]
            arguments: dict[str, Any] = {
                "transact_get_items": {"TransactItems": [{"Get": {"TableName": TABLE, "Key": one}} for one in keys]},
                "transact_write_items": {"TransactItems": [{"Put": {"TableName": TABLE, "Item": one}} for one in keys]},
                "batch_get_item": {"RequestItems": {TABLE: {"Keys": keys}}},
                "batch_write_item": {"RequestItems": {TABLE: [{"PutRequest": {"Item": one}} for one in keys]}},
            }[operation]
            yield Request(f"{operation}: {count}", operation, arguments, accepted)
    both = [{"PutRequest": {"Item": {**key(), "x": text("1")}}}, {"DeleteRequest": {"Key": key()}}]
    twice = [{"PutRequest": {"Item": {**key(), "x": text(value)}}} for value in "12"]
    for name, wanted in (("put and delete", both), ("put twice", twice)):
        yield Request(f"batch: {name}", "batch_write_item", {"RequestItems": {TABLE: wanted}}, accepted=False)
    yield Request(
        "batch: read twice", "batch_get_item", {"RequestItems": {TABLE: {"Keys": [key()] * 2}}}, accepted=False
    )


def _transactions() -> Iterator[Request]:
    read, written = {"Get": {"TableName": TABLE, "Key": key()}}, {"Put": {"TableName": TABLE, "Item": key()}}
    yield Request("transaction: read twice", "transact_get_items", {"TransactItems": [read] * 2}, accepted=False)
    removed = {"Delete": {"TableName": TABLE, "Key": key()}}
    yield Request(
        "transaction: put and delete", "transact_write_items", {"TransactItems": [written, removed]}, accepted=False
    )
    for count, accepted in ((41, True), (42, False)):
        items = [{**key("t", str(index)), "x": text("x" * 100_000)} for index in range(count)]
        operations = [{"Put": {"TableName": TABLE, "Item": item}} for item in items]
        yield Request(f"transaction: {count / 10} MB", "transact_write_items", {"TransactItems": operations}, accepted)


def _condition(name: str, expression: str, values: dict[str, Any], *, accepted: bool, **more: Any) -> Request:
    given = {"ConditionExpression": expression, "ExpressionAttributeValues": values, **more}
    return put(f"condition: {name}", key("c"), accepted=accepted, **given)


def _expressions() -> Iterator[Request]:
    one = {":v": text("a")}
    for size, accepted in ((4096, True), (4097, False)):
        yield update(f"{size} bytes", "SET y = :v".ljust(size), one, accepted=accepted)
        yield _condition(f"{size} bytes", "NOT x = :v".ljust(size), one, accepted=accepted)
    many = "SET " + ", ".join(f"a{index:03d} = :v" for index in range(290))
    yield update("290 assignments", many, one, accepted=True)
    for count, accepted in ((100, True), (101, False)):
        values = {f":v{index}": text(str(index)) for index in range(count)}
        yield _condition(f"IN of {count}", f"NOT x IN ({', '.join(values)})", values, accepted=accepted)
    for size, accepted in ((255, True), (256, False)):
        name, value = "#" + "n" * (size - 1), ":" + "v" * (size - 1)
        yield _condition(
            f"a name of {size}", f"NOT {name} = :v", one, accepted=accepted, ExpressionAttributeNames={name: "zz"}
        )
        yield _condition(f"a value of {size}", f"NOT x = {value}", {value: text("a")}, accepted=accepted)
    yield _condition("an unused value", "NOT x = :v", {**one, ":w": text("b")}, accepted=False)
    yield update("an unused value", "SET y = :v", {**one, ":w": text("b")}, accepted=False)
    large = {f":{letter}": text(letter * 700_000) for letter in "abc"}
    yield _condition("values of 2.1 MB", "NOT x = :a AND NOT x = :b AND NOT x = :c", large, accepted=False)
    yield update("a sum that is too large", "ADD n :v", {":v": number("9.9e125")}, accepted=True)
    yield update("the same again", "ADD n :v", {":v": number("9.9e125")}, accepted=False)


def _queries() -> Iterator[Request]:
    def query(name: str, expression: str, values: dict[str, Any], *, accepted: bool, **more: Any) -> Request:
        given = {"KeyConditionExpression": expression, "ExpressionAttributeValues": values, **more}
        return Request(f"query: {name}", "query", {"TableName": TABLE, **given}, accepted)

    mine = {":v": text("a")}
    yield query("one partition", "pk = :v", mine, accepted=True)
    yield query("an empty partition key", "pk = :v", {":v": text("")}, accepted=False)
    yield query("a number for a text", "pk = :v", {":v": number("1")}, accepted=False)
    yield query("an empty key of an index", "g1 = :v", {":v": text("")}, accepted=False, IndexName="gsi")
    for size, accepted in ((1024, True), (1025, False)):
        values = {**mine, ":w": text("x" * size)}
        yield query(f"a sort key of {size} bytes", "pk = :v AND sk > :w", values, accepted=accepted)
    for low, high, accepted in (("a", "b", True), ("b", "b", True), ("b", "a", False)):
        values = {**mine, ":low": text(low), ":high": text(high)}
        yield query(f"between {low} and {high}", "pk = :v AND sk BETWEEN :low AND :high", values, accepted=accepted)
    yield query("begins with nothing", "pk = :v AND begins_with(sk, :w)", {**mine, ":w": text("")}, accepted=False)
    yield query("no rows", "pk = :v", mine, accepted=False, Limit=0)
    yield query("an unused value", "pk = :v", {**mine, ":w": text("b")}, accepted=False)
    filtered = {**mine, ":w": text("b")}
    for size, accepted in ((4096, True), (4097, False)):
        yield query(
            f"a filter of {size} bytes", "pk = :v", filtered, accepted=accepted, FilterExpression="x = :w".ljust(size)
        )
    yield query("an index consistently", "g1 = :v", mine, accepted=False, IndexName="gsi", ConsistentRead=True)
    yield Request("scan: no rows", "scan", {"TableName": TABLE, "Limit": 0}, accepted=False)
    parts = {"TableName": TABLE, "Segment": 0, "TotalSegments": 1_000_001}
    yield Request("scan: more than a million parts", "scan", parts, accepted=False)
