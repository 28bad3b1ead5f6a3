"""Turns a call to AWS into what IAM would ask about it: which action, on what."""

from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.support.policies import Access

_ACCOUNT = "us-east-1:123456789012"

Parameters = dict[str, Any]


def questions(service: str, operation: str, parameters: Parameters) -> Iterator[Access]:
    """Yield the questions about one call."""
    yield from _SERVICES[service](operation, parameters)


def about_missing_object(operation: str, parameters: Parameters) -> Access:
    """Return the question about an object that was not there: who may not list the bucket is told 403, not 404."""
    source = parameters.get("CopySource")  # botocore makes text of it before it calls
    copied = source.partition("/")[0] if isinstance(source, str) else source and source["Bucket"]
    bucket = copied if operation == "CopyObject" else parameters["Bucket"]
    return Access("s3:ListBucket", f"arn:aws:s3:::{bucket}")


def about_signed_url(operation: str, url: str) -> Iterator[Access]:
    """Yield the questions that come when somebody uses a signed URL: they are about who signed it."""
    bucket, _, key = unquote(urlsplit(url).path).lstrip("/").partition("/")
    return _s3(operation, {"Bucket": bucket, "Key": key})


def about_signed_form(conditions: list[Any]) -> Iterator[Access]:
    """Yield the questions that come when somebody posts a signed form."""
    [bucket] = [item["bucket"] for item in conditions if isinstance(item, dict) and "bucket" in item]
    [key] = [
        item["key"] if isinstance(item, dict) else item[2]
        for item in conditions
        if (isinstance(item, dict) and "key" in item)
        or (isinstance(item, list) and item[:2] == ["starts-with", "$key"])
    ]
    return _s3("PutObject", {"Bucket": bucket, "Key": key})


def _dynamodb(operation: str, parameters: Parameters) -> Iterator[Access]:
    if operation == "TransactWriteItems":
        kinds = {
            "Put": "PutItem",
            "Update": "UpdateItem",
            "Delete": "DeleteItem",
            "ConditionCheck": "ConditionCheckItem",
        }
        for item in parameters["TransactItems"]:
            for kind, content in item.items():
                yield _table(kinds[kind], content["TableName"])
    elif operation == "TransactGetItems":
        for item in parameters["TransactItems"]:
            yield _table("GetItem", item["Get"]["TableName"])
    elif operation in {"BatchGetItem", "BatchWriteItem"}:
        for table in parameters["RequestItems"]:
            yield _table(operation, table)
    else:
        yield _table(operation, parameters["TableName"], parameters.get("IndexName"))


@cache
def _table(operation: str, table: str, index: str | None = None) -> Access:
    below = "" if index is None else f"/index/{index}"
    return Access(f"dynamodb:{operation}", f"arn:aws:dynamodb:{_ACCOUNT}:table/{table}{below}")


def _s3(operation: str, parameters: Parameters) -> Iterator[Access]:
    bucket = f"arn:aws:s3:::{parameters['Bucket']}"
    if operation == "ListObjectsV2":
        yield Access("s3:ListBucket", bucket, parameters.get("Prefix", ""))
    elif operation == "DeleteObjects":
        for item in parameters["Delete"]["Objects"]:
            yield Access("s3:DeleteObject", f"{bucket}/{item['Key']}")
    else:
        action = _ACTIONS.get(operation, operation)
        if operation in {"CopyObject", "UploadPartCopy"}:
            source = parameters["CopySource"]
            yield Access("s3:GetObject", f"arn:aws:s3:::{source['Bucket']}/{source['Key']}")
        yield Access(f"s3:{action}", f"{bucket}/{parameters['Key']}")


_ACTIONS = {
    "HeadObject": "GetObject",
    **dict.fromkeys(
        ("CopyObject", "CreateMultipartUpload", "UploadPart", "UploadPartCopy", "CompleteMultipartUpload"), "PutObject"
    ),
}
"""What IAM asks about an operation on an object, where it is not called like it."""


def _sqs(operation: str, parameters: Parameters) -> Iterator[Access]:
    """Whoever uses a queue has asked for its URL before: a process of tests remembers that for all functions."""
    name = parameters.get("QueueName") or parameters["QueueUrl"].rpartition("/")[2]
    for action in {operation.removesuffix("Batch"), "GetQueueUrl"}:
        yield Access(f"sqs:{action}", f"arn:aws:sqs:{_ACCOUNT}:{name}")


def _kms(operation: str, parameters: Parameters) -> Iterator[Access]:
    owner = parameters.get("EncryptionContext", {}).get("owner", "")
    yield Access(f"kms:{operation}", f"arn:aws:kms:{_ACCOUNT}:key/credentials", owner)


def _secretsmanager(operation: str, parameters: Parameters) -> Iterator[Access]:
    secret = parameters["SecretId"]
    # Secrets Manager adds six characters to the name
    arn = secret if secret.startswith("arn:") else f"arn:aws:secretsmanager:{_ACCOUNT}:secret:{secret}-a1B2c3"
    yield Access(f"secretsmanager:{operation}", arn)


def _ssm(operation: str, parameters: Parameters) -> Iterator[Access]:
    yield Access(f"ssm:{operation}", f"arn:aws:ssm:{_ACCOUNT}:parameter{parameters['Name']}")


def _lambda(operation: str, parameters: Parameters) -> Iterator[Access]:
    action = "InvokeFunction" if operation == "Invoke" else operation
    yield Access(f"lambda:{action}", f"arn:aws:lambda:{_ACCOUNT}:function:{parameters['FunctionName']}")


_SERVICES = {
    "dynamodb": _dynamodb,
    "s3": _s3,
    "sqs": _sqs,
    "kms": _kms,
    "secretsmanager": _secretsmanager,
    "ssm": _ssm,
    "lambda": _lambda,
}
