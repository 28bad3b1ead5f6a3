"""The embedded DynamoDB takes what Amazon's takes, and nothing else: tests/faults compares it with DynamoDB Local."""

import pytest
from botocore.exceptions import ClientError
from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.models.dynamo_type import DynamoType

from chalicelib import clients
from infra.local.aws.limits.values import check_value, number_size, size_of
from tests.support import stores
from tests.support.dynamodb_requests import BIG, MB, SCHEMA, TABLE, key, number, requests, text

REQUESTS = list(requests())
REFUSED = {"ValidationException", "TransactionCanceledException"}


@pytest.fixture(scope="module")
def client(stack):
    """The product's client, which checks nothing and passes on what it is given, and a table."""
    client = clients.client("dynamodb")
    client.create_table(**SCHEMA)
    yield client
    client.delete_table(TableName=TABLE)


@pytest.fixture
def dynamodb(client):
    """The client, and one item in the table."""
    stores.empty_table(TABLE)
    client.put_item(TableName=TABLE, Item=key())
    return client


def seed(dynamodb, count, size, pk="a"):
    for index in range(count):
        item = {**key(pk, f"{index:04d}"), "x": text("x" * size), "g1": text(pk), "g2": number(str(index))}
        dynamodb.put_item(TableName=TABLE, Item=item)


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda request: request.name)
def test_what_amazon_takes_is_taken_and_the_rest_refused(dynamodb, request_):
    if "the same again" in request_.name:
        next(one for one in REQUESTS if "a sum that is too large" in one.name).send(dynamodb)
    if request_.accepted:
        request_.send(dynamodb)
        return
    before = dynamodb.scan(TableName=TABLE, ConsistentRead=True)["Items"]
    with pytest.raises(ClientError) as refused:
        request_.send(dynamodb)
    assert refused.value.response["Error"]["Code"] in REFUSED
    assert dynamodb.scan(TableName=TABLE, ConsistentRead=True)["Items"] == before


def test_the_requests_have_names_of_their_own():
    names = [one.name for one in REQUESTS]
    assert len(names) == len(set(names)) > 300


def test_an_update_may_fill_an_item_and_one_that_overfills_it_leaves_it_alone(dynamodb):
    room = BIG - len("pk" + "a" + "sk" + "b" + "s" + "t" + "x")
    wanted = {"TableName": TABLE, "Key": key(), "UpdateExpression": "SET s = :s, x = :x"}
    dynamodb.update_item(**wanted, ExpressionAttributeValues={":s": text("t"), ":x": text("x" * room)})
    with pytest.raises(ClientError, match="Item size to update"):
        dynamodb.update_item(**wanted, ExpressionAttributeValues={":s": text("uu"), ":x": text("x" * room)})
    [item] = dynamodb.query(
        TableName=TABLE, KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": text("a")}
    )["Items"]
    assert item["s"] == text("t")


def test_a_transaction_reads_up_to_four_megabytes(dynamodb):
    seed(dynamodb, 42, 100_000)
    gets = [{"Get": {"TableName": TABLE, "Key": key("a", f"{index:04d}")}} for index in range(42)]
    assert len(dynamodb.transact_get_items(TransactItems=gets[:41])["Responses"]) == 41
    with pytest.raises(ClientError, match="too large"):
        dynamodb.transact_get_items(TransactItems=gets)


def test_a_batch_reads_up_to_sixteen_megabytes_and_names_the_rest(dynamodb):
    seed(dynamodb, 57, 300_000)
    answer = dynamodb.batch_get_item(RequestItems={TABLE: {"Keys": [key("a", f"{i:04d}") for i in range(57)]}})
    assert (len(answer["Responses"][TABLE]), len(answer["UnprocessedKeys"][TABLE]["Keys"])) == (55, 2)


def pages(dynamodb, **wanted):
    """The sizes of the pages of a query."""
    sizes, arguments = [], {"TableName": TABLE, "ExpressionAttributeValues": {":p": text("a")}, **wanted}
    while True:
        page = dynamodb.query(**arguments)
        sizes.append(page["Count"])
        if "LastEvaluatedKey" not in page:
            return sizes
        arguments["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def test_a_page_of_a_query_holds_a_megabyte(dynamodb):
    dynamodb.delete_item(TableName=TABLE, Key=key())
    seed(dynamodb, 25, 100_000)
    assert pages(dynamodb, KeyConditionExpression="pk = :p") == [MB // 100_100, MB // 100_100, 5]


def test_an_index_of_keys_is_read_by_the_size_of_its_keys(dynamodb):
    seed(dynamodb, 25, 100_000)
    assert pages(dynamodb, IndexName="gsi", KeyConditionExpression="g1 = :p") == [25]


def test_a_page_that_ends_at_its_limit_says_where(dynamodb):
    seed(dynamodb, 4, 1)
    assert pages(dynamodb, KeyConditionExpression="pk = :p", Limit=5) == [5, 0]
    assert pages(dynamodb, KeyConditionExpression="pk = :p", Limit=6) == [5]


@pytest.mark.parametrize(
    ("written", "size"),
    [("0", 1), ("1", 2), ("12", 2), ("123", 3), ("-1", 3), ("120", 3), ("1e100", 2), ("0.012", 3), ("9" * 38, 20)],
)
def test_numbers_have_the_size_that_amazon_gives_them(written, size):
    assert number_size(written) == size


MANY = [text("é"), number("-1.5"), {"B": b"abc"}, {"NULL": True}, {"BOOL": False}, {"SS": ["a", "b"]}, {"L": []}]


@pytest.mark.parametrize("elements", [MANY[:5] * 3, MANY * 3, [number("1")] * 9, [{"L": MANY}] * 2], ids=len)
def test_a_list_has_the_size_of_its_elements(elements):
    expected = 3 + sum(1 + size_of(element) for element in elements)
    assert size_of({"L": elements}) == size_of(DynamoType({"L": elements})) == expected


@pytest.mark.parametrize(
    "odd", [{"NULL": 1}, {"NULL": False}, number("x"), {"N": 1}, text("\ud800"), {}, {"S": "", "N": "1"}]
)
def test_one_odd_element_is_found_among_many(odd):
    many = [*MANY[:5], {"BOOL": 1}] * 9
    check_value({"L": many})
    for elements in ([*many, odd], [odd, *many], [{"L": [*many, odd]}]):
        with pytest.raises(MockValidationException):
            check_value({"L": elements})
