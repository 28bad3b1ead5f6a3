"""Processes of the local stack are killed with -9 at every step of the way of an analysis, which goes on to its end."""

import time
from collections import Counter
from pathlib import Path

import pytest
import requests

from benchmarks.soak import prepare
from benchmarks.soak_checks import Checks, is_open
from benchmarks.soak_service import SoakService
from benchmarks.soak_stack import SoakStack

pytestmark = [pytest.mark.timeout(900), pytest.mark.xdist_group("soak")]

WAY = [
    "API TransactWriteItems",
    "API SendMessage",
    "worker UpdateItem",
    "worker PutObject",
    "worker POST",
    "worker UpdateItem",
    "API PutObject",
    "API TransactWriteItems",
    "API SendMessage",
    "worker CopyObject",
    "worker Invoke",
    "worker UpdateItem",
]
"""The writes, sends and posts of an analysis, by the process that makes them."""

MOMENTS = [f"{when} {step} {WAY[:place].count(step)}" for place, step in enumerate(WAY) for when in ("before", "after")]

TIMEOUT = 150
"""Seconds that the service has: longer than a lease, so that what a dead worker held is sent again in time."""

RESTART = 120
"""Seconds until a process is back and at work; the sweep sends after 60 s what nobody else does."""

POLL = 1.5
"""Seconds for which what a dead process had asked of a queue may still take a message."""

LONGEST = 420
"""Seconds until all runs have ended, with the leases and looks of those that were killed."""


@pytest.fixture
def service():
    running = SoakService()
    yield running
    running.stop()


class Killer:
    """Follows one analysis at a time, and kills what takes a step of it."""

    def __init__(self, folder):
        self._folder = folder

    @property
    def environment(self):
        switch = Path(__file__).parent / "kill_switch"
        return {"KILL_SWITCH": str(self._folder), "PYTHONPATH": str(switch)}

    def watch(self, obj_id, moment=None):
        if moment is not None:
            (self._folder / "armed").write_text(moment)
        (self._folder / "watched").write_text(obj_id)

    def steps(self, obj_id):
        return (self._folder / f"steps-{obj_id}").read_text().splitlines()

    def wait_for_steps(self, obj_id, count):
        until(lambda: len(self.steps(obj_id)) >= count, RESTART, f"fewer than {count} steps")

    def wait(self, moment):
        until(lambda: not (self._folder / "armed").exists(), RESTART, f"no process died {moment}")


def until(found, seconds, otherwise, pause=0.1):
    """Call `found` until it returns something, and return that."""
    deadline = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < deadline, otherwise
        time.sleep(pause)
    return value


def wait_until_ended(stack, obj_ids, seconds):
    def ended():
        runs = {obj_id: stack.data("GET", f"/api/obj/{obj_id}/analysis") for obj_id in obj_ids}
        return None if any(is_open(run) for found in runs.values() for run in found) else runs

    return until(ended, seconds, "a run has not ended", pause=1)


def wait_until_up(stack):
    def up():
        try:
            return stack.data("GET", "/api/sysinfo")
        except (requests.ConnectionError, RuntimeError):
            return None

    until(up, RESTART, "the API is not back")


def start(stack, service_id, obj_id, number):
    """Start an analysis; return its id, or None if the API died."""
    body = {"analysis_parameters": {"number": number}}
    try:
        return stack.data("POST", f"/api/obj/{obj_id}/analysis/{service_id}", body)["id"]
    except requests.ConnectionError:
        return None


def test_whatever_step_a_process_is_killed_at_nothing_is_lost_and_nothing_hangs(service, tmp_path):
    killer = Killer(tmp_path)
    numbers = {
        f"KILL{place:03d}": 10 * place + 1 for place in range(len(MOMENTS) + 1)
    }  # no multiples of ten: served well
    undisturbed, *killed = numbers
    with SoakStack(killer.environment) as stack:
        service_id = prepare(stack, service.url, list(numbers), TIMEOUT)
        killer.watch(undisturbed)
        ids = {undisturbed: start(stack, service_id, undisturbed, numbers[undisturbed])}
        killer.wait_for_steps(undisturbed, len(WAY))
        assert Counter(killer.steps(undisturbed)) == Counter(WAY)
        for obj_id, moment in zip(killed, MOMENTS, strict=True):
            killer.watch(obj_id, moment)
            ids[obj_id] = start(stack, service_id, obj_id, numbers[obj_id])
            killer.wait(moment)
            time.sleep(POLL)
            wait_until_up(stack)
        runs = wait_until_ended(stack, numbers, LONGEST)
        records = {run["id"]: run for found in runs.values() for run in found}
        started = {run["id"]: numbers[run["obj_id"]] for run in records.values()}
        outcome = Checks(stack, service, killed=True).outcome(started, records, Counter(), 0)
    assert set(ids.values()) - {None} <= set(records), "an accepted run is missing"
    assert [len(found) for obj_id, found in runs.items() if ids[obj_id]] == [1] * len(set(ids.values()) - {None})
    assert max(len(found) for found in runs.values()) == 1, "a run was recorded twice"
    assert (outcome.lost, outcome.double) == ([], [])
    assert set(outcome.ends) <= {"completed", "timed_out"}
