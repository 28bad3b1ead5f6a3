"""The objects of an analysis in S3: their keys, and how documents are stored."""

import gzip
import json
import secrets
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError
from pydantic_core import PydanticSerializationError, to_json

from chalicelib import aws
from chalicelib.analyses.items.run import Run
from chalicelib.http.compression import unpacked
from chalicelib.http.errors import TooLarge
from chalicelib.ids import new_id
from chalicelib.settings import settings

JSON_GZIP = "application/gzip"
_MOST_DELETED_AT_ONCE = 1000
_UPLOADED = ".uploaded"
_NOTE = "commit"
_GZIP = b"\x1f\x8b"
_QUICK, _STORED = 1, 0
"""Levels of gzip."""
_SAMPLE_BYTES = 32_768
_WORTH_IT = 0.7


def inputs_key(run_id: int) -> str:
    """Key of the document that the service was sent, without callback and credentials."""
    return f"inputs/{run_id}.json.gz"


def new_parameters_key(run_id: int) -> str:
    """Key for the parameters of a run that hold files; never that of another run that was given the same id."""
    return f"inputs/{run_id}-parameters-{secrets.token_hex(8)}.json.gz"


def incoming_prefix(run_id: int) -> str:
    """Where the results of a run arrive."""
    return f"incoming/{run_id}/"


def new_receipt(run_id: int) -> str:
    """Key for one arriving result; keys sort by time."""
    return f"{incoming_prefix(run_id)}{new_id():016d}.json.gz"


def uploads_prefix(run_id: int) -> str:
    """Where a service uploads a large result: what lies here counts only once it is committed."""
    return f"uploads/{run_id}/"


def upload_key(run_id: int) -> str:
    """Key of what the service of a run uploads; of several uploads the last is there."""
    return f"{uploads_prefix(run_id)}document"


def named_upload_key(user_id: int, name: str) -> str:
    """Key of what a user uploads under a name, before there is a run."""
    return f"uploads/user-{user_id}/{name}"


def new_uploaded_receipt(run_id: int) -> str:
    """Key for an uploaded result that was committed: the document as it was uploaded, compressed or not."""
    return f"{incoming_prefix(run_id)}{new_id():016d}{_UPLOADED}"


def is_uploaded(receipt: str) -> bool:
    """Say whether a receipt is of an uploaded result, which may be far too large for our memory."""
    return receipt.endswith(_UPLOADED)


def products_prefix(run_id: int) -> str:
    """Where the products of a run lie."""
    return f"products/{run_id}/"


def columns_prefix(run_id: int) -> str:
    """Where the samples of a posterior lie as text, for a day."""
    return f"answers/posteriors/{run_id}/"


def document_key(run_id: int) -> str:
    """Key of what the service posted, kept as long as the run."""
    return f"{products_prefix(run_id)}document.json.gz"


def document_of(run: Run) -> str:
    """Key of what the service posted for a run that has a receipt: where it is kept, or as it came in."""
    return document_key(run.id) if run.collected_at else str(run.receipt)


def batch_key(batch_id: int) -> str:
    """Key of the objects and options of a batch."""
    return f"batches/{batch_id}.json.gz"


def put_json(key: str, document: dict[str, Any]) -> None:
    """Store a document, compressed as far as that is quick."""
    put_compressed(key, _packed(_written(document)))


def _written(document: dict[str, Any]) -> bytes:
    """Return JSON, long texts in a ninth of json's time; what has no UTF-8, half of a surrogate pair, is left to it."""
    try:
        return to_json(document, inf_nan_mode="constants")
    except PydanticSerializationError:
        return json.dumps(document, separators=(",", ":")).encode()


def _packed(content: bytes) -> bytes:
    """Return a gzip file: numbers and words shrink to a third in no time, base64 hardly and slowly, so it is stored."""
    middle = len(content) // 2
    sample = content[middle : middle + _SAMPLE_BYTES]
    shrinks = len(zlib.compress(sample, _QUICK)) < _WORTH_IT * len(sample)
    return gzip.compress(content, compresslevel=_QUICK if shrinks or len(content) < _SAMPLE_BYTES else _STORED)


def put_compressed(key: str, content: bytes) -> None:
    """Store what is compressed already."""
    aws.s3().put_object(Bucket=settings().bucket, Key=key, Body=content, ContentType=JSON_GZIP)


def mark(key: str) -> None:
    """Leave an object without content: that it is there, and since when, is all that it says."""
    aws.s3().put_object(Bucket=settings().bucket, Key=key, Body=b"")


def get_json(key: str) -> dict[str, Any]:
    """Read a document.

    Raises
    ------
    botocore.exceptions.ClientError
        `NoSuchKey` if it does not exist.
    """
    content: dict[str, Any] = json.loads(gzip.decompress(get_bytes(key)))
    return content


def get_uploaded(key: str, most_bytes: int) -> bytes | None:
    """Read a document that was uploaded, and unpack it; None if it is larger than that, packed or unpacked.

    Raises
    ------
    BadRequest
        It is compressed, and damaged or cut off.
    """
    size = size_of(key)
    if size is None or size > most_bytes:
        return None
    content = get_bytes(key)
    try:
        return unpacked(content, "gzip" if content.startswith(_GZIP) else None, most_bytes)
    except TooLarge:
        return None


def parameters_of(run: Run) -> dict[str, Any]:
    """Return the parameters of a run, whole: those that hold files lie in S3."""
    parameters: dict[str, Any] = run.analysis_parameters
    return parameters if run.parameters_key is None else get_json(run.parameters_key)


