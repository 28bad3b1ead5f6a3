"""Packages and template in S3, where CloudFormation takes them from."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from infra.package.build import TEMPLATE
from infra.package.template import text_of
from infra.plain_yaml import read_yaml

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_WITHOUT_LOCATION = "us-east-1"


def make_bucket(s3: "S3Client", bucket: str, region: str) -> None:
    """Make the bucket for packages, private and encrypted as all new ones are, unless it is there."""
    try:
        s3.head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"404", "NoSuchBucket"}:
            raise
        where: Any = (
            {} if region == _WITHOUT_LOCATION else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        )
        s3.create_bucket(Bucket=bucket, **where)


def upload(s3: "S3Client", bucket: str, folder: Path) -> str:
    """Upload what `infra.package` built; return the key of the template that names it.

    Keys are the hashes of what they hold: the same package is not uploaded twice, and a change set without changes is
    one.
    """
    template = read_yaml((folder / TEMPLATE).read_text())
    keys = {file.name: _put(s3, bucket, file.read_bytes(), ".zip") for file in sorted(folder.glob("*.zip"))}
    for resource in template["Resources"].values():
        properties = resource["Properties"]
        if "CodeUri" in properties:
            properties["CodeUri"] = {"Bucket": bucket, "Key": keys[Path(properties["CodeUri"]).name]}
        elif "Code" in properties:
            properties["Code"] = {"S3Bucket": bucket, "S3Key": keys[Path(properties["Code"]).name]}
    return _put(s3, bucket, text_of(template).encode(), ".yaml")


def url_of(bucket: str, key: str, region: str) -> str:
    """Return the URL of an object as CloudFormation takes it, whatever endpoint this process talks to."""
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return f"https://{bucket}.s3.{region}.{suffix}/{key}"


def _put(s3: "S3Client", bucket: str, content: bytes, suffix: str) -> str:
    key = hashlib.sha256(content).hexdigest() + suffix
    if not s3.list_objects_v2(Bucket=bucket, Prefix=key).get("KeyCount"):
        s3.put_object(Bucket=bucket, Key=key, Body=content)
    return key
