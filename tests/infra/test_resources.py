import os

import boto3
import pytest

from infra.local.aws.account import ACCOUNT_ID, REGION
from infra.local.aws.embedded_aws import EmbeddedAws
from infra.local.aws.resources import create_missing, resolved, template

NOT_ON_ONE_MACHINE = {
    "AWS::S3::BucketPolicy",  # the endpoint has no TLS to insist on
    "AWS::KMS::Alias",  # made together with its key
}


@pytest.fixture
def empty_aws(monkeypatch):
    """An AWS with nothing in it."""
    with EmbeddedAws() as aws:
        monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)
        yield aws


def prefix():
    return f"resources-{os.getpid()}"  # moto's backends belong to the process


def test_every_resource_is_created_or_known_to_be_left_out(empty_aws):
    created = create_missing(prefix(), ACCOUNT_ID, REGION)

    kinds = {name: resource["Type"] for name, resource in template()["Resources"].items()}
    assert {kinds[name] for name in set(kinds) - set(created)} == NOT_ON_ONE_MACHINE


def test_what_exists_is_left_alone(empty_aws):
    create_missing(f"{prefix()}-twice", ACCOUNT_ID, REGION)
    secret = boto3.client("secretsmanager").get_secret_value(SecretId=f"{prefix()}-twice-webhook")["SecretString"]

    assert create_missing(f"{prefix()}-twice", ACCOUNT_ID, REGION) == []
    assert (
        boto3.client("secretsmanager").get_secret_value(SecretId=f"{prefix()}-twice-webhook")["SecretString"] == secret
    )


def test_only_what_is_missing_is_created(empty_aws):
    name = f"{prefix()}-partly"
    create_missing(name, ACCOUNT_ID, REGION)
    sqs = boto3.client("sqs")
    sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName=f"{name}-collect")["QueueUrl"])

    assert create_missing(name, ACCOUNT_ID, REGION) == ["CollectQueue"]


def test_tables_and_queues_are_made_as_the_template_says(stack):
    wanted = template()["Resources"]
    names = {"Prefix": os.environ["SIDEROSTAT_PREFIX"]}
    dynamodb, sqs = boto3.client("dynamodb"), boto3.client("sqs")

    for resource in wanted.values():
        properties = resource["Properties"]
        if resource["Type"] == "AWS::DynamoDB::Table":
            table = dynamodb.describe_table(TableName=resolved(properties["TableName"], names))["Table"]
            assert table["KeySchema"] == properties["KeySchema"]
            indexes = {index["IndexName"] for index in table.get("GlobalSecondaryIndexes", [])}
            assert indexes == {index["IndexName"] for index in properties.get("GlobalSecondaryIndexes", [])}
        if resource["Type"] == "AWS::SQS::Queue":
            url = sqs.get_queue_url(QueueName=resolved(properties["QueueName"], names))["QueueUrl"]
            attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
            assert ("RedrivePolicy" in attributes) == ("RedrivePolicy" in properties)
            assert attributes["VisibilityTimeout"] == str(properties.get("VisibilityTimeout", 30))


def test_a_name_that_only_a_stack_knows_is_no_name():
    with pytest.raises(KeyError):
        resolved({"Fn::Sub": "${Prefix}-${AWS::StackName}"}, {"Prefix": "p"})
