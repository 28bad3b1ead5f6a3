"""Transactions of the embedded AWS are all or nothing, and cheap in a large table."""

import time

import pytest

from chalicelib import clients

TABLE = "siderostat-test-sources"


def key(name):
    return {"obj_id": {"S": "transactions"}, "sk": {"S": name}}


def put(name, **more):
    return {"Put": {"TableName": TABLE, "Item": {**key(name), **more}}}


def update(name, value):
    values = {":v": {"N": str(value)}}
    return {
        "Update": {
            "TableName": TABLE,
            "Key": key(name),
            "UpdateExpression": "SET numbers = :v",
            "ExpressionAttributeValues": values,
        }
    }


def delete(name):
    return {"Delete": {"TableName": TABLE, "Key": key(name)}}


def demand(name):
    condition = "attribute_exists(sk)"
    return {"ConditionCheck": {"TableName": TABLE, "Key": key(name), "ConditionExpression": condition}}


@pytest.fixture
def dynamodb(stack):
    stack.empty()
    return clients.client("dynamodb")


def items(dynamodb):
    found = dynamodb.query(
        TableName=TABLE,
        KeyConditionExpression="obj_id = :o",
        ExpressionAttributeValues={":o": {"S": "transactions"}},
        ConsistentRead=True,
    )["Items"]
    return {item["sk"]["S"]: item.get("numbers", {}).get("N") for item in found}


def test_a_transaction_that_fails_changes_nothing(dynamodb):
    dynamodb.transact_write_items(TransactItems=[put("kept", numbers={"N": "1"}), put("removed")])

    with pytest.raises(dynamodb.exceptions.TransactionCanceledException):
        dynamodb.transact_write_items(
            TransactItems=[update("kept", 2), delete("removed"), put("new"), update("newer", 3), demand("missing")]
        )

    assert items(dynamodb) == {"kept": "1", "removed": None}


def test_a_transaction_that_succeeds_changes_all(dynamodb):
    dynamodb.transact_write_items(TransactItems=[put("kept", numbers={"N": "1"}), put("removed")])

    dynamodb.transact_write_items(TransactItems=[update("kept", 2), delete("removed"), put("new"), update("newer", 3)])

    assert items(dynamodb) == {"kept": "2", "new": None, "newer": "3"}


def test_a_large_table_does_not_slow_a_transaction_down(dynamodb):
    for start in range(0, 2000, 100):
        dynamodb.transact_write_items(TransactItems=[put(f"{number:06d}") for number in range(start, start + 100)])

    started = time.process_time()
    dynamodb.transact_write_items(TransactItems=[put(f"last {number}") for number in range(100)])

    assert time.process_time() - started < 5  # with moto's deep copies: more than 10
