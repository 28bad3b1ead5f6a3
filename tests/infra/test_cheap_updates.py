"""Plain updates, which are done at once, do and refuse what moto's own way does and refuses."""

import pytest
from botocore.exceptions import ClientError

from chalicelib import clients
from infra.local.aws import cheap_updates

TABLE = "siderostat-test-analyses"
KEY = {"analysis_id": {"N": "1"}, "sk": {"S": "run"}}
ITEM = {**KEY, "count": {"N": "1.5"}, "text": {"S": "a"}, "list": {"L": [{"S": "x"}]}, "set": {"NS": ["1", "2"]}}
NAMES = {"#c": "count", "#t": "text", "#l": "list", "#s": "set", "#n": "new", "#k": "sk", "#o": "public_obj_id"}
VALUES = {
    ":n": {"N": "2"},
    ":t": {"S": "b"},
    ":e": {"S": ""},
    ":b": {"B": b"\xff"},
    ":l": {"L": [{"M": {"a": {"NULL": True}}}]},
    ":s": {"NS": ["3"]},
    ":m": {"NS": ["3", "2", "4"]},
    ":x": {"SS": ["3"]},
}
PLAIN = [
    "SET #t = :t",
    "SET #t=:t , #n = :b",
    "SET #n = :e REMOVE #t",
    "REMOVE #t, #n",
    "ADD #c :n",
    "ADD #n :n",
    "SET #l = :l ADD #c :n REMOVE #s",
    "REMOVE #l SET #t = :t",
    "SET #o = :t",
    "SET wanted = :t, #n = :b",
    "REMOVE #t, wanted ADD amount :n",
    "ADD #s :s, #n :s",
    "SET #t = :t ADD #s :m",
]
REFUSED = [
    "SET #k = :t",
    "SET #t = :t REMOVE #t",
    "SET #t = :t, #t = :e",
    "SET #t = :missing",
    "SET #o = :n",
    "ADD #t :n",
    "ADD #s :x",
    "ADD #s :n",
    "ADD #n :l",
    "ADD #c :t",
    "SET #t = :t SET #n = :n",
    "SET sk = :t",
    "SET new = :t, #n = :n",
    "SET text = :t",
    "SET count = :n",
    "SET public_obj_id = :n",
]
OTHERS = [
    "SET #n = if_not_exists(#c, :n)",
    "SET #l[0] = :t",
    "SET #c = #c + :n",
    "DELETE #s :s",
    "SET #o = :e",
    "SET #l = list_append(#l, :l)",
]


@pytest.fixture
def dynamodb(stack):
    stack.empty()
    return clients.client("dynamodb")


def outcome(dynamodb, expression, item):
    """Return what an update answers, and what is stored afterwards."""
    dynamodb.delete_item(TableName=TABLE, Key=KEY)
    if item:
        dynamodb.put_item(TableName=TABLE, Item=item)
    wanted = {"TableName": TABLE, "Key": KEY, "UpdateExpression": expression, "ReturnValues": "ALL_NEW"}
    wanted["ExpressionAttributeNames"] = {name: text for name, text in NAMES.items() if name in expression}
    if values := {name: value for name, value in VALUES.items() if name in expression}:
        wanted["ExpressionAttributeValues"] = values
    try:
        answer = dynamodb.update_item(**wanted)["Attributes"]
    except ClientError as error:
        answer = error.response["Error"]
    return answer, dynamodb.get_item(TableName=TABLE, Key=KEY).get("Item")


@pytest.mark.parametrize("item", [ITEM, None], ids=["an item", "none"])
@pytest.mark.parametrize("expression", PLAIN + REFUSED + OTHERS)
def test_an_update_is_as_motos(dynamodb, monkeypatch, expression, item):
    quick = outcome(dynamodb, expression, item)
    monkeypatch.setattr(cheap_updates, "_plain", lambda _expression: None)
    cheap_updates._tree.cache_clear()
    try:
        assert quick == outcome(dynamodb, expression, item)
    finally:
        cheap_updates._tree.cache_clear()
    if expression in PLAIN:
        assert "Code" not in quick[0]
        assert quick[0] == quick[1]
    if expression in REFUSED:
        assert quick[0].get("Code") or item is None


@pytest.mark.parametrize("expression", PLAIN)
def test_plain_updates_are_not_left_to_moto(dynamodb, monkeypatch, expression):
    monkeypatch.setattr(cheap_updates.UpdateExpressionValidator, "validate", None)
    answer, stored = outcome(dynamodb, expression, ITEM)
    assert answer == stored != ITEM


def test_what_was_read_before_an_update_stays_as_it_was(dynamodb):
    dynamodb.put_item(TableName=TABLE, Item=ITEM)
    wanted = {
        "TableName": TABLE,
        "Key": KEY,
        "UpdateExpression": "SET #l[0] = :t ADD #s :s, #c :n",
        "ExpressionAttributeNames": {name: NAMES[name] for name in ("#l", "#s", "#c")},
        "ExpressionAttributeValues": {name: VALUES[name] for name in (":t", ":s", ":n")},
    }
    assert dynamodb.update_item(**wanted, ReturnValues="ALL_OLD")["Attributes"] == ITEM
    impossible = [{"Update": wanted}, {"ConditionCheck": {"TableName": TABLE, "Key": {**KEY, "sk": {"S": "none"}}}}]
    impossible[1]["ConditionCheck"]["ConditionExpression"] = "attribute_exists(sk)"
    before = dynamodb.get_item(TableName=TABLE, Key=KEY)["Item"]
    with pytest.raises(ClientError, match="TransactionCanceled"):
        dynamodb.transact_write_items(TransactItems=impossible)
    assert dynamodb.get_item(TableName=TABLE, Key=KEY)["Item"] == before
