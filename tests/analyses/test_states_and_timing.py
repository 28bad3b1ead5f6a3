from datetime import datetime, timedelta
from random import Random

import pytest

from chalicelib.analyses import states, timing
from chalicelib.analyses.dispatch.backoff import retry_delay
from chalicelib.analyses.run.transitions import may_become
from chalicelib.analyses.states import ENDED, OPEN, Progress, State, Step

NOW = datetime(2026, 11, 22, 10, 0)
MINUTE = timedelta(minutes=1)


def progress(state=State.QUEUED, **changes):
    facts = {
        "send_before": NOW + 60 * MINUTE,
        "invalid_after": NOW + 60 * MINUTE,
        "lease_until": None,
        "to_collect": False,
        "to_clean": False,
    }
    return Progress(state=state, **{**facts, **changes})


def test_no_state_can_be_left_backwards():
    order = {State.QUEUED: 0, State.PENDING: 1, **dict.fromkeys(ENDED, 2), State.DELETED: 3}
    for state in State:
        assert all(order[before] < order[state] for before in may_become(state))


def test_every_state_but_the_first_can_be_reached():
    assert [state for state in State if not may_become(state)] == [State.QUEUED]


@pytest.mark.parametrize("end", sorted(ENDED))
def test_a_result_may_overtake_the_acknowledgement_of_its_dispatch(end):
    assert may_become(end) == OPEN


@pytest.mark.parametrize(("timeout", "minutes"), [(1, 1), (60, 1), (3600, 60)])
def test_a_run_may_be_sent_for_its_timeout_and_at_least_a_minute(timeout, minutes):
    assert timing.send_before(NOW, timeout) == NOW + minutes * MINUTE


def test_a_token_is_valid_from_sending_for_the_timeout():
    assert timing.invalid_after(NOW, 1.5) == NOW + timedelta(seconds=1.5)


def test_the_sweep_looks_again_ever_later_but_at_least_every_quarter_of_an_hour():
    delays = [timing.look_again_delay(looks) for looks in range(12)]
    assert delays[:5] == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE, 15 * MINUTE]
    assert set(delays[5:]) == {15 * MINUTE}


def test_retries_wait_longer_on_average_and_never_more_than_a_queue_can_delay():
    random = Random(1)
    means = [
        sum((retry_delay(attempt, None, random) for _ in range(300)), timedelta()) / 300 for attempt in (1, 3, 5, 7)
    ]
    assert means == sorted(means)
    assert all(
        timedelta(seconds=1) <= retry_delay(attempt, None, random) <= timedelta(minutes=15, seconds=1)
        for attempt in range(1, 100)
    )


def test_a_service_is_never_asked_again_before_its_retry_after():
    assert retry_delay(1, 120.0, Random(1)) == timedelta(seconds=120)


@pytest.mark.parametrize(
    ("facts", "step"),
    [
        (progress(), Step.SEND),
        (progress(lease_until=NOW + MINUTE), Step.WAIT),
        (progress(lease_until=NOW - MINUTE), Step.SEND),
        (progress(send_before=NOW), Step.FAIL),
        (progress(State.PENDING), Step.LOOK),
        (progress(State.PENDING, invalid_after=NOW), Step.LOOK),
        (progress(State.PENDING, invalid_after=NOW - timing.GRACE), Step.TIME_OUT),
        (progress(State.COMPLETED, to_collect=True), Step.COLLECT),
        (progress(State.FAILURE, to_collect=True), Step.COLLECT),
        (progress(State.COMPLETED), Step.WAIT),
        (progress(State.TIMED_OUT), Step.WAIT),
        (progress(State.CANCELLED), Step.WAIT),
        (progress(State.DELETED, to_clean=True), Step.CLEAN),
        (progress(State.DELETED), Step.WAIT),
    ],
)
def test_what_the_sweep_does_with_a_run_that_is_due(facts, step):
    assert states.due_step(facts, NOW) is step


def test_pauses_grow_to_a_quarter_of_an_hour():
    assert [timing.pause_length(pauses) // timedelta(minutes=1) for pauses in range(6)] == [1, 2, 4, 8, 15, 15]


@pytest.mark.parametrize(("failures", "runs", "pauses"), [(4, 4, False), (5, 1, False), (5, 2, True), (50, 1, False)])
def test_a_service_is_paused_after_five_failures_of_two_runs(failures, runs, pauses):
    assert timing.is_to_pause(failures, runs) is pauses


def test_one_of_many_waits_up_to_a_day_or_its_timeout_if_that_is_longer():
    started = datetime(2026, 11, 22)
    assert timing.send_before(started, 600, patient=True) == started + timedelta(hours=24)
    assert timing.send_before(started, 200_000, patient=True) == started + timedelta(seconds=200_000)
