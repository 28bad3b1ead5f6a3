"""Whether the table of requests at DynamoDB's limits is true: DynamoDB Local is asked."""

import os

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.faults import dynamodb_local
from tests.support.dynamodb_requests import SCHEMA, TABLE, key, requests

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("dynamodb-local")]


@pytest.fixture(scope="module")
def dynamodb():
    try:
        with dynamodb_local.running() as url:
            config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
            client = boto3.client("dynamodb", endpoint_url=url, config=config)
            client.create_table(**SCHEMA)
            yield client
    except dynamodb_local.Unavailable as reason:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"DynamoDB Local: {reason}")


def is_accepted(dynamodb, request):
    try:
        request.send(dynamodb)
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"ValidationException", "TransactionCanceledException"}:
            raise
        return False
    return True


def test_amazons_own_takes_and_refuses_the_same(dynamodb):
    dynamodb.put_item(TableName=TABLE, Item=key())
    wrong = [request.name for request in requests() if is_accepted(dynamodb, request) != request.accepted]
    assert wrong == []
