"""Makes moto's SQS as strict, and as generous, as Amazon's: sizes in bytes, characters, delays, groups, attributes.

The numbers are those of the developer guide, "Amazon SQS message quotas", since August 2025 with messages of 1 MiB.
"""

import functools
import re
from collections.abc import Mapping
from typing import Any

from moto.sqs.exceptions import (
    BatchRequestTooLong,
    InvalidAttributeValue,
    InvalidParameterValue,
    MissingParameter,
    ReceiptHandleIsInvalid,
    SQSException,
    TooManyEntriesInBatchRequest,
)
from moto.sqs.models import SQSBackend, unix_time_millis

MOST_BYTES = 1024 * 1024
MOST_DELAY_SECONDS = 900
MOST_ATTRIBUTES = 10
MOST_INVISIBLE_SECONDS = 43_200
MOST_IN_BATCH = 10

_OTHER_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_GROUP = re.compile(r"[A-Za-z0-9!-/:-@\[-`{-~]{1,128}")
_ATTRIBUTE_NAME = re.compile(r"(?!(?i:aws|amazon)\.)(?!\.)[A-Za-z0-9_.-]{1,256}(?<!\.)")
_RANGES = {
    "DelaySeconds": (0, MOST_DELAY_SECONDS),
    "MaximumMessageSize": (1024, MOST_BYTES),
    "MessageRetentionPeriod": (60, 1_209_600),
    "ReceiveMessageWaitTimeSeconds": (0, 20),
    "VisibilityTimeout": (0, MOST_INVISIBLE_SECONDS),
}

Entry = Mapping[str, Any]
Backend = Any
"""moto's; it has no types."""

_send, _send_batch = SQSBackend.send_message, SQSBackend.send_message_batch
_create, _set = SQSBackend.create_queue, SQSBackend.set_queue_attributes
_receive, _delete_batch = SQSBackend.receive_message, SQSBackend.delete_message_batch


def install() -> None:
    """Put the checks before moto's operations; each replacement wraps what was found when this was imported."""
    SQSBackend.send_message = _send_checked
    SQSBackend.send_message_batch = _send_batch_checked
    SQSBackend.create_queue = _create_checked
    SQSBackend.set_queue_attributes = _set_checked
    SQSBackend.receive_message = _receive_checked
    SQSBackend.delete_message_batch = _delete_batch_checked
    SQSBackend.change_message_visibility = _change_visibility


@functools.wraps(_send)
def _send_checked(backend: Backend, queue_name: str, message_body: str, *args: Any, **named: Any) -> Any:  # noqa: ANN401
    entry = {
        "MessageBody": message_body,
        "MessageAttributes": named.get("message_attributes"),
        "DelaySeconds": named.get("delay_seconds"),
        "MessageGroupId": named.get("group_id"),
    }
    _check_message(entry, int(backend.get_queue(queue_name).maximum_message_size))
    return _send(backend, queue_name, message_body, *args, **named)


@functools.wraps(_send_batch)
def _send_batch_checked(backend: Backend, queue_name: str, entries: Mapping[str, dict[str, Any]]) -> Any:  # noqa: ANN401
    size = sum(map(_size, entries.values()))
    if size > MOST_BYTES:
        raise BatchRequestTooLong(size)
    good, failed = {}, []
    for place, entry in entries.items():
        try:
            _check_message(entry, int(backend.get_queue(queue_name).maximum_message_size))
        except SQSException as error:
            failed.append({"Id": entry["Id"], "SenderFault": True, "Code": error.code, "Message": error.message})
        else:
            good[place] = entry
    if not failed:
        return _send_batch(backend, queue_name, entries)
    sent, others = _send_batch(backend, queue_name, good)
    return sent, [*failed, *others]


@functools.wraps(_create)
def _create_checked(backend: Backend, name: str, *args: Any, **named: Any) -> Any:  # noqa: ANN401
    _check_attributes(named)
    return _create(backend, name, *args, **named)


@functools.wraps(_set)
def _set_checked(backend: Backend, queue_name: str, attributes: Mapping[str, Any]) -> Any:  # noqa: ANN401
    _check_attributes(attributes)
    return _set(backend, queue_name, attributes)


@functools.wraps(_receive)
def _receive_checked(backend: Backend, queue_name: str, *args: Any, **named: Any) -> Any:  # noqa: ANN401
    _, _, visibility, *_ = [*args, None, None, None]
    _check_invisible(named.get("visibility_timeout", visibility))
    return _receive(backend, queue_name, *args, **named)


