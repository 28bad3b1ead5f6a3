"""Queries of the embedded AWS find what they must, though they look at their own partition alone."""

import pytest

from chalicelib import clients
from infra.local.aws import cheap_queries

TABLE = "siderostat-test-analyses"


def item(number, **more):
    return {"analysis_id": {"N": str(number)}, "sk": {"S": "run"}, **more}


def service(text):
    return {"service_id": {"N": text}}


@pytest.fixture
def dynamodb(stack):
    stack.empty()
    return clients.client("dynamodb")


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


def everything(dynamodb, **options):
    """Query a partition to its end and return the numbers of its items, page by page."""
    pages, start = [], {}
    while True:
        answer = dynamodb.query(
            TableName="siderostat-test-sources",
            KeyConditionExpression="obj_id = :o AND sk BETWEEN :a AND :b",
            ExpressionAttributeValues={":o": {"S": "x"}, ":a": {"S": "0100"}, ":b": {"S": "0399"}},
            **options,
            **start,
        )
        pages.append([int(found["sk"]["S"]) for found in answer["Items"]])
        if "LastEvaluatedKey" not in answer:
            return pages
        start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


@pytest.mark.parametrize("forward", [True, False])
@pytest.mark.parametrize(("limit", "longest"), [(7, 7), (100, 100), (None, 209)])
def test_a_large_partition_is_read_in_pages_of_a_megabyte_or_of_the_limit(dynamodb, forward, limit, longest):
    for number in [*range(250, 500), *range(250)]:
        wide = {"obj_id": {"S": "x"}, "sk": {"S": f"{number:04d}"}, "wide": {"S": "w" * 5000}}
        dynamodb.put_item(TableName="siderostat-test-sources", Item=wide)

    pages = everything(dynamodb, ScanIndexForward=forward, **({} if limit is None else {"Limit": limit}))

    expected = list(range(100, 400)) if forward else list(range(399, 99, -1))
    assert [number for page in pages for number in page] == expected
    assert max(map(len, pages)) == longest


@pytest.mark.parametrize("forward", [True, False])
@pytest.mark.parametrize(
    "condition",
    ["", " AND sk = :a", " AND sk < :b", " AND sk >= :a", " AND sk BETWEEN :a AND :b", " AND begins_with(sk, :a)"],
)
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"FilterExpression": "amount > :n"},
        {"ProjectionExpression": "sk, deep.inner"},
        {"FilterExpression": "amount > :n", "Limit": 3},
        {"Select": "COUNT"},
    ],
)
def test_a_page_is_that_of_moto(dynamodb, monkeypatch, forward, condition, options):
    for number, sk in enumerate(["a", "aa", "ab", "b", "é", "星", "", "B"]):
        given = {"obj_id": {"S": "x"}, "sk": {"S": sk or "0"}, "amount": {"N": str(number)}}
        deep = {"deep": {"M": {"inner": {"L": [{"S": "s"}, {"BS": [b"x"]}]}}}, "set": {"NS": ["1", "2.5"]}}
        dynamodb.put_item(TableName="siderostat-test-sources", Item={**given, **deep, "bytes": {"B": b"\x00"}})
    values = {":o": {"S": "x"}, ":a": {"S": "a"}, ":b": {"S": "b"}, ":n": {"N": "2"}}
    text = f"obj_id = :o{condition}{options.get('FilterExpression', '')}"

    def pages():
        start = {}
        while True:
            answer = dynamodb.query(
                TableName="siderostat-test-sources",
                KeyConditionExpression=f"obj_id = :o{condition}",
                ExpressionAttributeValues={name: value for name, value in values.items() if name in text},
                ScanIndexForward=forward,
                **options,
                **start,
            )
            yield {name: value for name, value in answer.items() if name != "ResponseMetadata"}
            if "LastEvaluatedKey" not in answer:
                return
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    found = list(pages())
    monkeypatch.setattr(cheap_queries, "_is_plain", lambda *_: False)
    assert found == list(pages())


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
