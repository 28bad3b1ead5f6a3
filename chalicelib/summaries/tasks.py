"""Summaries that are to be written: an object in S3 each, removed when its answer is delivered.

The two secrets of a task, the API key and the callback URL with its token, are encrypted with KMS under an encryption
context that names the task; the queue carries only the task's number.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from chalicelib import aws, clock, sealing
from chalicelib.ids import new_id
from chalicelib.settings import settings
from chalicelib.summaries.document import Document

QUEUE = "summarize"

_WITHOUT_DEADLINE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Secrets:
    """What nobody but the worker may see."""

    callback_url: str = field(repr=False)
    api_key: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Task:
    """A summary that is to be written."""

    id: int
    obj_id: str
    inputs: Mapping[str, str]
    """CSV text by kind: redshift, classifications, comments, annotations."""
    parameters: Mapping[str, Any]
    """The request's over the site's, under the names of `ModelParameters`."""
    deadline: datetime
    """Naive UTC: afterwards nobody accepts the answer."""
    sealed: bytes = field(repr=False)
    answer: Mapping[str, Any] | None = None
    """Set when the answer is there and could not be delivered yet."""


def accept(document: Document) -> int:
    """Store a task, send it to the queue and return its number."""
    given = document.inputs.analysis_parameters
    key = given.openai_api_key
    number = new_id()
    task = Task(
        number,
        obj_id=document.resource_id,
        inputs=document.inputs.model_dump(exclude={"analysis_parameters"}),
        parameters={**settings().summary_parameters, **given.summary_parameters.model_dump(exclude_none=True)},
        deadline=document.invalid_after or clock.now() + _WITHOUT_DEADLINE,
        sealed=_seal(number, Secrets(document.callback_url, None if key is None else key.get_secret_value())),
    )
    _store(task)
    send(task.id, attempt=1)
    return number


def send(task_id: int, *, attempt: int, delay_seconds: int = 0) -> None:
    """Have a task worked on, in so many seconds."""
    aws.send(QUEUE, {"task": task_id, "attempt": attempt}, delay_seconds=delay_seconds)


def load(task_id: int) -> Task | None:
    """Read a task; None if its answer was delivered."""
    try:
        stored = aws.s3().get_object(Bucket=settings().bucket, Key=_key(task_id))["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchKey":
            return None
        raise
    values = json.loads(stored)
    times = {"deadline": clock.parse(values["deadline"])}
    return Task(**{**values, **times, "sealed": base64.b64decode(values["sealed"])})


def keep_answer(task: Task, answer: Mapping[str, Any]) -> None:
    """Store an answer that could not be delivered yet, so that the language model is not asked again."""
    _store(replace(task, answer=answer))


def remove(task: Task) -> None:
    """Forget a task."""
    aws.s3().delete_object(Bucket=settings().bucket, Key=_key(task.id))


def secrets_of(task: Task) -> Secrets:
    """Decrypt the secrets of a task."""
    return Secrets(**json.loads(sealing.opened(task.sealed, _owner(task.id))))


def _seal(task_id: int, secrets: Secrets) -> bytes:
    text = json.dumps({"callback_url": secrets.callback_url, "api_key": secrets.api_key})
    return sealing.seal(text.encode(), _owner(task_id))


def _store(task: Task) -> None:
    values = {
        "id": task.id,
        "obj_id": task.obj_id,
        "inputs": dict(task.inputs),
        "parameters": dict(task.parameters),
        "deadline": clock.iso(task.deadline),
        "sealed": base64.b64encode(task.sealed).decode(),
        "answer": task.answer,
    }
    aws.s3().put_object(
        Bucket=settings().bucket,
        Key=_key(task.id),
        Body=json.dumps(values).encode(),
        ContentType="application/json",
    )


def _key(task_id: int) -> str:
    return f"summaries/{task_id}.json"


def _owner(task_id: int) -> str:
    return f"summary#{task_id}"
