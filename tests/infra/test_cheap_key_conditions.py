"""Conditions of queries, which are read once and remembered, say what they say to moto, which reads them each time."""

import itertools

import pytest
from moto.dynamodb import responses
from moto.dynamodb.parsing.key_condition_expression import parse_expression

from infra.local.aws import cheap_key_conditions

BOTH = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
OTHER = [{"AttributeName": "sk", "KeyType": "HASH"}, {"AttributeName": "pk", "KeyType": "RANGE"}]
SCHEMAS = [BOTH, OTHER, BOTH[:1]]
NAMES = [{"#p": "pk", "#s": "sk"}, {"#p": "sk", "#s": "pk"}, {}]
VALUES = [
    {":p": {"S": "a"}, ":s": {"S": "b"}, ":t": {"S": "c"}},
    {":p": {"N": "1"}, ":s": {"N": "2"}, ":t": {"B": b"\xff"}},
    {":p": {"S": ""}, ":s": {"S": "b"}, ":t": {"S": "c"}},
    {":p": {"S": "a"}, ":s": {"S": ""}, ":t": {"S": ""}},
    {":p": {"S": "a"}, ":s": {"S": "a"}},
    {":p": {"S": ":p"}, ":s": None, ":t": {}},
    {},
]
CONDITIONS = [
    "pk = :p",
    "#p = :p",
    "#p=:p",
    "#p = :p AND #s = :s",
    "(#p = :p AND #s = :s)",
    "(#p = :p AND begins_with (#s, :s))",
    "begins_with(#s, :s) AND #p = :p",
    "#p = :p and #s BETWEEN :s AND :t",
    "(#p = :p AND #s BETWEEN :s AND :t)",
    "#p = :p AND #s <= :s",
    "#p = :p AND #s > :s",
    "#p > :p",
    "#p = :p AND other = :s",
    "#p = #s",
    "#p = literal",
    "#p = :p AND ends_with(#s, :s)",
    "#p = :p,",
    "#p = :p AND #p = :s",
    "#s = :s",
    ":p = #p",
    "",
    "(",
]


def said(parse, *arguments):
    try:
        return parse(*arguments)
    except Exception as error:  # noqa: BLE001 - moto fails on what it cannot parse
        return type(error), str(error), vars(error).get("message")


@pytest.mark.parametrize("text", CONDITIONS)
def test_a_condition_says_what_it_says_to_moto(text):
    for values, names, schema in itertools.product(VALUES, NAMES, SCHEMAS):
        expected = said(parse_expression, text, values, names, schema)
        for _ in range(2):
            assert said(cheap_key_conditions.parse_expression, text, values, names, schema) == expected


def test_it_is_read_once_and_what_is_returned_is_the_callers(stack, monkeypatch):
    assert responses.parse_expression is cheap_key_conditions.parse_expression
    arguments = "#p = :p AND #s < :s", {"#p": "pk", "#s": "sk"}, BOTH
    for value in ("first", "second"):
        text, names, schema = arguments
        hashes, ranges, used = responses.parse_expression(text, {":p": {"S": value}, ":s": {"N": "1"}}, names, schema)
        assert (hashes, ranges, used) == ([("pk", {"S": value})], [("sk", "<", [{"N": "1"}])], ["#p", "#s"])
        for one in (hashes, ranges[0][2], used):
            one.clear()
        monkeypatch.setattr(cheap_key_conditions, "_parse", None)
