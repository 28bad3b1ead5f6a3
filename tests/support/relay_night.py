"""A night of a portal's analyses, with a service that fails one time in five and a portal that restarts twice.

Through a relay, and directly, with the same portal and the same service; what became of each analysis is counted.
"""

import base64
import io
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import joblib
import numpy as np
import requests

from chalicelib.analyses.handlers import on_dispatch_message
from tests.support.permissions import acting_as
from tests.support.portal import Portal, Row
from tests.support.scene import SUCCESS
from tests.support.service import Reaction, Received, StubService
from tests.support.worker import delayed, drain, relay

_MOST_ROUNDS = 400
_FAILS_EVERY = 5
_OVERTAKES_EVERY = 7
"""Of so many answers one reaches the portal's database later than the result."""

_AT_ONCE = 20
_RESTARTS = (0.25, 0.5)
_DOWN_FOR = 3
"""Rounds."""


@dataclass
class Account:
    """What became of the analyses."""

    asked: int
    right: int
    double: int
    states: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, portal: Portal) -> "Account":
        rows = list(portal.rows.values())
        right = sum(row.status == "completed" and _plain(row.results) == _value(row.obj_id) for row in rows if row.data)
        return cls(len(rows), right, sum(row.taken > 1 for row in rows), Counter(row.status for row in rows))


class _Service:
    """Takes four of five posts, and posts one result for each that it took."""

    def __init__(self, stub: StubService) -> None:
        self.taken: list[Received] = []
        self._posts = 0
        stub.react = self._react

    def results(self) -> list[tuple[Received, dict[str, Any]]]:
        """Return what is to be posted now, each once."""
        fresh, self.taken = self.taken, []
        return [(got, _result(got.document["resource_id"])) for got in fresh]

    def _react(self, got: Received) -> Reaction:
        self._posts += 1
        if self._posts % _FAILS_EVERY == 0:
            return Reaction(503, b"overloaded")
        self.taken.append(got)
        return Reaction()


def through_relay(relayed: Any, count: int) -> Account:
    """Have the portal ask for so many analyses through the relay, and let time pass until nothing is left to do."""
    portal, service = relayed.portal, _Service(relayed.scene.service)
    late: list[Row] = []
    restarts = [int(share * count) for share in _RESTARTS]
    down_for = 0
    for number in range(count):
        row = portal.record(f"ZTF26night{number}")
        answer = relayed.post(portal.document(row))
        if number % _OVERTAKES_EVERY == 0:
            late.append(row)
        else:
            portal.acknowledged(row, answer.status, answer.body.decode())
    for turn in range(_MOST_ROUNDS):
        drain()
        for got, result in service.results():
            relayed.scene.answer(got.token, result)
        drain()
        while late:
            portal.acknowledged(late.pop(), 200, "taken")
        if restarts and sum(row.taken for row in portal.rows.values()) >= restarts[0]:
            restarts.pop(0)
            portal.is_down, down_for = True, _DOWN_FOR
        elif portal.is_down:
            down_for -= 1
            portal.is_down = down_for > 0
        relayed.forward(seconds=20) if turn % 3 else relayed.clock.sweep_after(seconds=61)
        _send_again()
        if not restarts and not portal.is_down and all(row.status in _ENDS for row in portal.rows.values()):
            break
    relay()
    return Account.of(portal)


def directly(portal: Portal, stub: StubService, count: int) -> Account:
    """Have the portal ask the service itself, as SkyPortal does: each analysis once, from the memory of its process."""
    service = _Service(stub)
    restarts = [int(share * count) for share in _RESTARTS]
    waiting: list[Row] = []
    while len(portal.rows) < count:
        waiting += [
            portal.record(f"ZTF26night{len(portal.rows)}") for _ in range(min(_AT_ONCE, count - len(portal.rows)))
        ]
        if restarts and len(portal.rows) >= restarts[0]:
            restarts.pop(0)
            waiting.clear()  # it was in the memory of the process that was restarted
            portal.is_down = True
        answered = []
        for row in waiting:
            answer = requests.post(stub.url, json=portal.document(row), timeout=10)
            answered.append((row, answer.status_code, answer.text))
        waiting.clear()
        late = answered[::_OVERTAKES_EVERY]
        for one in answered:
            if one not in late:
                portal.acknowledged(*one)
        for got, result in service.results():
            requests.post(got.document["callback_url"], data=json.dumps(result), timeout=10)
        for one in late:
            portal.acknowledged(*one)
        if portal.is_down:
            portal.is_down = False
        elif restarts and len(portal.rows) + _AT_ONCE >= restarts[0]:
            _lose_what_is_running(portal, stub, service)
    return Account.of(portal)


def _lose_what_is_running(portal: Portal, stub: StubService, service: _Service) -> None:
    """Send some that the service finishes while the portal is down: it posts once, and never looks at the answer."""
    rows = [portal.record(f"ZTF26night{len(portal.rows)}") for _ in range(_AT_ONCE // 4)]
    for row in rows:
        answer = requests.post(stub.url, json=portal.document(row), timeout=10)
        portal.acknowledged(row, answer.status_code, answer.text)
    portal.is_down = True
    for got, result in service.results():
        requests.post(got.document["callback_url"], data=json.dumps(result), timeout=10)
    portal.is_down = False


_ENDS = {"completed", "failure", "timed_out"}


def _send_again() -> None:
    messages = delayed("dispatch")
    with acting_as("dispatch"):
        for message in messages:
            on_dispatch_message(message)


def _result(obj_id: str) -> dict[str, Any]:
    file = io.BytesIO()
    joblib.dump({**_value(obj_id), "flux": np.array(_value(obj_id)["flux"])}, file)
    data = base64.b64encode(file.getvalue()).decode()
    analysis = {"results": {"format": "joblib", "data": data}, "plots": SUCCESS["analysis"]["plots"]}
    return {"status": "success", "message": f"fit of {obj_id}", "analysis": analysis}


def _plain(results: dict[str, Any]) -> dict[str, Any]:
    return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in results.items()}


def _value(obj_id: str) -> dict[str, Any]:
    number = int(obj_id.removeprefix("ZTF26night"))
    return {"of": obj_id, "z": number / 1000, "flux": [float(number), 2.5]}
