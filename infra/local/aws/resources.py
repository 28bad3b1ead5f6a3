"""Creates what infra/resources.yaml names and an AWS-compatible endpoint does not have yet."""

import functools
import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from infra.plain_yaml import read_yaml

TEMPLATE = Path(__file__).parents[2] / "resources.yaml"

_MISSING = {
    "ResourceNotFoundException",
    "404",
    "NoSuchBucket",
    "AWS.SimpleQueueService.NonExistentQueue",
    "QueueDoesNotExist",
    "NotFoundException",
}

Properties = dict[str, Any]
Client = Callable[[str], Any]


def template() -> dict[str, Any]:
    """Read infra/resources.yaml."""
    content: dict[str, Any] = read_yaml(TEMPLATE.read_text())
    return content


def resolved(value: Any, names: dict[str, str]) -> Any:  # noqa: ANN401 - YAML
    """Replace `Ref`, `Fn::Sub` and `Fn::GetAtt` by the names given; what a stack alone knows raises KeyError."""
    if isinstance(value, list):
        return [resolved(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Ref"}:
        return names[value["Ref"]]
    if set(value) == {"Fn::GetAtt"}:
        return names[".".join(value["Fn::GetAtt"])]
    if set(value) == {"Fn::Sub"}:
        text: str = value["Fn::Sub"]
        for name, replacement in names.items():
            text = text.replace("${" + name + "}", replacement)
        if "${" in text:
            raise KeyError(text)
        return text
    return {key: resolved(item, names) for key, item in value.items()}


def create_missing(
    prefix: str, account_id: str, region: str, services: set[str] | None = None, client: Client | None = None
) -> list[str]:
    """Create every resource that does not exist yet.

    Parameters
    ----------
    prefix : str
        The template's parameter `Prefix`.
    account_id, region : str
        Those of the endpoint.
    services : set of str, optional
        Only these ("DynamoDB", …), for an endpoint that has no others.
    client : callable, optional
        What makes the clients of services, if not boto3.

    Returns
    -------
    list of str
        The logical names of what was created.
    """
    names = {
        "Prefix": prefix,
        "AWS::AccountId": account_id,
        "AWS::Region": region,
        "AWS::Partition": "aws",
    }
    created, client = [], functools.cache(client or _boto3())
    for logical_name, resource in template()["Resources"].items():
        kind = resource["Type"]
        create = _CREATORS.get(kind)
        if create is None or (services is not None and kind.split("::")[1] not in services):
            continue
        if create(client, resolved(resource["Properties"], names), logical_name, names):
            created.append(logical_name)
    return created


def _boto3() -> Any:  # noqa: ANN401 - as it is typed there, it makes clients of the services that it knows
    import boto3  # noqa: PLC0415 - most that look into the template ask nobody, and it takes long to import

    return boto3.client


def _exists(call: Callable[..., Any], **arguments: Any) -> bool:  # noqa: ANN401 - boto3
    from botocore.exceptions import ClientError  # noqa: PLC0415 - same

    try:
        call(**arguments)
    except ClientError as error:
        if error.response["Error"]["Code"] in _MISSING:
            return False
        raise
    return True


def _table(client: Client, properties: Properties, _name: str, _names: dict[str, str]) -> bool:
    dynamodb = client("dynamodb")
    table = properties["TableName"]
    if _exists(dynamodb.describe_table, TableName=table):
        return False
    wanted = ("TableName", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    made = dynamodb.create_table(**{key: properties[key] for key in wanted if key in properties})
    if made["TableDescription"]["TableStatus"] != "ACTIVE":
        dynamodb.get_waiter("table_exists").wait(TableName=table, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    return True


def _bucket(client: Client, properties: Properties, logical_name: str, names: dict[str, str]) -> bool:
    s3 = client("s3")
    bucket = properties["BucketName"]
    names[logical_name] = bucket
    names[f"{logical_name}.Arn"] = f"arn:aws:s3:::{bucket}"
    if _exists(s3.head_bucket, Bucket=bucket):
        return False
    s3.create_bucket(Bucket=bucket)
    return True


def _queue(client: Client, properties: Properties, logical_name: str, names: dict[str, str]) -> bool:
    sqs = client("sqs")
    queue = properties["QueueName"]
    names[f"{logical_name}.Arn"] = f"arn:aws:sqs:{names['AWS::Region']}:{names['AWS::AccountId']}:{queue}"
    if _exists(sqs.get_queue_url, QueueName=queue):
        return False
    attributes: Any = {
        key: json.dumps(value) if isinstance(value, dict) else str(value)
        for key, value in properties.items()
        if key != "QueueName"
    }
    sqs.create_queue(QueueName=queue, Attributes=attributes)
    return True


def _key(client: Client, properties: Properties, logical_name: str, names: dict[str, str]) -> bool:
    # a key has no name: it exists when its alias does
    kms = client("kms")
    alias = f"alias/{names['Prefix']}-credentials"
    if _exists(kms.describe_key, KeyId=alias):
        return False
    names[logical_name] = kms.create_key(Description=properties["Description"])["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName=alias, TargetKeyId=names[logical_name])
    return True


def _secret(client: Client, properties: Properties, _name: str, _names: dict[str, str]) -> bool:
    manager = client("secretsmanager")
    if _exists(manager.describe_secret, SecretId=properties["Name"]):
        return False
    manager.create_secret(Name=properties["Name"], SecretString=secrets.token_hex(32))
    return True


_CREATORS: dict[str, Callable[[Client, Properties, str, dict[str, str]], bool]] = {
    "AWS::DynamoDB::Table": _table,
    "AWS::S3::Bucket": _bucket,
    "AWS::SQS::Queue": _queue,
    "AWS::KMS::Key": _key,
    "AWS::SecretsManager::Secret": _secret,
}
