import time

import boto3
import pytest
import requests
from botocore.config import Config
from botocore.exceptions import ClientError

from infra.local.aws.account import ACCOUNT_ID, REGION
from infra.local.aws.resources import create_missing
from tests.infra.kept.aws_process import KeptAws
from tests.infra.kept.kills import kill_under_load

ROUNDS = 3


@pytest.fixture
def aws(tmp_path):
    with KeptAws(tmp_path / "data") as running:
        yield running


@pytest.fixture
def with_resources(aws, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)
    assert "AnalysesTable" in create_missing("box", ACCOUNT_ID, REGION)
    return aws


@pytest.fixture
def made(tmp_path):
    """One that has created its resources itself."""
    with KeptAws(tmp_path / "data", "box") as running:
        yield running


def again(aws):
    aws.kill()
    aws.start()


def test_what_was_answered_under_load_is_there_after_kill_9(tmp_path):
    assert kill_under_load(tmp_path / "data", ROUNDS) > 0


def test_a_site_that_was_made_is_there_after_kill_9_as_it_was_made(made, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", made.url)
    secret = made.client("secretsmanager").get_secret_value(SecretId="box-webhook")["SecretString"]
    again(made)

    assert create_missing("box", ACCOUNT_ID, REGION) == []
    assert made.client("secretsmanager").get_secret_value(SecretId="box-webhook")["SecretString"] == secret


def test_nothing_is_made_twice_and_keys_and_secrets_stay(with_resources):
    aws = with_resources
    sealed = aws.client("kms").encrypt(KeyId="alias/box-credentials", Plaintext=b"password")["CiphertextBlob"]
    secret = aws.client("secretsmanager").get_secret_value(SecretId="box-webhook")["SecretString"]
    queues = aws.client("sqs").list_queues()["QueueUrls"]
    again(aws)

    assert create_missing("box", ACCOUNT_ID, REGION) == []
    assert aws.client("kms").decrypt(CiphertextBlob=sealed)["Plaintext"] == b"password"
    assert aws.client("secretsmanager").get_secret_value(SecretId="box-webhook")["SecretString"] == secret
    assert sorted(aws.client("sqs").list_queues()["QueueUrls"]) == sorted(queues)


def test_every_type_of_value_comes_back_as_it_was(made):
    item = {
        "pk": {"S": "k\u00e4\U0001f52d"},
        "sk": {"S": " "},
        "number": {"N": "-1.2345678901234567890123456789012345678E-9"},
        "bytes": {"B": bytes(range(256))},
        "sets": {"L": [{"SS": ["a", "b"]}, {"NS": ["1", "2.5"]}, {"BS": [b"\x00", b"\xff"]}]},
        "map": {
            "M": {
                "(bytes)": {"S": "00"},
                "null": {"NULL": True},
                "bool": {"BOOL": False},
                "empty": {"M": {}},
                "text": {"S": '\x00\n"'},
            }
        },
    }
    aws = made
    aws.client("dynamodb").put_item(TableName="box-registry", Item=item)
    before = aws.client("dynamodb").get_item(TableName="box-registry", Key={"pk": item["pk"], "sk": item["sk"]})
    again(aws)
    after = aws.client("dynamodb").get_item(TableName="box-registry", Key={"pk": item["pk"], "sk": item["sk"]})

    assert after["Item"] == before["Item"]
    assert after["Item"]["bytes"] == item["bytes"]
    assert after["Item"]["map"] == item["map"]


def test_pages_and_ranges_of_indexes_are_in_dynamodbs_order(made):
    dynamodb = made.client("dynamodb")
    numbers = ["-10", "-9.5", "-0.001", "0", "0.5", "2", "10", "11", "100", "1E+20"]
    for place, ra in enumerate(numbers):
        item = {"obj_id": {"S": f"o{place}"}, "sk": {"S": "source"}, "dec_band": {"N": "7"}, "ra": {"N": ra}}
        dynamodb.put_item(TableName="box-sources", Item=item)
    again(made)

    def found(condition="dec_band = :band", *, forward=True, **values):
        pages = dynamodb.get_paginator("query").paginate(
            TableName="box-sources",
            IndexName="by_position",
            KeyConditionExpression=condition,
            ExpressionAttributeValues={":band": {"N": "7"}} | {f":{key}": {"N": one} for key, one in values.items()},
            ScanIndexForward=forward,
            PaginationConfig={"PageSize": 3},
        )
        return [int(item["obj_id"]["S"][1:]) for page in pages for item in page["Items"]]

    everything = list(range(len(numbers)))
    assert found() == everything
    assert found(forward=False) == everything[::-1]
    assert found("dec_band = :band AND ra BETWEEN :a AND :b", a="-9.5", b="10") == everything[1:7]
    assert found("dec_band = :band AND ra > :a", a="10.0") == everything[7:]
    assert found("dec_band = :band AND ra <= :a", forward=False, a="0") == everything[3::-1]


def test_a_transaction_that_is_cancelled_leaves_nothing(made):
    dynamodb = made.client("dynamodb")
    put = {"TableName": "box-registry", "Item": {"pk": {"S": "a"}, "sk": {"S": "1"}}}
    check = {
        "TableName": "box-registry",
        "Key": {"pk": {"S": "b"}, "sk": {"S": "1"}},
        "ConditionExpression": "attribute_exists(pk)",
    }
    with pytest.raises(ClientError, match="TransactionCanceled"):
        dynamodb.transact_write_items(TransactItems=[{"Put": put}, {"ConditionCheck": check}])

    assert dynamodb.scan(TableName="box-registry")["Items"] == []


def test_an_object_comes_back_with_its_headers_and_its_parts(aws):
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="bucket")
    s3.put_object(Bucket="bucket", Key="a/\u00fc 1", Body=b"0123456789", ContentType="text/x-test", Metadata={"n": "1"})
    before = s3.head_object(Bucket="bucket", Key="a/\u00fc 1")
    again(aws)
    after = s3.get_object(Bucket="bucket", Key="a/\u00fc 1", Range="bytes=2-4")

    assert after["Body"].read() == b"234"
    assert after["Metadata"] == {"n": "1"}
    assert [after[name] for name in ("ETag", "ContentType", "LastModified")] == [
        before[name] for name in ("ETag", "ContentType", "LastModified")
    ]
    s3.copy_object(Bucket="bucket", Key="b", CopySource={"Bucket": "bucket", "Key": "a/\u00fc 1"})
    assert s3.list_objects_v2(Bucket="bucket", Delimiter="/")["CommonPrefixes"] == [{"Prefix": "a/"}]
    assert s3.get_object(Bucket="bucket", Key="b")["Body"].read() == b"0123456789"


