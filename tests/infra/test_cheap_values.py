"""Values of the embedded DynamoDB are made, copied and shown as moto does it, in less time."""

import copy

import pytest
from moto.dynamodb.models.dynamo_type import DynamoType

from infra.local.aws import cheap_values

DEEP = {"M": {"S": {"S": "s"}, "L": {"L": [{"N": "1"}, {"M": {}}, {"SS": ["b", "a"]}, {"B": b"\xff"}]}}}
VALUES = [
    {"S": "星"},
    {"N": "1.50"},
    {"B": b"\x00\xff"},
    {"B": "AP8="},
    {"BOOL": False},
    {"NULL": True},
    {"SS": ["b", "a"]},
    {"NS": ["2", "1"]},
    {"BS": [b"b", b"a"]},
    {"L": []},
    {"M": {}},
    {"L": [{"S": "a"}, {"L": [{"NULL": True}, DEEP]}]},
    DEEP,
]


@pytest.fixture(autouse=True)
def _installed(stack):
    """The embedded AWS has replaced what moto does."""


def content(value):
    """Return what a value holds, and all within it."""
    if not isinstance(value, DynamoType):
        return value
    if value.type == "L":
        return value.type, [content(one) for one in value.value]
    if value.type == "M":
        return value.type, {name: content(one) for name, one in value.value.items()}
    return value.type, list(value.value) if value.is_set() else value.value


def as_moto(monkeypatch, do):
    with monkeypatch.context() as patched:
        patched.setattr(DynamoType, "__init__", cheap_values._make)
        patched.setattr(DynamoType, "__deepcopy__", cheap_values._copy)
        patched.setattr(DynamoType, "to_regular_json", cheap_values._show)
        return do()


@pytest.mark.parametrize("given", VALUES, ids=repr)
def test_a_value_is_made_copied_and_shown_as_motos(monkeypatch, given):
    def do():
        made = DynamoType(given)
        return [content(made), content(DynamoType(made)), content(copy.deepcopy(made)), made.to_regular_json()]

    assert do() == as_moto(monkeypatch, do)


@pytest.mark.parametrize("odd", [{}, {"S": "a", "N": "1"}, {"L": None}, None, "S"], ids=repr)
def test_what_is_no_value_makes_what_it_makes_with_moto(monkeypatch, odd):
    def do():
        try:
            return content(DynamoType(odd))
        except (AttributeError, IndexError, TypeError) as error:
            return type(error)

    assert do() == as_moto(monkeypatch, do)


@pytest.mark.parametrize(
    "same",
    [
        [{"N": "1"}, {"N": "1.0"}, {"N": "+1"}, {"N": "01"}, {"N": "0" * 5000 + "1"}, {"N": "0.1e1"}],
        [{"N": "-20"}, {"N": "-2e1"}],
        [{"N": "9" * 38}, {"N": "9" * 38 + ".0"}],
        [{"S": "1"}, {"S": "1"}],
    ],
    ids=lambda same: repr(same[0])[:20],
)
def test_equal_keys_are_found_under_each_other(same):
    values = [DynamoType(one) for one in same]
    others = [DynamoType(one) for one in ({"S": ""}, {"S": "1.0"}, {"N": "2"}, {"B": "1"}, {"N": "1e-1"})]
    assert {values[0]: "found"}.keys() == set(values)
    assert all(one == values[0] and hash(one) == hash(values[0]) == cheap_values._hash(one) for one in values)
    assert not any(one == values[0] or values[0] == one for one in others)


def test_a_copy_and_what_was_shown_stay_as_they_are():
    value = DynamoType(copy.deepcopy(DEEP))
    before, clone, shown = content(value), copy.deepcopy(value), value.to_regular_json()

    value.value["L"].value[2].value.append("c")
    value.value["L"].value.append(DynamoType({"S": "new"}))
    value.value["L"].value[1].value["new"] = DynamoType({"S": "new"})
    value.value["S"] = DynamoType({"S": "new"})

    assert content(clone) == before
    assert content(DynamoType(shown)) == before
