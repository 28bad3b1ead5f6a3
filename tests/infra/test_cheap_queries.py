"""Queries of the embedded AWS find what they must, though they look at their own partition alone."""

import boto3
import pytest

TABLE = "siderostat-test-analyses"


def item(number, **more):
    return {"analysis_id": {"N": str(number)}, "sk": {"S": "run"}, **more}


def service(text):
    return {"service_id": {"N": text}}


@pytest.fixture
def dynamodb(stack):
    stack.empty()
    return boto3.client("dynamodb")


def ids(dynamodb, condition, value, **options):
    answer = dynamodb.query(
        TableName=TABLE, KeyConditionExpression=condition, ExpressionAttributeValues={":v": value}, **options
    )
    return [int(found["analysis_id"]["N"]) for found in answer["Items"]]


def test_a_query_finds_its_partition_and_no_other(dynamodb):
    for number in (1, 2):
        dynamodb.put_item(TableName=TABLE, Item=item(number))

    assert ids(dynamodb, "analysis_id = :v", {"N": "2"}) == [2]
    assert ids(dynamodb, "analysis_id = :v", {"N": "3"}) == []


def test_a_query_of_an_index_finds_its_items_in_their_order_page_by_page(dynamodb):
    for number in (5, 3, 11, 4):
        dynamodb.put_item(TableName=TABLE, Item=item(number, **service("7")))
    dynamodb.put_item(TableName=TABLE, Item=item(6, **service("8")))
    dynamodb.put_item(TableName=TABLE, Item=item(9))

    assert ids(dynamodb, "service_id = :v", {"N": "7"}, IndexName="by_service") == [3, 4, 5, 11]
    first = dynamodb.query(
        TableName=TABLE,
        IndexName="by_service",
        KeyConditionExpression="service_id = :v",
        ExpressionAttributeValues={":v": {"N": "7"}},
        Limit=2,
    )
    rest = ids(
        dynamodb, "service_id = :v", {"N": "7"}, IndexName="by_service", ExclusiveStartKey=first["LastEvaluatedKey"]
    )
    assert rest == [5, 11]


@pytest.mark.parametrize("written", ["7", "7.0", "0.7E1"])
def test_numbers_are_the_same_however_they_are_written(dynamodb, written):
    dynamodb.put_item(TableName=TABLE, Item=item(1, **service(written)))

    assert ids(dynamodb, "service_id = :v", {"N": "7"}, IndexName="by_service") == [1]
