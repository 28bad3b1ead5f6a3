"""Watches what the application asks of AWS, function by function, and holds it against the policies in .chalice.

IAM itself is not on one machine. Each call is turned into the actions and resources that IAM would ask about; calls
that no function makes (a test's own) are left alone.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from botocore.client import BaseClient
from botocore.signers import RequestSigner, S3PostPresigner

POLICIES = Path(__file__).parents[2] / ".chalice"
_ACCOUNT = "us-east-1:123456789012"

_acting: ContextVar[str | None] = ContextVar("acting", default=None)


@dataclass(frozen=True, order=True)
class Access:
    """One question to IAM."""

    action: str
    resource: str
    condition: str = ""
    """The listed prefix, or the owner in the encryption context."""


@dataclass(frozen=True, order=True)
class Grant:
    """One thing that a policy allows: patterns with `*`."""

    action: str
    resource: str
    condition: str = "*"

    def allows(self, access: Access) -> bool:
        return (
            self.action == access.action
            and fnmatchcase(access.resource, self.resource)
            and fnmatchcase(access.condition, self.condition)
        )


_CONDITIONS = ("s3:prefix", "kms:EncryptionContext:owner")

used: dict[str, set[Access]] = {}
"""What each function did in this process."""

denied: list[tuple[str, Access]] = []
"""What IAM would have refused since the list was last emptied."""


@contextmanager
def acting_as(function: str) -> Iterator[None]:
    """Count what happens inside as done by this Lambda function."""
    token = _acting.set(function)
    try:
        yield
    finally:
        _acting.reset(token)


def statements_of(function: str) -> list[dict[str, Any]]:
    """Return the statements of a function's policy."""
    return json.loads((POLICIES / f"policy-{function}.json").read_text())["Statement"]


@cache
def grants_of(function: str) -> tuple[Grant, ...]:
    """Return all that a function's policy allows, one by one."""
    return tuple(
        Grant(action, resource, condition)
        for statement in statements_of(function)
        for action in statement["Action"]
        for resource in statement["Resource"]
        for condition in _conditions(statement)
    )


def _conditions(statement: dict[str, Any]) -> list[str]:
    for tests in statement.get("Condition", {}).values():
        for name in _CONDITIONS:
            if name in tests:
                return [tests[name]] if isinstance(tests[name], str) else tests[name]
    return ["*"]


def watch() -> None:
    """Look at every call of this process from now on."""
    call, sign, form = (
        BaseClient._make_api_call,
        RequestSigner.generate_presigned_url,
        S3PostPresigner.generate_presigned_post,
    )

    def watched_call(self, operation_name, api_params):
        _note(self.meta.service_model.service_name, operation_name, api_params)
        return call(self, operation_name, api_params)

    def watched_sign(self, request_dict, operation_name, *arguments, **keywords):
        bucket, _, key = unquote(urlsplit(request_dict["url"]).path).lstrip("/").partition("/")
        _note("s3", operation_name, {"Bucket": bucket, "Key": key})
        return sign(self, request_dict, operation_name, *arguments, **keywords)

    def watched_form(self, request_dict, fields=None, conditions=None, *arguments, **keywords):
        [bucket] = [item["bucket"] for item in conditions if isinstance(item, dict) and "bucket" in item]
        [prefix] = [item[2] for item in conditions if isinstance(item, list) and item[:2] == ["starts-with", "$key"]]
        _note("s3", "PutObject", {"Bucket": bucket, "Key": prefix})
        return form(self, request_dict, fields, conditions, *arguments, **keywords)

    BaseClient._make_api_call = watched_call
    RequestSigner.generate_presigned_url = watched_sign
    S3PostPresigner.generate_presigned_post = watched_form


def _note(service: str, operation: str, parameters: dict[str, Any]) -> None:
    function = _acting.get()
    if function is None:
        return
    for access in _SERVICES[service](operation, parameters):
        used.setdefault(function, set()).add(access)
        if not any(grant.allows(access) for grant in grants_of(function)):
            denied.append((function, access))


def _dynamodb(operation: str, parameters: dict[str, Any]) -> Iterator[Access]:
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