def test_a_message_keeps_its_attributes_delay_receipts_and_visibility(aws):
    sqs = aws.client("sqs")
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = f'{{"deadLetterTargetArn": "{arn}", "maxReceiveCount": 2}}'
    url = sqs.create_queue(QueueName="q", Attributes={"RedrivePolicy": policy, "VisibilityTimeout": "1"})["QueueUrl"]
    sent = {"bytes": {"DataType": "Binary", "BinaryValue": b"\x00\xff"}}
    sqs.send_message(QueueUrl=url, MessageBody="held", MessageAttributes=sent)
    sqs.send_message(QueueUrl=url, MessageBody="later", DelaySeconds=900)
    began = time.monotonic()
    [held] = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=20)["Messages"]
    again(aws)

    early = "Messages" in sqs.receive_message(QueueUrl=url, VisibilityTimeout=0)
    assert not early or time.monotonic() - began > 20
    while not (
        got := sqs.receive_message(
            QueueUrl=url, WaitTimeSeconds=5, MessageAttributeNames=["All"], MessageSystemAttributeNames=["All"]
        ).get("Messages")
    ):
        assert time.monotonic() - began < 60
    [back] = got
    assert (back["Body"], back["MessageAttributes"]) == ("held", sent)
    assert back["Attributes"]["ApproximateReceiveCount"] == "2"
    assert back["MessageId"] == held["MessageId"]
    again(aws)
    assert "Messages" not in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=2)  # received twice: to the dead ones
    assert sqs.receive_message(QueueUrl=dead)["Messages"][0]["MessageId"] == held["MessageId"]


def test_a_form_is_kept_before_it_is_answered(aws):
    s3 = boto3.client("s3", endpoint_url=aws.url, config=Config(signature_version="s3v4"))
    s3.create_bucket(Bucket="bucket")
    form = s3.generate_presigned_post("bucket", "up", ExpiresIn=60)
    answer = requests.post(form["url"], data=form["fields"], files={"file": b"content"}, timeout=10)
    assert answer.status_code == 204
    again(aws)

    assert s3.get_object(Bucket="bucket", Key="up")["Body"].read() == b"content"


def test_a_stop_is_clean_and_quiet(aws):
    aws.client("s3").create_bucket(Bucket="bucket")
    aws.stop()

    assert aws.process.returncode == 0
    assert aws.said == ""
    assert not (aws.data / "siderostat.db-wal").exists()
