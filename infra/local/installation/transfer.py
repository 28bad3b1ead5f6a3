"""Carries tables and objects between an installation and another AWS, and goes on where it was ended."""

import hashlib
import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.settings import Settings
from infra.local.aws.account import ACCOUNT_ID, CREDENTIALS, REGION
from infra.local.aws.kept import folder
from infra.local.aws.resources import create_missing, template
from infra.local.errors import StackError
from infra.local.installation.box import aws_of
from infra.local.installation.sealed import Sealed

_AT_ONCE = 25
_SAY_EVERY = 1000
_THREADS = 8
_HEADERS = ("ContentType", "ContentEncoding", "Metadata", "CacheControl", "ContentDisposition")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two AWS, with its resources."""

    endpoint: str
    account: str
    region: str
    credentials: dict[str, str]

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3 makes its classes at run time
        """Return a client of it."""
        return boto3.client(service, endpoint_url=self.endpoint, region_name=self.region, **self.credentials)  # type: ignore[call-overload]

    @property
    def bucket(self) -> str:
        """The name of the bucket."""
        return f"{Settings().prefix}-{self.account}"


def carry(data: Path, endpoint: str, *, out: bool) -> None:
    """Copy everything out of a folder, or into it; what is there under the same keys is replaced.

    Raises
    ------
    StackError
        A side cannot be used; what has been copied is remembered.
    """
    with aws_of(data, new=not out) as url:
        box = Side(url, ACCOUNT_ID, REGION, _given(CREDENTIALS))
        try:
            other = _other(endpoint)
            source, target = (box, other) if out else (other, box)
            _make(target)
            name = hashlib.sha256(f"{endpoint} {out}".encode()).hexdigest()[:12]
            progress = Progress(data / f"transfer-{name}.json")
            _tables(source, target, progress)
            _objects(source, target, progress)
            _secret(source, target)
        except (BotoCoreError, ClientError) as error:
            raise StackError(f"The copy has stopped and can be gone on with by the same command: {error}") from None
        progress.end()
    print(f"{'exported to' if out else 'imported from'}  {endpoint}")


class Progress:
    """How far a copy has come, in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._places: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}

    def place(self, of: str) -> Any:  # noqa: ANN401 - JSON
        """Return after what to go on; None from the start, True if all is done."""
        return self._places.get(of)

    def reach(self, of: str, place: Any) -> None:  # noqa: ANN401 - JSON
        """Remember what has been copied."""
        self._places[of] = place
        folder.write_private(self._file, json.dumps(self._places))

    def end(self) -> None:
        """Forget it: the next copy is a new one."""
        self._file.unlink(missing_ok=True)


def _other(endpoint: str) -> Side:
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or REGION
    given = {} if boto3.Session().get_credentials() else _given(CREDENTIALS)
    found = boto3.client("sts", endpoint_url=endpoint, region_name=region, **given).get_caller_identity()  # type: ignore[call-overload]
    return Side(endpoint, found["Account"], region, given)


def _given(credentials: dict[str, str]) -> dict[str, str]:
    names = {"AWS_ACCESS_KEY_ID": "aws_access_key_id", "AWS_SECRET_ACCESS_KEY": "aws_secret_access_key"}
    return {names[name]: value for name, value in credentials.items() if name in names}


def _make(target: Side) -> None:
    """Create what the target does not have yet."""
    credentials = {name.upper(): value for name, value in target.credentials.items()}
    wanted = credentials | {"AWS_ENDPOINT_URL": target.endpoint, "AWS_DEFAULT_REGION": target.region}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        create_missing(Settings().prefix, target.account, target.region)
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _tables(source: Side, target: Side, progress: Progress) -> None:
    sealed = Sealed(source.client("kms"), target.client("kms"), f"alias/{Settings().prefix}-credentials")
    for resource in template()["Resources"].values():
        if resource["Type"] == "AWS::DynamoDB::Table":
            table = resource["Properties"]["TableName"]["Fn::Sub"].replace("${Prefix}", Settings().prefix)
            _table(table, source.client("dynamodb"), target.client("dynamodb"), progress, sealed)


def _table(table: str, source: Any, target: Any, progress: Progress, sealed: Sealed) -> None:  # noqa: ANN401 - boto3
    start, count, said = progress.place(table), 0, 0
    while start is not True:
        page = source.scan(TableName=table, **({"ExclusiveStartKey": start} if start else {}))
        items = [sealed.resealed(item) for item in page["Items"]]
        for begin in range(0, len(items), _AT_ONCE):
            wanted = {table: [{"PutRequest": {"Item": item}} for item in items[begin : begin + _AT_ONCE]]}
            while wanted:
                wanted = target.batch_write_item(RequestItems=wanted).get("UnprocessedItems") or {}
        count += len(items)
        start = page.get("LastEvaluatedKey", True)
        progress.reach(table, start)
        if start is True or count - said >= _SAY_EVERY:
            said = count
            print(f"{table}  {count} items", flush=True)


def _objects(source: Side, target: Side, progress: Progress) -> None:
    reading, writing, count = source.client("s3"), target.client("s3"), 0

    def copy(key: str) -> None:
        found = reading.get_object(Bucket=source.bucket, Key=key)
        headers = {name: found[name] for name in _HEADERS if found.get(name)}
        writing.put_object(Bucket=target.bucket, Key=key, Body=found["Body"].read(), **headers)

    with ThreadPoolExecutor(_THREADS) as threads:
        for keys in _pages(reading, source.bucket, progress.place("objects")):
            list(threads.map(copy, keys))
            count += len(keys)
            progress.reach("objects", keys[-1])
            print(f"{target.bucket}  {count} objects", flush=True)


def _pages(reading: Any, bucket: str, start: str | None) -> Iterator[list[str]]:  # noqa: ANN401 - boto3
    while True:
        page = reading.list_objects_v2(Bucket=bucket, **({"StartAfter": start} if start else {}))
        keys = [one["Key"] for one in page.get("Contents", [])]
        if not keys:
            return
        yield keys
        start = keys[-1]


def _secret(source: Side, target: Side) -> None:
    """Let webhook tokens that are out stay valid."""
    name = f"{Settings().prefix}-webhook"
    value = source.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"]
    target.client("secretsmanager").put_secret_value(SecretId=name, SecretString=value)
