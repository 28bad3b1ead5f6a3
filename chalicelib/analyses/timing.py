"""How long everything about a run takes, waits and may last: pure, and the only place that decides it."""

from datetime import datetime, timedelta

SHORTEST_SENDING = timedelta(seconds=60)


LEASE = timedelta(seconds=90)
"""Longer than the dispatch function may run (60 s): a lease that has passed belonged to one that died."""


GRACE = timedelta(seconds=60)
"""Longer than a webhook may run: who read the run as valid has stored its result before the run is ended."""


SETTLING = timedelta(seconds=60)
"""A stored, uncommitted result of this age was left by a webhook that died."""


FIRST_DELAY = timedelta(seconds=60)


LONGEST_DELAY = timedelta(minutes=15)
"""Also the longest delay of an SQS message."""


LONGEST_WAIT = timedelta(hours=24)
"""How long a run may wait to be sent that is one of many: of a batch, or for a service with max_in_flight."""


FAILURES_TO_PAUSE = 5


RUNS_TO_PAUSE = 2
"""So many failed dispatches in a row, of so many runs, pause a service: one run alone may be what it cannot take."""


INTERRUPTIONS = 5
"""So many dispatchers in a row that die with a run end it, as five receipts of one message do."""


def send_before(started: datetime, timeout_seconds: float, *, patient: bool = False) -> datetime:
    """Return until when a run may still be sent: its start plus the larger of its timeout and 60 s.

    A patient run, one of many, has at least a day.
    """
    return started + max(timedelta(seconds=timeout_seconds), LONGEST_WAIT if patient else SHORTEST_SENDING)


def invalid_after(sent: datetime, timeout_seconds: float) -> datetime:
    """Return until when the webhook token is valid: sending plus the service's timeout."""
    return sent + timedelta(seconds=timeout_seconds)


def uploads_dropped_at(upload_until: datetime | None) -> datetime | None:
    """Return when uploads that were never committed are removed; None if nothing could be uploaded."""
    return None if upload_until is None else upload_until + GRACE


def look_again_delay(looks: int) -> timedelta:
    """Return how long the sweep leaves a run alone after it looked `looks` times: 1, 2, 4, 8, 15, 15 … minutes."""
    doublings: int = 2 ** min(looks, 10)
    return min(FIRST_DELAY * doublings, LONGEST_DELAY)


def resend_delay(interruptions: int) -> timedelta:
    """Return how long a run waits after so many dispatchers in a row died with it: 0, 1, 4, 15 minutes.

    What kills them may be an outage: together with the leases this takes as long as five receipts of one message.
    """
    return look_again_delay(2 * (interruptions - 2)) if interruptions > 1 else timedelta(0)


def pause_length(pauses: int) -> timedelta:
    """Return how long a service is paused that was paused so often in a row before: 1, 2, 4, 8, 15, 15 … minutes."""
    return look_again_delay(pauses)


def is_to_pause(failures: int, runs: int) -> bool:
    """Say whether a service that failed so often in a row, with so many runs, is paused."""
    return failures >= FAILURES_TO_PAUSE and runs >= RUNS_TO_PAUSE