@functools.wraps(_delete_batch)
def _delete_batch_checked(backend: Backend, queue_name: str, receipts: list[Entry]) -> Any:  # noqa: ANN401
    if len(receipts) > MOST_IN_BATCH:
        raise TooManyEntriesInBatchRequest(len(receipts))
    return _delete_batch(backend, queue_name, receipts)


def _change_visibility(backend: Backend, queue_name: str, receipt_handle: str, visibility_timeout: int) -> None:
    """Hide a message anew, at most twelve hours from when it was first received; moto counts from when it was sent."""
    _check_invisible(visibility_timeout)
    queue = backend.get_queue(queue_name)
    for message in queue._messages:  # noqa: SLF001 - moto offers no other
        if not message.had_receipt_handle(receipt_handle):
            continue
        hidden = unix_time_millis() + int(visibility_timeout) * 1000 - message.approximate_first_receive_timestamp
        if hidden > MOST_INVISIBLE_SECONDS * 1000:
            raise InvalidParameterValue(
                f"Value {visibility_timeout} for parameter VisibilityTimeout is invalid. Reason: Total "
                f"VisibilityTimeout for the message is beyond the limit [{MOST_INVISIBLE_SECONDS} seconds]"
            )
        message.change_visibility(visibility_timeout)
        if message.visible and message in queue.pending_messages:
            queue.pending_messages.remove(message)
        return
    raise ReceiptHandleIsInvalid


def _check_message(entry: Entry, most_bytes: int) -> None:
    body, attributes = entry["MessageBody"], entry.get("MessageAttributes") or {}
    if not body:
        raise MissingParameter("MessageBody")
    if found := _OTHER_CHARACTER.search(body):
        raise SQSException(
            "InvalidMessageContents",
            f"Invalid binary character '#x{ord(found[0]):X}' was found in the message body, the set of allowed "
            "characters is #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
        )
    delay = entry.get("DelaySeconds")
    if delay is not None and not 0 <= int(delay) <= MOST_DELAY_SECONDS:
        raise _invalid("DelaySeconds", delay, f"DelaySeconds must be >= 0 and <= {MOST_DELAY_SECONDS}.")
    group = entry.get("MessageGroupId")
    if group is not None and not _GROUP.fullmatch(group):
        reason = "MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length."
        raise _invalid("MessageGroupId", group, reason)
    _check_message_attributes(attributes)
    if _size(entry) > most_bytes:
        raise InvalidParameterValue(
            f"One or more parameters are invalid. Reason: Message must be shorter than {most_bytes} bytes."
        )


def _check_message_attributes(attributes: Mapping[str, Entry]) -> None:
    if len(attributes) > MOST_ATTRIBUTES:
        raise InvalidParameterValue(
            f"Number of message attributes [{len(attributes)}] exceeds the allowed maximum [{MOST_ATTRIBUTES}]."
        )
    for name, attribute in attributes.items():
        if not _ATTRIBUTE_NAME.fullmatch(name):
            raise InvalidParameterValue(f"The message attribute name '{name[:300]}' is invalid.")
        if not (attribute.get("StringValue") or attribute.get("BinaryValue")):
            raise InvalidParameterValue(
                f"The message attribute '{name}' must contain non-empty message attribute value."
            )


def _check_attributes(attributes: Mapping[str, Any]) -> None:
    for name, (least, most) in _RANGES.items():
        value = attributes.get(name)
        if value is not None and not least <= int(value) <= most:
            raise InvalidAttributeValue(name)


def _check_invisible(seconds: Any) -> None:  # noqa: ANN401 - a number, or its digits
    if seconds is not None and not 0 <= int(seconds) <= MOST_INVISIBLE_SECONDS:
        raise _invalid("VisibilityTimeout", seconds, f"Must be between 0 and {MOST_INVISIBLE_SECONDS}.")


def _invalid(parameter: str, value: object, reason: str) -> InvalidParameterValue:
    return InvalidParameterValue(f"Value {value} for parameter {parameter} is invalid. Reason: {reason}")


def _size(entry: Entry) -> int:
    """Return the bytes of a message: its body, and names, types and values of its attributes."""
    attributes: Mapping[str, Entry] = entry.get("MessageAttributes") or {}
    parts = [
        part
        for name, attribute in attributes.items()
        for part in (name, attribute.get("DataType"), attribute.get("StringValue"), attribute.get("BinaryValue"))
    ]
    texts = [entry["MessageBody"], *filter(None, parts)]
    return sum(len(text if isinstance(text, bytes) else text.encode(errors="surrogatepass")) for text in texts)
