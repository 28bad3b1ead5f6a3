"""How a service has been doing lately: section 9 of the wire contract."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from chalicelib import clock
from chalicelib.accounts.caller import Caller
from chalicelib.analyses.dispatch.pauses import is_closed_to
from chalicelib.analyses.dispatch.waiting import destination
from chalicelib.analyses.items.health import Health
from chalicelib.analyses.items.in_flight import IN_FLIGHT_SK, InFlight
from chalicelib.analyses.items.run import RUN_SK, Run
from chalicelib.analyses.states import State
from chalicelib.services.access import readable_service
from chalicelib.services.plain_http import warnings_about

WINDOW = 200
"""The newest analyses of the service that are looked at."""


def health(caller: Caller, service_id: int) -> dict[str, Any]:
    """Return counts and durations over a window of the newest analyses, whether the service is paused, and warnings.

    Six calls, whatever the service has done.

    Raises
    ------
    Forbidden
        The caller does not reach the service.
    """
    service = readable_service(caller, service_id)
    runs = _newest(service_id)
    _, seen = destination(service_id)
    return {
        "window": {
            "analyses": len(runs),
            "most": WINDOW,
            "since": clock.iso(min(run.created_at for run in runs)) if runs else None,
        },
        "by_state": dict(Counter(run.status for run in runs)),
        "seconds": _durations(runs),
        "last_success": _last_success(runs),
        "in_flight": {"now": _in_flight(service_id), "most": service.max_in_flight},
        "circuit": _circuit(seen),
        "warnings": warnings_about(service),
    }


def _newest(service_id: int) -> list[Run]:
    keys = islice(Run.by_service.query(service_id, scan_index_forward=False, limit=WINDOW), WINDOW)
    return list(Run.batch_get([(key.analysis_id, RUN_SK) for key in keys]))


def _durations(runs: Iterable[Run]) -> dict[str, float | None]:
    """Return from start to result, in seconds, of what completed."""
    seconds = sorted(run.duration for run in runs if run.state is State.COMPLETED and run.duration is not None)
    return {"median": _percentile(seconds, 50), "percentile_95": _percentile(seconds, 95)}


def _percentile(ordered: Sequence[float], percent: float) -> float | None:
    """Return the smallest value that so many percent of the values do not exceed (nearest rank)."""
    if not ordered:
        return None
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def _last_success(runs: Iterable[Run]) -> str | None:
    ends = [run.last_activity for run in runs if run.state is State.COMPLETED]
    return clock.iso(max(ends)) if ends else None


def _in_flight(service_id: int) -> int:
    try:
        return len(InFlight.get(service_id, IN_FLIGHT_SK).in_flight)
    except InFlight.DoesNotExist:
        return 0


def _circuit(seen: Health | None) -> dict[str, Any]:
    """Return whether the service is sent analyses ("closed"), is paused ("open"), or is tried ("half_open")."""
    if seen is None or not seen.pauses:
        return {"state": "closed", "failures": 0 if seen is None else seen.failures, "paused_until": None}
    paused = seen.paused_until is not None and seen.paused_until > clock.now()
    return {
        "state": "open" if paused and is_closed_to(seen, clock.now()) else "half_open",
        "failures": seen.failures,
        "paused_until": None if seen.paused_until is None else clock.iso(seen.paused_until),
    }
