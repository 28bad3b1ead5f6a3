"""What is asked for by name is what was stored, and no more of it."""

import pytest

from chalicelib import clients

TABLE = "siderostat-test-analyses"
KEY = {"analysis_id": {"N": "1"}, "sk": {"S": "run"}}
VALUES = {
    "text": {"S": "星 é"},
    "empty": {"S": ""},
    "amount": {"N": "1.50"},
    "bytes": {"B": b"\x00\xff"},
    "true": {"BOOL": True},
    "nothing": {"NULL": True},
    "list": {"L": [{"S": "a"}, {"N": "2"}, {"L": []}, {"B": b"b"}]},
    "map": {"M": {"S": {"S": "s"}, "deep": {"M": {"N": {"N": "3"}}}}},
    "texts": {"SS": ["b", "a"]},
    "numbers": {"NS": ["2", "1"]},
}
NAMES = {f"#{number}": name for number, name in enumerate(VALUES)}


@pytest.fixture
def dynamodb(stack):
    stack.empty()
    client = clients.client("dynamodb")
    client.put_item(TableName=TABLE, Item={**KEY, **VALUES})
    return client


def got(dynamodb, expression, names):
    asked = {"ProjectionExpression": expression, "ExpressionAttributeNames": names}
    return dynamodb.get_item(TableName=TABLE, Key=KEY, **asked)["Item"]


def test_values_of_every_type_are_taken_as_they_are(dynamodb):
    assert got(dynamodb, ", ".join(NAMES), NAMES) == VALUES


@pytest.mark.parametrize("name", list(VALUES))
def test_one_attribute_comes_alone(dynamodb, name):
    assert got(dynamodb, "#one, #missing", {"#one": name, "#missing": "elsewhere"}) == {name: VALUES[name]}


def test_queries_and_batches_take_them_too(dynamodb):
    asked = {"ProjectionExpression": "#a, sk", "ExpressionAttributeNames": {"#a": "amount"}}
    expected = [{"sk": KEY["sk"], "amount": VALUES["amount"]}]
    condition = {"KeyConditionExpression": "analysis_id = :v", "ExpressionAttributeValues": {":v": {"N": "1"}}}

    assert dynamodb.query(TableName=TABLE, **condition, **asked)["Items"] == expected
    assert dynamodb.batch_get_item(RequestItems={TABLE: {"Keys": [KEY], **asked}})["Responses"][TABLE] == expected


def test_what_lies_deeper_is_found_on_motos_own_way(dynamodb):
    assert got(dynamodb, "#m.deep, #t", {"#m": "map", "#t": "text"}) == {
        "map": {"M": {"deep": VALUES["map"]["M"]["deep"]}},
        "text": VALUES["text"],
    }
