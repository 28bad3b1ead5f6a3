"""The whole system in one process, with time, queues and crashes in the hands of a test."""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property
from http import HTTPStatus
from typing import Any

from moto.s3 import models as moto_s3
from moto.sqs import models as moto_sqs

from app import app
from chalicelib import clock, memory
from chalicelib.analyses.items.batch import BATCH_SK
from chalicelib.analyses.items.run import RUN_SK, Run
from chalicelib.analyses.run.transitions import may_become
from chalicelib.analyses.run.webhook_token import run_of, token_of
from chalicelib.analyses.states import State
from chalicelib.settings import settings
from infra.local.worker.event_sources import Consumer, consumers, schedules
from tests.faults import stored
from tests.faults.wire import Died, Wire
from tests.support import stores
from tests.support.permissions import acting_as
from tests.support.scene import SUCCESS, Scene, register
from tests.support.service import Received

TIMEOUT = 120
"""Seconds that the service has to answer."""

_LONGEST = timedelta(days=2)
_MOST_ROUNDS = 600
_EPOCH = datetime(1970, 1, 1)
_TICK = dict.fromkeys(("version", "id", "detail-type", "source", "account", "time", "region"), "") | {
    "resources": [],
    "detail": {},
}

Message = dict[str, Any]


def _result(message: str) -> dict[str, Any]:
    """Return a result whose data are told apart by its message."""
    results = {"format": "json", "data": {"of": message}}
    return {**SUCCESS, "message": message, "analysis": {**SUCCESS["analysis"], "results": results}}