def _table(operation: str, table: str, index: str | None = None) -> Access:
    below = "" if index is None else f"/index/{index}"
    return Access(f"dynamodb:{operation}", f"arn:aws:dynamodb:{_ACCOUNT}:table/{table}{below}")


def _s3(operation: str, parameters: dict[str, Any]) -> Iterator[Access]:
    bucket = f"arn:aws:s3:::{parameters['Bucket']}"
    if operation == "ListObjectsV2":
        yield Access("s3:ListBucket", bucket, parameters.get("Prefix", ""))
    elif operation == "DeleteObjects":
        for item in parameters["Delete"]["Objects"]:
            yield Access("s3:DeleteObject", f"{bucket}/{item['Key']}")
    else:
        action = "GetObject" if operation == "HeadObject" else operation
        if operation == "CopyObject":
            action, source = "PutObject", parameters["CopySource"]
            yield Access("s3:GetObject", f"arn:aws:s3:::{source['Bucket']}/{source['Key']}")
        yield Access(f"s3:{action}", f"{bucket}/{parameters['Key']}")


def _sqs(operation: str, parameters: dict[str, Any]) -> Iterator[Access]:
    name = parameters.get("QueueName") or parameters["QueueUrl"].rpartition("/")[2]
    action = operation.removesuffix("Batch")
    yield Access(f"sqs:{action}", f"arn:aws:sqs:{_ACCOUNT}:{name}")


def _kms(operation: str, parameters: dict[str, Any]) -> Iterator[Access]:
    owner = parameters.get("EncryptionContext", {}).get("owner", "")
    yield Access(f"kms:{operation}", f"arn:aws:kms:{_ACCOUNT}:key/credentials", owner)


def _secretsmanager(operation: str, parameters: dict[str, Any]) -> Iterator[Access]:
    # Secrets Manager adds six characters to the name
    yield Access(
        f"secretsmanager:{operation}", f"arn:aws:secretsmanager:{_ACCOUNT}:secret:{parameters['SecretId']}-a1B2c3"
    )


def _lambda(operation: str, parameters: dict[str, Any]) -> Iterator[Access]:
    action = "InvokeFunction" if operation == "Invoke" else operation
    yield Access(f"lambda:{action}", f"arn:aws:lambda:{_ACCOUNT}:function:{parameters['FunctionName']}")


_SERVICES = {
    "dynamodb": _dynamodb,
    "s3": _s3,
    "sqs": _sqs,
    "kms": _kms,
    "secretsmanager": _secretsmanager,
    "lambda": _lambda,
}


RECORD = Path(__file__).parents[2] / "build" / "permissions.json"
"""What all functions did in the last run of the whole test suite."""


def as_json() -> dict[str, list[list[str]]]:
    """Return what was used in this process, to be sent between processes."""
    return {name: sorted([one.action, one.resource, one.condition] for one in found) for name, found in used.items()}


def add(found: dict[str, list[list[str]]]) -> None:
    """Take over what another process used."""
    for name, rows in found.items():
        used.setdefault(name, set()).update(Access(*row) for row in rows)


def unused() -> list[tuple[str, Grant]]:
    """Return what the policies of our functions allow and nothing used, but for what Lambda does by itself."""
    functions = (file.stem.removeprefix("policy-") for file in sorted(POLICIES.glob("policy-*.json")))
    return [
        (function, grant)
        for function in functions
        for grant in grants_of(function)
        if not _by_lambda(grant) and not any(goes_with(grant).allows(access) for access in used.get(function, ()))
    ]


def goes_with(grant: Grant) -> Grant:
    """Return the grant that this one is for: a queue's URL is asked for once in a process, to send to it."""
    if grant.action == "sqs:GetQueueUrl":
        return Grant("sqs:SendMessage", grant.resource)
    return grant


def _by_lambda(grant: Grant) -> bool:
    """Tell what Lambda does with a function's role: it writes logs, and takes messages out of the function's queue."""
    return grant.action.startswith("logs:") or grant.action in CONSUME


CONSUME = {"sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}
