"""Conditions, which are read once and remembered, hold and are refused as moto's that are read each time."""

import itertools

import pytest
from botocore.exceptions import ClientError
from moto.dynamodb.comparisons import ConditionExpressionParser

from chalicelib import clients
from infra.local.aws import cheap_conditions

TABLE = "siderostat-test-analyses"
KEY = {"analysis_id": {"N": "1"}, "sk": {"S": "run"}}
ITEM = {
    **KEY,
    "amount": {"N": "2"},
    "word": {"S": "b"},
    "deep": {"M": {"a": {"L": [{"S": "x"}]}}},
    "set": {"SS": ["a", "b"]},
}
NAMES = {"#a": "amount", "#w": "word", "#n": "none", "#d": "deep", "#s": "set"}
OTHER_NAMES = {**NAMES, "#a": "none", "#w": "amount"}
VALUES = {
    ":n": {"N": "2"},
    ":w": {"S": "b"},
    ":l": {"S": "a"},
    ":h": {"S": "c"},
    ":t": {"S": "N"},
    ":z": {"NULL": True},
}
OTHER_VALUES = {**VALUES, ":n": {"N": "2.0"}, ":w": {"S": "z"}, ":l": {"S": "c"}, ":t": {"S": "S"}}
CONDITIONS = [
    "attribute_exists(#a)",
    "attribute_not_exists (#a)",
    "(#a = :n AND #w <> :w)",
    "#a = :n OR NOT #w = :w",
    "#w BETWEEN :l AND :h",
    "#w BETWEEN :l AND :z",
    "#w IN (:l, :w, :h)",
    "attribute_type(#a, :t)",
    "begins_with(#w, :w)",
    "contains(#s, :w)",
    "size(#s) >= :n",
    "#d.a[0] = :w",
    "word = :w AND amount < :n",
    "#a = :a",
    "#missing = :w",
    "size = :n",
    "((#a = :n))",
    "#a = ",
    "#a == :n",
    "AND",
    "#w BETWEEN :l",
]


@pytest.fixture
def dynamodb(stack):
    stack.empty()
    client = clients.client("dynamodb")
    client.put_item(TableName=TABLE, Item=ITEM)
    return client


def used(given, text):
    return {name: one for name, one in given.items() if name in text}


def outcomes(dynamodb, text, names, values):
    """Return what comes of a condition in a put, in an update, in a transaction and as a filter."""
    asked = {"ExpressionAttributeNames": used(names, text), "ExpressionAttributeValues": used(values, text)}
    asked = {name: given for name, given in asked.items() if given}
    put = {"TableName": TABLE, "Item": ITEM, "ConditionExpression": text, **asked}
    check = {"TableName": TABLE, "Key": KEY, "ConditionExpression": text, **asked}
    update = {**check, "UpdateExpression": "REMOVE nothing"}
    asked["ExpressionAttributeValues"] = {**asked.get("ExpressionAttributeValues", {}), ":id": {"N": "1"}}
    query = {"TableName": TABLE, "KeyConditionExpression": "analysis_id = :id", "FilterExpression": text, **asked}
    return [
        outcome(dynamodb.put_item, put),
        outcome(dynamodb.update_item, update),
        outcome(dynamodb.transact_write_items, {"TransactItems": [{"ConditionCheck": check}]}),
        outcome(dynamodb.query, query),
    ]


def outcome(operation, arguments):
    try:
        return operation(**arguments).get("Items")
    except ClientError as error:
        return error.response["Error"]
    except Exception as error:  # noqa: BLE001 - moto fails on what it cannot parse
        return type(error)


@pytest.mark.parametrize("text", CONDITIONS)
def test_a_condition_holds_and_fails_as_motos(dynamodb, monkeypatch, text):
    pairs = list(itertools.product([NAMES, OTHER_NAMES], [VALUES, OTHER_VALUES]))
    quick = [outcomes(dynamodb, text, *pair) for pair in pairs * 2]
    monkeypatch.setattr(ConditionExpressionParser, "parse", cheap_conditions._parse)
    monkeypatch.setattr(ConditionExpressionParser, "_make_operand", cheap_conditions._make_operand)
    slow = [outcomes(dynamodb, text, *pair) for pair in pairs]
    assert quick == slow * 2


def test_conditions_are_read_once(dynamodb, monkeypatch):
    [outcomes(dynamodb, "#a = :n", NAMES, values) for values in (VALUES, OTHER_VALUES)]
    monkeypatch.setattr(cheap_conditions, "_parse", None)
    held = {"ConditionExpression": "#a = :n", "ExpressionAttributeNames": {"#a": "amount"}}
    for value, text in (("2", None), ("3", "ConditionalCheckFailed"), ("2.00", None)):
        given = {**held, "ExpressionAttributeValues": {":n": {"N": value}}}
        answer = outcome(dynamodb.put_item, {"TableName": TABLE, "Item": ITEM, **given})
        assert answer is None if text is None else text in answer["Code"]
