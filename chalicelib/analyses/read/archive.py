"""Everything of a run as one zip: record, inputs, results as JSON, plots and inference data as they came."""

import gzip
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from chalicelib import aws
from chalicelib.accounts.caller import Caller
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.read.inference_data import being_read
from chalicelib.analyses.read.product_file import LINK_SECONDS, file_name
from chalicelib.analyses.read.product_list import product_list
from chalicelib.analyses.read.record import analysis_record
from chalicelib.analyses.read.sent_data import data_of
from chalicelib.analyses.read.zip_file import ZIP, Entry, once, write_zip
from chalicelib.analyses.run import objects, webhook_token
from chalicelib.analyses.run.access import readable
from chalicelib.http.encoding import json_bytes
from chalicelib.http.envelope import Reply, redirect
from chalicelib.http.errors import TooLarge
from chalicelib.http.file_reply import File, file_reply
from chalicelib.http.large_answers import PREFIX
from chalicelib.settings import VERSION, settings

_MOST_PACKED = 32_000_000
"""Bytes of JSON that are compressed: more would take longer than a caller waits."""

_ELSEWHERE = frozenset({"plots", "inference_data", "results"})
"""What of the data has a file of its own."""

_REST_OF_TOKEN = re.compile(rb"-(?<=[0-9a-f]{8}-)[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
"""From its first hyphen: much of what services return is digits, in which every place could begin a token."""
_FIRST, _TOKEN_LENGTH = 8, 36
_PIECE = 1 << 20


def archive(caller: Caller, analysis_id: int, headers: Mapping[str, str], *, head: bool = False) -> Reply:
    """Answer the zip, or lead to where it is stored for a day.

    Inputs are in it for those who may read them: the author and administrators.

    Raises
    ------
    Unavailable
        Its products are being made.
    """
    run, service = readable(caller, analysis_id)
    if run.receipt is not None and run.collected_at is None:
        raise being_read()
    record = json_bytes(analysis_record(run, service, caller))
    products = json_bytes(product_list(run))
    with_inputs = caller.is_admin or run.author_id == caller.user_id
    parts = [str(run.id).encode(), record, products, b"%d" % with_inputs, VERSION.encode()]
    digest = hashlib.sha256(b"\0".join(parts)).hexdigest()
    key, name = f"{PREFIX}{digest}.zip", file_name(run, service, "archive", ".zip")
    content = None
    if not objects.exists(key):
        texts = {"record.json": record, "products.json": products}
        content = write_zip(key, _entries(run, texts, with_inputs=with_inputs), run.modified)
    if content is None:
        return redirect(objects.signed_link(key, LINK_SECONDS, disposition=name, head=head))
    return file_reply(File(content, ZIP, f'"{digest[:32]}"', name), {} if head else headers)


def _entries(run: Run, texts: Mapping[str, bytes], *, with_inputs: bool) -> Iterator[Entry]:
    for name, text in texts.items():
        yield Entry(name, _blotted(run, once(text)), is_packed=True)
    inputs = _inputs(run) if with_inputs else None
    if inputs is not None:
        yield Entry("inputs.json", _blotted(run, inputs), is_packed=True)
    rest = _rest(run)
    if rest:
        yield Entry("analysis.json", _blotted(run, once(json_bytes(rest))), is_packed=True)
    for row in run.products or []:
        if row["key"] and row["name"] != "results_original":
            file = row["key"].removeprefix(objects.products_prefix(run.id))
            is_json = row["content_type"] == "application/json"
            pieces = _stored(row["key"])
            is_packed = is_json and row["size"] <= _MOST_PACKED
            yield Entry(file, _blotted(run, pieces) if is_json else pieces, is_packed)


def _rest(run: Run) -> dict[str, Any]:
    """Return what else the service sent, such as samples as lists and light curves, if that is small."""
    try:
        return {name: value for name, value in data_of(run).items() if name not in _ELSEWHERE}
    except TooLarge:
        return {}


def _inputs(run: Run) -> Iterator[bytes] | None:
    """Return the document that was sent; None if nothing was."""
    if run.keeps_inputs and not run.attempts:
        return None
    try:
        body = aws.s3().get_object(Bucket=settings().bucket, Key=objects.inputs_key(run.id))["Body"]
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"404", "NoSuchKey"}:
            raise
        return None
    packed = gzip.GzipFile(fileobj=body)
    return iter(lambda: packed.read(_PIECE), b"")


def _stored(key: str) -> Iterator[bytes]:
    """Yield an object, which is asked for when it is its turn."""
    yield from aws.s3().get_object(Bucket=settings().bucket, Key=key)["Body"].iter_chunks(_PIECE)


def _blotted(run: Run, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Blot out the token of the run, which services echo."""
    held = b""
    for piece in pieces:
        held = _without_token(run, held + piece)
        whole = max(0, len(held) - _TOKEN_LENGTH + 1)
        yield held[:whole]
        held = held[whole:]
    yield held


def _without_token(run: Run, text: bytes) -> bytes:
    blotted = bytearray(text)
    for found in _REST_OF_TOKEN.finditer(text):
        token = slice(found.start() - _FIRST, found.end())
        if webhook_token.is_of(text[token].decode(), run.id):
            blotted[token] = b"*" * _TOKEN_LENGTH
    return bytes(blotted)
