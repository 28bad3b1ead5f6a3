"""The embedded SQS, S3, Secrets Manager and KMS take what Amazon's take, and nothing else."""

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from chalicelib import aws

KEY_BYTES, METADATA_BYTES, MESSAGE_BYTES, SECRET_BYTES = 1024, 2048, 1_048_576, 65_536


def client(service):
    """A client that leaves all checks to the server."""
    return boto3.client(service, config=Config(parameter_validation=False, retries={"total_max_attempts": 1}))


def code_of(call):
    """Return the code of a failure, None for a success."""
    try:
        call()
    except ClientError as error:
        return error.response["Error"]["Code"].rpartition(".")[2]
    return None


@pytest.fixture
def queue(stack):
    sqs = client("sqs")
    url = sqs.create_queue(QueueName="limits")["QueueUrl"]
    yield url
    sqs.delete_queue(QueueUrl=url)


def attributes(count, value="v"):
    return {f"a{index}": {"DataType": "String", "StringValue": value} for index in range(count)}


def entries(count, **facts):
    return [{"Id": str(index), "MessageBody": "x", **facts} for index in range(count)]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"MessageBody": "x" * MESSAGE_BYTES}, None),
        ({"MessageBody": "x" * (MESSAGE_BYTES + 1)}, "InvalidParameterValue"),
        ({"MessageBody": "é" * (MESSAGE_BYTES // 2)}, None),
        ({"MessageBody": "é" * (MESSAGE_BYTES // 2 + 1)}, "InvalidParameterValue"),
        ({"MessageBody": "x" * (MESSAGE_BYTES - 9), "MessageAttributes": attributes(1)}, None),
        ({"MessageBody": "x" * (MESSAGE_BYTES - 8), "MessageAttributes": attributes(1)}, "InvalidParameterValue"),
        ({"MessageBody": ""}, "MissingParameter"),
        ({"MessageBody": "a\t\r\n\ud7ff\ufffd\U0010ffff"}, None),
        ({"MessageBody": "a\x01"}, "InvalidMessageContents"),
        ({"MessageBody": "a\ufffe"}, "InvalidMessageContents"),
        ({"MessageBody": "x", "DelaySeconds": 900}, None),
        ({"MessageBody": "x", "DelaySeconds": 901}, "InvalidParameterValue"),
        ({"MessageBody": "x", "DelaySeconds": -1}, "InvalidParameterValue"),
        ({"MessageBody": "x", "MessageAttributes": attributes(10)}, None),
        ({"MessageBody": "x", "MessageAttributes": attributes(11)}, "InvalidParameterValue"),
        ({"MessageBody": "x", "MessageAttributes": attributes(1, "")}, "InvalidParameterValue"),
        (
            {"MessageBody": "x", "MessageAttributes": {"a" * 257: {"DataType": "String", "StringValue": "v"}}},
            "InvalidParameterValue",
        ),
        ({"MessageBody": "x", "MessageGroupId": "g" * 128}, None),
        ({"MessageBody": "x", "MessageGroupId": "g" * 129}, "InvalidParameterValue"),
        ({"MessageBody": "x", "MessageGroupId": "g g"}, "InvalidParameterValue"),
    ],
)
def test_a_message_is_taken_alone_and_in_a_batch_or_refused_in_both(queue, message, code):
    sqs = client("sqs")
    assert code_of(lambda: sqs.send_message(QueueUrl=queue, **message)) == code
    if code == "InvalidParameterValue" and len(message["MessageBody"].encode()) > MESSAGE_BYTES - 9:
        return  # the batch as a whole is too long
    answer = sqs.send_message_batch(QueueUrl=queue, Entries=[{"Id": "bad", **message}])
    assert [one["Code"] for one in answer.get("Failed", [])] == ([] if code is None else [code])


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (entries(10), None),
        (entries(11), "TooManyEntriesInBatchRequest"),
        ([], "EmptyBatchRequest"),
        (entries(1) + entries(1), "BatchEntryIdsNotDistinct"),
        ([{"Id": "i" * 80, "MessageBody": "x"}], None),
        ([{"Id": "i" * 81, "MessageBody": "x"}], "InvalidBatchEntryId"),
        ([{"Id": str(i), "MessageBody": "x" * (MESSAGE_BYTES // 2)} for i in range(2)], None),
        ([{"Id": str(i), "MessageBody": "x" * (MESSAGE_BYTES // 2 + i)} for i in range(2)], "BatchRequestTooLong"),
        ([{"Id": str(i), "MessageBody": "é" * 300_000} for i in range(2)], "BatchRequestTooLong"),
    ],
)
def test_a_batch_of_messages_is_taken_or_refused(queue, wanted, code):
    assert code_of(lambda: client("sqs").send_message_batch(QueueUrl=queue, Entries=wanted)) == code


def test_one_bad_message_of_a_batch_does_not_keep_the_others_out(queue):
    wanted = [
        *entries(2),
        {"Id": "late", "MessageBody": "x", "DelaySeconds": 901},
        {"Id": "odd", "MessageBody": "\x01"},
    ]
    answer = client("sqs").send_message_batch(QueueUrl=queue, Entries=wanted)
    assert [one["Id"] for one in answer["Successful"]] == ["0", "1"]
    assert {one["Id"] for one in answer["Failed"]} == {"late", "odd"}


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"MaxNumberOfMessages": 10}, None),
        ({"MaxNumberOfMessages": 11}, "InvalidParameterValue"),
        ({"WaitTimeSeconds": 21}, "InvalidParameterValue"),
        ({"VisibilityTimeout": 43_200}, None),
        ({"VisibilityTimeout": 43_201}, "InvalidParameterValue"),
        ({"VisibilityTimeout": -1}, "InvalidParameterValue"),
    ],
)
def test_how_messages_are_received(queue, wanted, code):
    assert code_of(lambda: client("sqs").receive_message(QueueUrl=queue, **wanted)) == code


def test_a_message_is_hidden_for_twelve_hours_from_its_receipt_however_old_it_is(queue, monkeypatch):
    sqs, day = client("sqs"), 86_400_000
    sqs.send_message(QueueUrl=queue, MessageBody="old")
    from moto.sqs import models

    now = models.unix_time_millis
    monkeypatch.setattr(models, "unix_time_millis", lambda: now() + day)
    monkeypatch.setattr("infra.local.aws.limits.queues.unix_time_millis", lambda: now() + day)
    [message] = sqs.receive_message(QueueUrl=queue)["Messages"]

    def hide(seconds):
        return code_of(
            lambda: sqs.change_message_visibility(
                QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=seconds
            )
        )

    assert (hide(43_000), hide(43_200), hide(-1)) == (None, "InvalidParameterValue", "InvalidParameterValue")


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [("DelaySeconds", 0, 900), ("MessageRetentionPeriod", 60, 1_209_600), ("VisibilityTimeout", 0, 43_200)],
)
def test_attributes_of_queues_have_their_ranges(queue, name, least, most):
    sqs = client("sqs")
    for value, code in (
        (least, None),
        (most, None),
        (least - 1, "InvalidAttributeValue"),
        (most + 1, "InvalidAttributeValue"),
    ):
        assert code_of(lambda v=value: sqs.set_queue_attributes(QueueUrl=queue, Attributes={name: str(v)})) == code


@pytest.fixture
def bucket(stack):
    return "siderostat-test-123456789012"


@pytest.mark.parametrize(
    ("key", "fits"), [("k" * 1024, True), ("k" * 1025, False), ("é" * 512, True), ("é" * 513, False)]
)
def test_keys_of_objects_have_1024_bytes(bucket, key, fits):
    s3, code = client("s3"), None if fits else "KeyTooLongError"
    s3.put_object(Bucket=bucket, Key="source", Body=b"x")
    assert code_of(lambda: s3.put_object(Bucket=bucket, Key=key, Body=b"x")) == code
    assert code_of(lambda: s3.get_object(Bucket=bucket, Key=key)) == code
    source = {"Bucket": bucket, "Key": "source"}
    assert code_of(lambda: s3.copy_object(Bucket=bucket, Key=key, CopySource=source)) == code
    assert code_of(lambda: s3.delete_object(Bucket=bucket, Key=key)) == code


def test_objects_carry_two_kilobytes_of_metadata(bucket):
    s3 = client("s3")
    for size, code in ((METADATA_BYTES - 1, None), (METADATA_BYTES, "MetadataTooLarge")):
        metadata = {"a": "x" * size}
        assert code_of(lambda m=metadata: s3.put_object(Bucket=bucket, Key="k", Body=b"", Metadata=m)) == code


def test_a_thousand_keys_are_listed_and_deleted_at_once(bucket):
    s3 = client("s3")
    for number in range(1002):
        aws.s3().put_object(Bucket=bucket, Key=f"many/{number:04d}", Body=b"")
    for asked in ({}, {"MaxKeys": 5000}):
        page = s3.list_objects_v2(Bucket=bucket, Prefix="many/", **asked)
        assert (page["KeyCount"], page["IsTruncated"]) == (1000, True)
    objects = [{"Key": f"many/{number:04d}"} for number in range(1001)]
    assert code_of(lambda: s3.delete_objects(Bucket=bucket, Delete={"Objects": objects})) == "MalformedXML"
    assert code_of(lambda: s3.delete_objects(Bucket=bucket, Delete={"Objects": objects[:1000]})) is None
    assert s3.list_objects_v2(Bucket=bucket, Prefix="many/")["KeyCount"] == 2


def test_secrets_have_64_kilobytes(stack):
    manager = client("secretsmanager")
    manager.create_secret(Name="limits", SecretString="x")
    for text, code in (("x" * SECRET_BYTES, None), ("é" * (SECRET_BYTES // 2 + 1), "InvalidRequestException")):
        assert code_of(lambda t=text: manager.put_secret_value(SecretId="limits", SecretString=t)) == code
        assert code_of(lambda t=text: manager.update_secret(SecretId="limits", SecretString=t)) == code
    for name in ("n" * 513, "n n", ""):
        assert code_of(lambda n=name: manager.create_secret(Name=n, SecretString="x")) == "ValidationException"
    manager.delete_secret(SecretId="limits", ForceDeleteWithoutRecovery=True)


def test_kms_encrypts_four_kilobytes(stack):
    kms = client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    for size, code in ((4096, None), (4097, "ValidationException"), (0, "ValidationException")):
        assert code_of(lambda s=size: kms.encrypt(KeyId=key, Plaintext=b"x" * s)) == code