def inputs_of(run: Run) -> dict[str, Any]:
    """Return the inputs that a run has from the one that it repeats."""
    inputs: dict[str, Any] = get_json(inputs_key(run.id))["inputs"]
    return inputs


def get_bytes(key: str) -> bytes:
    """Read an object whole."""
    return aws.s3().get_object(Bucket=settings().bucket, Key=key)["Body"].read()


@dataclass(frozen=True, slots=True)
class Listed:
    """What a listing says of an object."""

    key: str
    size: int
    modified: datetime


def listed(prefix: str) -> list[Listed]:
    """List the objects below a prefix that holds few of them."""
    page = aws.s3().list_objects_v2(Bucket=settings().bucket, Prefix=prefix, MaxKeys=10)
    return [
        Listed(item["Key"], item["Size"], item["LastModified"].replace(tzinfo=None))
        for item in page.get("Contents", [])
    ]


def get_tagged(key: str) -> tuple[bytes, str]:
    """Read an object whole, and the tag by which S3 tells it from others that lay there."""
    answer = aws.s3().get_object(Bucket=settings().bucket, Key=key)
    return answer["Body"].read(), answer["ETag"]


def size_of(key: str) -> int | None:
    """Return the size of an object in bytes, or None if it does not exist."""
    try:
        return aws.s3().head_object(Bucket=settings().bucket, Key=key)["ContentLength"]
    except ClientError as error:
        if error.response["Error"]["Code"] in {"404", "NoSuchKey"}:
            return None
        raise


def copy(source: str, target: str) -> None:
    """Copy an object.

    Raises
    ------
    botocore.exceptions.ClientError
        `NoSuchKey` if there is no such object.
    """
    bucket = settings().bucket
    aws.s3().copy_object(Bucket=bucket, Key=target, CopySource={"Bucket": bucket, "Key": source})


def take_upload(source: str, receipt: str, note: str) -> None:
    """Copy an uploaded result to its receipt, out of reach of later uploads, with a note of ASCII text beside it.

    Raises
    ------
    botocore.exceptions.ClientError
        `NoSuchKey` if nothing was uploaded.
    """
    bucket = settings().bucket
    aws.s3().copy_object(
        Bucket=bucket,
        Key=receipt,
        CopySource={"Bucket": bucket, "Key": source},
        MetadataDirective="REPLACE",
        Metadata={_NOTE: note},
    )


def note_of(receipt: str) -> str:
    """Return the note beside an uploaded result."""
    return aws.s3().head_object(Bucket=settings().bucket, Key=receipt)["Metadata"][_NOTE]


def exists(key: str) -> bool:
    """Say whether there is an object."""
    return size_of(key) is not None


def remove(key: str) -> None:
    """Remove an object; it need not exist."""
    aws.s3().delete_object(Bucket=settings().bucket, Key=key)


def keys_below(prefix: str) -> Iterator[str]:
    """List the keys of the objects below a prefix."""
    pages = aws.s3().get_paginator("list_objects_v2").paginate(Bucket=settings().bucket, Prefix=prefix)
    return (item["Key"] for page in pages for item in page.get("Contents", []))


def remove_below(prefix: str) -> int:
    """Remove every object below a prefix and return how many there were."""
    s3, bucket, removed = aws.s3(), settings().bucket, 0
    while True:
        page = s3.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=_MOST_DELETED_AT_ONCE)
        keys = [item["Key"] for item in page.get("Contents", [])]
        if not keys:
            return removed
        answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": key} for key in keys], "Quiet": True})
        if answer.get("Errors"):
            raise RuntimeError(f"S3 did not remove {answer['Errors'][0].get('Key')}: {answer['Errors'][0].get('Code')}")
        removed += len(keys)


def signed_read(key: str, seconds: int = 900) -> str:
    """Return a URL by which our own functions read one object for some time."""
    params = {"Bucket": settings().bucket, "Key": key}
    return aws.s3().generate_presigned_url("get_object", Params=params, ExpiresIn=seconds)


def signed_link(key: str, seconds: int, *, disposition: str | None = None, head: bool = False) -> str:
    """Return a URL by which callers read one object, or its head alone, for some time.

    `disposition` is the Content-Disposition of the answer.
    """
    shown = {} if disposition is None else {"ResponseContentDisposition": disposition}
    params = {"Bucket": settings().bucket, "Key": key, **shown}
    operation = "head_object" if head else "get_object"
    return aws.s3_for_others().generate_presigned_url(operation, Params=params, ExpiresIn=seconds)


def signed_form(key: str, most_bytes: int, seconds: int) -> dict[str, Any]:
    """Return a form, `url` and `fields`, by which callers and services write one object of limited size."""
    form = aws.s3_for_others().generate_presigned_post(
        settings().bucket, key, Conditions=[["content-length-range", 1, most_bytes]], ExpiresIn=seconds
    )
    return {"url": form["url"], "fields": form["fields"]}


def signed_write(prefix: str, most_bytes: int, seconds: int = 900) -> dict[str, Any]:
    """Return a form by which our own functions write objects below a prefix, each of limited size, for some time."""
    form = aws.s3().generate_presigned_post(
        settings().bucket,
        f"{prefix}${{filename}}",
        Conditions=[
            ["starts-with", "$Content-Type", ""],
            ["content-length-range", 0, most_bytes],
        ],
        ExpiresIn=seconds,
    )
    fields = {name: value for name, value in form["fields"].items() if name != "key"}
    return {"url": form["url"], "fields": fields, "prefix": prefix}
