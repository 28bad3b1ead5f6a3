"""Lets moto's SQS keep its queues, and each message with what became of it: visibility, receipts, delay, place."""

import functools
import itertools
import json
from collections.abc import Mapping
from typing import Any

from moto.sqs import models
from moto.sqs.models import Message, Queue, SQSBackend, sqs_backends

from infra.local.aws.account import ACCOUNT_ID, REGION
from infra.local.aws.kept.clock import OnwardClock
from infra.local.aws.kept.database import Database
from infra.local.aws.kept.json_with_bytes import dumps, loads

_COMPUTED = ("CreatedTimestamp", "LastModifiedTimestamp", "QueueArn")
_FACTS = (
    "message_attributes",
    "system_attributes",
    "sent_timestamp",
    "deduplication_id",
    "group_id",
    "sequence_number",
)
_DELIVERY = (
    "receipt_handle", "_old_receipt_handles", "approximate_first_receive_timestamp", "approximate_receive_count",
    "visible_at", "delayed_until",
)  # fmt: skip


class QueueStore:
    """Reads and writes queues and messages.

    Parameters
    ----------
    database : Database
        Where they lie.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        [[last]] = database.read("SELECT coalesce(max(place), 0) FROM messages")
        self._places = itertools.count(last + 1)

    def define(self, queue: Any) -> None:
        """Keep the attributes of a queue."""
        attributes = {
            name: value
            for name, value in queue.attributes.items()
            if value is not None and name not in _COMPUTED and not name.startswith("Approximate")
        }
        values = queue.name, json.dumps(attributes)
        self.database.write(
            lambda connection: connection.execute(
                "INSERT OR REPLACE INTO resources (kind, name, definition) VALUES ('queue', ?, ?)", values
            )
        )

    def forget(self, name: str) -> None:
        """Remove a queue and its messages."""
        self.purge(name)
        self.database.write(
            lambda connection: connection.execute("DELETE FROM resources WHERE kind = 'queue' AND name = ?", (name,))
        )

    def purge(self, name: str) -> None:
        """Remove the messages of a queue."""
        self.database.write(lambda connection: connection.execute("DELETE FROM messages WHERE queue = ?", (name,)))

    def append(self, queue: str, message: Any) -> None:
        """Put a message at the end of a queue, and out of the one where it was."""
        values = message.id, queue, next(self._places), message.body, _json(message, _FACTS), _delivery(message)
        self.database.write(
            lambda connection: connection.execute(
                "INSERT OR REPLACE INTO messages (id, queue, place, body, facts, delivery) VALUES (?, ?, ?, ?, ?, ?)",
                values,
            )
        )

    def deliver(self, message: Any) -> None:
        """Keep what became of a message."""
        values = _delivery(message), message.id
        self.database.write(
            lambda connection: connection.execute("UPDATE messages SET delivery = ? WHERE id = ?", values)
        )

    def remove(self, message: Any) -> None:
        """Remove a message."""
        self.database.write(lambda connection: connection.execute("DELETE FROM messages WHERE id = ?", (message.id,)))

    def load(self, queue: Any) -> None:
        """Fill a queue with the messages that there are."""
        now = models.unix_time_millis()
        rows = self.database.read(
            "SELECT id, body, facts, delivery FROM messages WHERE queue = ? ORDER BY place", (queue.name,)
        )
        queue._messages = [_message(row, now) for row in rows]
        queue._pending_messages = {one for one in queue._messages if one.visible_at > now}

    def reload(self) -> None:
        """Let memory follow the disk, after a change that was not kept."""
        for queue in list(sqs_backends[ACCOUNT_ID][REGION].queues.values()):
            self.load(queue)


def install(store: QueueStore) -> None:
    """Bring back the queues and messages that there were, and keep those that come.

    A queue without its dead-letter queue is from a site whose making was broken off; who makes it again brings it back.
    """
    models.unix_time_millis = OnwardClock(models.unix_time_millis)
    backend = sqs_backends[ACCOUNT_ID][REGION]
    rows = store.database.read("SELECT name, definition FROM resources WHERE kind = 'queue'")
    known = {name: json.loads(definition) for name, definition in rows}
    for name, attributes in sorted(known.items(), key=lambda one: "RedrivePolicy" in one[1]):
        if _dead_letter_queue(attributes) in {None, *known}:
            store.load(backend.create_queue(name, **attributes))
    store.database.on_failure.append(store.reload)
    _keep_queues(store)
    _keep_messages(store)


def _dead_letter_queue(attributes: Mapping[str, Any]) -> str | None:
    if "RedrivePolicy" not in attributes:
        return None
    arn: str = json.loads(attributes["RedrivePolicy"])["deadLetterTargetArn"]
    return arn.rpartition(":")[2]


def _keep_queues(store: QueueStore) -> None:
    create, delete = SQSBackend.create_queue, SQSBackend.delete_queue
    change, purge = SQSBackend.set_queue_attributes, SQSBackend.purge_queue

    @functools.wraps(create)
    def create_kept(backend: Any, name: str, *args: Any, **named: Any) -> Any:
        is_new = name not in backend.queues
        queue = create(backend, name, *args, **named)
        store.define(queue)
        if is_new:
            store.load(queue)
        return queue

    @functools.wraps(change)
    def change_kept(backend: Any, queue_name: str, attributes: Mapping[str, Any]) -> Any:
        queue = change(backend, queue_name, attributes)
        store.define(queue)
        return queue

    @functools.wraps(delete)
    def delete_kept(backend: Any, queue_name: str) -> None:
        delete(backend, queue_name)
        store.forget(queue_name)

    @functools.wraps(purge)
    def purge_kept(backend: Any, queue_name: str) -> None:
        purge(backend, queue_name)
        store.purge(queue_name)

    SQSBackend.create_queue, SQSBackend.delete_queue = create_kept, delete_kept
    SQSBackend.set_queue_attributes, SQSBackend.purge_queue = change_kept, purge_kept


def _keep_messages(store: QueueStore) -> None:
    add, delete = Queue.add_message, Queue.delete_message
    receive, hide = Message.mark_received, Message.change_visibility

    @functools.wraps(add)
    def add_kept(queue: Any, message: Any) -> None:
        with queue._messages_lock:
            add(queue, message)
            if message in queue._messages:
                store.append(queue.name, message)

    @functools.wraps(delete)
    def delete_kept(queue: Any, receipt_handle: str) -> None:
        with queue._messages_lock:
            gone = [one for one in queue._messages if one.had_receipt_handle(receipt_handle)]
            delete(queue, receipt_handle)
            for message in gone:
                store.remove(message)

    @functools.wraps(receive)
    def receive_kept(message: Any, *args: Any, **named: Any) -> None:
        receive(message, *args, **named)
        store.deliver(message)

    @functools.wraps(hide)
    def hide_kept(message: Any, visibility_timeout: int) -> None:
        hide(message, visibility_timeout)
        store.deliver(message)

    Queue.add_message, Queue.delete_message = add_kept, delete_kept
    Message.mark_received, Message.change_visibility = receive_kept, hide_kept


def _json(message: Any, names: tuple[str, ...]) -> str:
    return dumps({name: getattr(message, name) for name in names})


def _delivery(message: Any) -> str:
    facts = {name: getattr(message, name) for name in _DELIVERY}
    return json.dumps(facts | {"at": models.unix_time_millis()})


def _message(row: tuple[str, str, str, str], now: float) -> Any:
    """Make a message of its row; if the clock has gone back since, what is left of its times counts."""
    id_, body, facts, delivery = row
    message = Message(id_, body)
    known = loads(facts) | json.loads(delivery)
    ahead = max(0.0, known.pop("at") - now)
    for name, value in known.items():
        setattr(message, name, value)
    if ahead:
        message.visible_at = max(0.0, message.visible_at - ahead)
        message.delayed_until = max(0.0, message.delayed_until - ahead)
    return message
