"""Answers of the embedded AWS hold what was stored, though text and numbers are passed on without a look."""

import boto3
import pytest

TABLE = "siderostat-test-analyses"
KEY = {"analysis_id": {"N": "1"}, "sk": {"S": "run"}}
VALUES = {
    "text": {"S": "星 é"},
    "empty": {"S": ""},
    "amount": {"N": "1.5"},
    "bytes": {"B": b"\x00\xff"},
    "true": {"BOOL": True},
    "nothing": {"NULL": True},
    "list": {"L": [{"S": "a"}, {"N": "2"}, {"L": []}, {"B": b"b"}]},
    "map": {"M": {"S": {"S": "s"}, "deep": {"M": {"N": {"N": "3"}}}}},
    "texts": {"SS": ["a", "b"]},
    "numbers": {"NS": ["1", "2"]},
}


@pytest.fixture
def dynamodb(stack):
    stack.empty()
    return boto3.client("dynamodb")


def test_values_of_every_type_come_back_as_they_were_put(dynamodb):
    dynamodb.put_item(TableName=TABLE, Item={**KEY, **VALUES})

    answer = dynamodb.query(
        TableName=TABLE, KeyConditionExpression="analysis_id = :v", ExpressionAttributeValues={":v": {"N": "1"}}
    )

    assert answer["Items"] == [{**KEY, **VALUES}]