class World:
    """A scene, the messages on their way and the time; knows what was accepted and which states were seen.

    Parameters
    ----------
    scene : Scene
        People, a source and a service.
    monkeypatch : pytest.MonkeyPatch
        Puts the time into the test's hands, for our code and for the embedded queues and bucket.
    """

    def __init__(self, scene: Scene, monkeypatch) -> None:
        self.scene = scene
        self.ahead = timedelta(0)
        self.started: list[int] = []
        self.batches: list[int] = []
        self.uploaded: list[dict[str, Any]] = []
        self.accepted: dict[int, list[dict[str, Any]]] = {}
        self.posted: dict[int, list[dict[str, Any]]] = {}
        self.history: dict[int, list[State]] = {}
        self.violations: list[str] = []
        self.wire = Wire(self.look)
        self._beginning = stores.content()
        real_now, real_millis = clock.now, moto_sqs.unix_time_millis
        monkeypatch.setattr(clock, "now", lambda: real_now() + self.ahead)
        monkeypatch.setattr(moto_sqs, "unix_time_millis", lambda: real_millis() + 1000 * self.ahead.total_seconds())
        monkeypatch.setattr(moto_s3, "utcnow", lambda: datetime.now(UTC).replace(tzinfo=None) + self.ahead)

    @cached_property
    def queues(self) -> list[Consumer]:
        """The functions behind queues."""
        return consumers(app, settings().prefix, 1)

    def rewind(self) -> None:
        """Begin anew with the scene, as if nothing had been started."""
        stores.empty()
        stores.bring_back(self._beginning)
        memory.forget()
        self.ahead = timedelta(0)
        self.scene.service.received.clear()
        for begun in (self.started, self.batches, self.uploaded):
            begun.clear()
        for facts in (self.accepted, self.posted, self.history):
            facts.clear()

    # ---- what people and services do

    def start(self, **body: Any) -> int:
        """Start an analysis and return its id."""
        self.started.append(self.scene.start(**body))
        self.look()
        return self.started[-1]

    def try_start(self) -> None:
        """Start an analysis, which may fail: then it may have been recorded or not."""
        answer = self.scene.user.post(self.start_path)
        if answer.status == HTTPStatus.OK:
            self.started.append(answer.data["id"])
        self.look()

    @property
    def start_path(self) -> str:
        """Where analyses are started."""
        return f"/api/obj/{self.scene.obj_id}/analysis/{self.scene.service_id}"

    def begin(self, path: str, body: Any, key: str | None = None) -> int:
        """Start an analysis by any endpoint that does, with an Idempotency-Key or without, and return its id."""
        self.started.append(self._request(path, body, key))
        self.look()
        return self.started[-1]

    def upload(self, key: str | None = None) -> int:
        """Upload a result that no other has; return the id of its analysis."""
        path = f"/api/obj/{self.scene.obj_id}/analysis_upload/{self._upload_service_id}"
        self.uploaded.append(_result(f"upload {len(self.uploaded) if key is None else key}"))
        return self.begin(path, self.uploaded[-1], key)

    @cached_property
    def _upload_service_id(self) -> int:
        return register(self.scene.admin, self.scene.group_id, self.scene.service.url, upload_only=True)

    def begin_batch(self, obj_ids: list[str], key: str | None = None) -> int:
        """Start analyses of many objects; return the id of the batch."""
        self.batches.append(
            self._request(
                "/api/analysis_batch", {"analysis_service_id": self.scene.service_id, "obj_ids": obj_ids}, key
            )
        )
        return self.batches[-1]

    def more_objects(self, count: int) -> list[str]:
        """Return the names of further sources."""
        names = [f"{self.scene.obj_id}-{number}" for number in range(count)]
        for name in names:
            wanted = {"id": name, "ra": 10.0, "dec": 20.0, "group_ids": [self.scene.group_id]}
            assert self.scene.user.post("/api/sources", wanted).status == HTTPStatus.OK
        return names

    def _request(self, path: str, body: Any, key: str | None) -> int:
        headers = {} if key is None else {"Idempotency-Key": key}
        return self.scene.user.post(path, body, headers=headers).data["id"]

    def sent(self, analysis_id: int) -> list[Received]:
        """Return what the service got of a run, once for each time it was sent."""
        return [got for got in self.scene.service.received if run_of(got.token) == analysis_id]

    def post(self, analysis_id: int, **result: Any) -> int:
        """Post a result that no other post has, as a service that got the run; return the HTTP status of the answer."""
        body = {**_result(f"result {sum(map(len, self.posted.values()))}"), **result}
        self.posted.setdefault(analysis_id, []).append(body)
        answer = self.scene.answer(token_of(analysis_id), body)
        if answer.status == HTTPStatus.OK:
            self.accepted.setdefault(analysis_id, []).append(body)
        self.look()
        return answer.status

    # ---- time and messages

    def advance(self, **step: float) -> None:
        """Let time pass; also backwards."""
        self.ahead += timedelta(**step)

    def receive(self, queue: str) -> list[Message]:
        """Take every visible message of a queue, as its event source does: invisible from now on, not deleted."""
        return stored.receive(settings().queue(queue))

    def deliver(self, queue: str, message: Message, *, keep: bool = False) -> bool:
        """Invoke the function of a queue; a message that it took is deleted, unless it is to come twice."""
        consumer = self._consumer(queue)
        try:
            with acting_as(consumer.function.name):
                consumer.function({"Records": [message]})
        except (Exception, Died):  # noqa: BLE001 - whatever it was, the message comes again
            return False
        finally:
            self.look()
        if not keep:
            self.drop(queue, message)
        return True

    def drop(self, queue: str, message: Message) -> None:
        """Lose a message."""
        stored.delete(settings().queue(queue), message["receiptHandle"])

    def take(self, queue: str) -> list[Message]:
        """Take every visible message for good."""
        messages = self.receive(queue)
        for message in messages:
            self.drop(queue, message)
        return messages

    def pump(self, arrange: Callable[[list[Message]], Iterable[Message]] = list) -> None:
        """Deliver all that is visible and what this sends, in the order that `arrange` gives."""
        while sum(self._pump_one(consumer, arrange) for consumer in self.queues):
            pass

    def _pump_one(self, consumer: Consumer, arrange: Callable[[list[Message]], Iterable[Message]]) -> bool:
        name = consumer.queue.removeprefix(f"{settings().prefix}-")
        messages = self.receive(name)
        for message in arrange(messages):
            self.deliver(name, message)
        return bool(messages)

    def sweep(self) -> None:
        """Call what runs by the clock; what fails is called again the next time."""
        for scheduled in schedules(app, 60):
            with contextlib.suppress(Exception), acting_as(scheduled.function.name):
                scheduled.function(_TICK)
            self.look()

    def settle(self, *, pump: Callable[[], None] | None = None) -> None:
        """Let time pass, from one thing that is due to the next, until nothing is left to be done."""
        began = clock.now()
        for _ in range(_MOST_ROUNDS):
            (pump or self.pump)()
            moments = [*self._due(), *self._arrivals()]
            if not any([stored.waiting_items(), *self._arrivals()]):
                return
            assert clock.now() - began < _LONGEST, f"still at work after {_LONGEST}: {self.runs()}"
            self.ahead += max(timedelta(0), min(moments) - clock.now()) + timedelta(milliseconds=1)
            self.sweep()
        raise AssertionError(f"no rest after {_MOST_ROUNDS} rounds: {self.runs()}")

    def _due(self) -> Iterator[datetime]:
        return (clock.parse(item["due"]) for item in stored.items("analyses") if "due" in item)

    def _arrivals(self) -> Iterator[datetime]:
        """Say when each message on its way is to be delivered."""
        for consumer in self.queues:
            for milliseconds in stored.arrivals(consumer.queue):
                yield _EPOCH + timedelta(milliseconds=milliseconds)

    # ---- what is stored

    def runs(self) -> list[Run]:
        """Return every run."""
        return [Run.from_raw_data(item) for item in stored.raw_items("analyses") if item["sk"] == {"S": RUN_SK}]

    def made(self) -> set[int]:
        """Return the ids of all runs and batches."""
        return {int(item["analysis_id"]) for item in stored.items("analyses") if item["sk"] in {RUN_SK, BATCH_SK}}

    def look(self) -> None:
        """Note the state of every run, and every step that the life cycle does not have."""
        first = {State.QUEUED, State.COMPLETED} if self.uploaded else {State.QUEUED}
        for analysis_id, state in stored.states():
            seen = self.history.setdefault(analysis_id, [])
            if not seen or seen[-1] is not state:
                start = seen[-1] if seen else None
                if not (start in may_become(state) if seen else state in first):
                    self.violations.append(f"{analysis_id} went from {start} to {state}")
                seen.append(state)

    def _consumer(self, queue: str) -> Consumer:
        return next(consumer for consumer in self.queues if consumer.queue == f"{settings().prefix}-{queue}")
