"""What a process does, and may die in: each operation as a way to bring about the situation, and the act."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from chalicelib.analyses.run.webhook_token import token_of
from tests.faults.wire import Died
from tests.faults.world import TIMEOUT, World
from tests.support.scene import register
from tests.support.service import Reaction

Action = Callable[..., object]
FILE = f"data:application/fits;name=cube.fits;base64,{base64.b64encode(bytes(1000)).decode()}"


@dataclass(frozen=True)
class Operation:
    """Something that a process does, and may die in."""

    prepare: Callable[[World], Action]
    """Brings about the situation and returns what is then done."""
    steps: frozenset[str]
    """Steps that must be among those that it takes: else the table would not be about this operation."""


def starting(world):
    return lambda world, key=None: world.begin(world.start_path, {}, key)


def delivering(world, queue, name, wanted):
    """Deliver the message of a queue that is about this run or service."""
    (message,) = [message for message in world.receive(queue) if json.loads(message["body"]).get(name) == wanted]
    return lambda world: world.deliver(queue, message)


def sending(world, reaction=None):
    analysis_id = world.start()
    reactions = [reaction] if reaction else []
    world.scene.service.react = lambda _: reactions.pop() if reactions else Reaction()
    return delivering(world, "dispatch", "run", analysis_id)


def sending_to_a_service_that_is_down(world):
    return sending(world, Reaction(503, b"later"))


def sending_to_a_service_that_is_down_for_long(world):
    return sending(world, Reaction(503, b"later", {"Retry-After": "500"}))


def sending_to_a_service_that_refuses(world):
    return sending(world, Reaction(422, b"no"))


def taken(world):
    analysis_id = world.start()
    world.pump()
    assert world.sent(analysis_id)
    return analysis_id


def accepting(world, **result):
    analysis_id = taken(world)
    return lambda world: world.post(analysis_id, **result)


def accepting_a_failure(world):
    return accepting(world, status="failure")


def accepting_what_overtook_its_acknowledgement(world):
    analysis_id = world.start()
    return lambda world: world.post(analysis_id)


def refusing_what_is_late(world):
    analysis_id = taken(world)
    world.advance(seconds=TIMEOUT + 1)
    return lambda world: world.post(analysis_id)


def refusing_a_second_result(world):
    analysis_id = taken(world)
    world.post(analysis_id)
    return lambda world: world.post(analysis_id)


def collecting(world):
    analysis_id = taken(world)
    world.post(analysis_id)
    return delivering(world, "collect", "run", analysis_id)


def deleting(world):
    analysis_id = taken(world)
    return lambda world: world.scene.user.delete(f"/api/obj/analysis/{analysis_id}")


def deleting_what_has_completed(world):
    analysis_id = taken(world)
    world.post(analysis_id)
    world.pump()
    return lambda world: world.scene.user.delete(f"/api/obj/analysis/{analysis_id}")


def cancelling(world):
    analysis_id = taken(world)
    return lambda world: world.scene.user.post(f"/api/obj/analysis/{analysis_id}/cancel")


def cancelling_what_has_an_uncommitted_result(world):
    analysis_id = with_an_uncommitted_result(world)
    return lambda world: world.scene.user.post(f"/api/obj/analysis/{analysis_id}/cancel")


def retrying(world):
    analysis_id = taken(world)
    world.post(analysis_id, status="failure")
    world.pump()
    return lambda world, key=None: world.begin(f"/api/obj/analysis/{analysis_id}/retry", None, key)


def starting_with_a_file(world):
    body = {"analysis_parameters": {"cube": FILE}}
    return lambda world, key=None: world.begin(world.start_path, body, key)


def uploading(world):
    return lambda world, key=None: world.upload(key)


def accepting_a_batch(world):
    return lambda world, key=None: world.begin_batch([world.scene.obj_id, "unknown"], key)


def dividing_a_batch(world):
    return delivering(world, "batch", "batch", world.begin_batch([world.scene.obj_id, "unknown"]))


def expanding_a_batch(world):
    batch_id = world.begin_batch([world.scene.obj_id, "unknown", *world.more_objects(2)])
    (message,) = [message for message in world.receive("batch") if json.loads(message["body"])["batch"] == batch_id]
    world.deliver("batch", message)
    return delivering(world, "batch", "batch", batch_id)


def sweeping_a_batch_that_was_not_expanded(world):
    world.begin_batch([world.scene.obj_id, "unknown"])
    world.take("batch")
    world.advance(seconds=121)
    return World.sweep


def cleaning(world):
    deleting_what_has_completed(world)(world)
    return delivering(world, "cleanup", "run", world.started[-1])


def deleting_a_service(world):
    world.scene.service_id = register(world.scene.admin, world.scene.group_id, world.scene.service.url)
    accepting(world)(world)
    world.start()
    service_id = world.scene.service_id
    return lambda world: world.scene.admin.delete(f"/api/analysis_service/{service_id}")


def cleaning_up_after_a_service(world):
    deleting_a_service(world)(world)
    world.advance(seconds=40)  # the message goes out before the tombstone, with a delay
    return delivering(world, "cleanup", "service_id", world.scene.service_id)


def sweeping_what_was_never_sent(world):
    world.start()
    world.take("dispatch")
    world.advance(seconds=61)
    return World.sweep


def sweeping_what_came_too_late(world):
    world.start()
    world.take("dispatch")
    world.advance(seconds=TIMEOUT + 1)
    return World.sweep


def sweeping_what_is_silent(world):
    taken(world)
    world.advance(seconds=TIMEOUT + 61)
    return World.sweep


def with_an_uncommitted_result(world):
    analysis_id = taken(world)
    world.scene.answer(token_of(1))  # refused, but the process that is to die remembers the secret of tokens then
    with pytest.raises(Died), world.wire.dying(2, before=True) as steps:
        world.post(analysis_id)
    assert steps[:2] == ["GetItem", "PutObject"]
    return analysis_id


def sweeping_an_uncommitted_result(world):
    with_an_uncommitted_result(world)
    world.advance(seconds=121)
    return World.sweep


def sweeping_what_was_not_collected(world):
    accepting(world)(world)
    world.take("collect")
    world.advance(seconds=61)
    return World.sweep


def sweeping_what_was_not_cleaned(world):
    deleting_what_has_completed(world)(world)
    world.take("cleanup")
    world.advance(seconds=121)
    return World.sweep


def named(*operations):
    """Give each operation the name of what prepares it."""
    return {operation.prepare.__name__.replace("_", " "): operation for operation in operations}


OPERATIONS = named(
    Operation(starting, frozenset({"TransactGetItems", "TransactWriteItems", "SendMessage"})),
    Operation(sending, frozenset({"UpdateItem", "PutObject", "POST"})),
    Operation(sending_to_a_service_that_is_down, frozenset({"UpdateItem", "POST", "SendMessage"})),
    Operation(sending_to_a_service_that_is_down_for_long, frozenset({"UpdateItem", "POST"})),
    Operation(sending_to_a_service_that_refuses, frozenset({"POST", "TransactWriteItems"})),
    Operation(accepting, frozenset({"PutObject", "TransactWriteItems", "SendMessage"})),
    Operation(accepting_a_failure, frozenset({"PutObject", "TransactWriteItems", "SendMessage"})),
    Operation(accepting_what_overtook_its_acknowledgement, frozenset({"PutObject", "TransactWriteItems"})),
    Operation(refusing_what_is_late, frozenset({"ListObjectsV2", "TransactWriteItems"})),
    Operation(refusing_a_second_result, frozenset({"GetItem"})),
    Operation(starting_with_a_file, frozenset({"PutObject", "TransactWriteItems", "SendMessage"})),
    Operation(cancelling, frozenset({"TransactWriteItems"})),
    Operation(cancelling_what_has_an_uncommitted_result, frozenset({"GetObject", "TransactWriteItems", "SendMessage"})),
    Operation(retrying, frozenset({"CopyObject", "TransactWriteItems", "SendMessage"})),
    Operation(uploading, frozenset({"PutObject", "TransactWriteItems", "SendMessage"})),
    Operation(accepting_a_batch, frozenset({"PutObject", "PutItem", "SendMessage"})),
    Operation(dividing_a_batch, frozenset({"SendMessageBatch"})),
    Operation(expanding_a_batch, frozenset({"TransactWriteItems", "SendMessage"})),
    Operation(collecting, frozenset({"CopyObject", "Invoke", "UpdateItem"})),
    Operation(deleting, frozenset({"TransactWriteItems", "SendMessage"})),
    Operation(deleting_what_has_completed, frozenset({"TransactWriteItems", "SendMessage"})),
    Operation(cleaning, frozenset({"DeleteObjects", "BatchWriteItem"})),
    Operation(deleting_a_service, frozenset({"SendMessage"})),
    Operation(cleaning_up_after_a_service, frozenset({"TransactWriteItems", "SendMessage"})),
    Operation(sweeping_what_was_never_sent, frozenset({"UpdateItem", "SendMessage"})),
    Operation(sweeping_what_came_too_late, frozenset({"ListObjectsV2", "TransactWriteItems"})),
    Operation(sweeping_what_is_silent, frozenset({"ListObjectsV2", "TransactWriteItems"})),
    Operation(sweeping_an_uncommitted_result, frozenset({"GetObject", "TransactWriteItems", "SendMessage"})),
    Operation(sweeping_what_was_not_collected, frozenset({"UpdateItem", "SendMessage"})),
    Operation(sweeping_a_batch_that_was_not_expanded, frozenset({"UpdateItem", "SendMessage"})),
    Operation(sweeping_what_was_not_cleaned, frozenset({"UpdateItem", "DeleteObjects"})),
)


REQUESTS = named(
    Operation(starting, frozenset({"PutItem", "TransactWriteItems", "SendMessage", "UpdateItem"})),
    Operation(starting_with_a_file, frozenset({"PutItem", "PutObject", "TransactWriteItems", "UpdateItem"})),
    Operation(retrying, frozenset({"PutItem", "CopyObject", "TransactWriteItems", "UpdateItem"})),
    Operation(uploading, frozenset({"PutItem", "PutObject", "TransactWriteItems", "UpdateItem"})),
    Operation(accepting_a_batch, frozenset({"PutItem", "PutObject", "UpdateItem"})),
)
"""Requests that may carry an Idempotency-Key; their acts take it, and return the id of what was begun."""
