"""How a service has been doing lately: section 9 of the wire contract."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from chalicelib import clock, transactions
from chalicelib.accounts.caller import Caller
from chalicelib.analyses.dispatch.pauses import is_closed_to
from chalicelib.analyses.dispatch.waiting import destination
from chalicelib.analyses.items.health import HEALTH_SK, Health
from chalicelib.analyses.items.in_flight import IN_FLIGHT_SK, InFlight
from chalicelib.analyses.items.run import RUN_SK, Run
from chalicelib.analyses.states import State
from chalicelib.memory import Remembered
from chalicelib.services.access import readable_service
from chalicelib.services.items.service import Service
from chalicelib.services.plain_http import warnings_about

WINDOW = 200
"""The newest analyses of the service that are looked at."""
SHORT_WINDOW = 50
"""The same where several services are asked about at once."""
MOST_SERVICES = 100

_RECENT = 30
_recent: Remembered[dict[str, Any]] = Remembered(10.0, most=1_000)


def health(caller: Caller, service_id: int) -> dict[str, Any]:
    """Return counts and durations over a window of the newest analyses, whether the service is paused, and warnings.

    Six calls, whatever the service has done.

    Raises
    ------
    Forbidden
        The caller does not reach the service.
    """
    service = readable_service(caller, service_id)
    runs = _read(_newest(service_id, WINDOW))
    _, seen = destination(service_id)
    return _record(service, runs, WINDOW, seen, _in_flight(service_id))


def healths(caller: Caller, service_ids: Collection[int]) -> dict[str, dict[str, Any]]:
    """Return the same of several services by their ids, over fewer analyses each; nothing of those not reached.

    A call for each service, one for a hundred analyses, and three besides; remembered for some seconds.
    """
    services = [one for one in Service.of_ids(service_ids) if not one.is_deleted and caller.reaches(one.groups)]
    known = {one.service_id: _recent.get(one.service_id) for one in services}
    missing = [one for one in services if known[one.service_id] is None]
    ids = {one.service_id: list(_newest(one.service_id, SHORT_WINDOW)) for one in missing}
    runs = {run.id: run for run in _read(number for numbers in ids.values() for number in numbers)}
    keys: list[transactions.Key] = [(Health, number, HEALTH_SK) for number in ids]
    keys += [(InFlight, number, IN_FLIGHT_SK) for number in ids]
    items = transactions.read_all(keys)
    seen = {item.analysis_id: item for item in items if isinstance(item, Health)}
    places = {item.analysis_id: len(item.in_flight) for item in items if isinstance(item, InFlight)}
    for one in missing:
        number = one.service_id
        mine = [runs[run_id] for run_id in ids[number] if run_id in runs]
        record = _record(one, mine, SHORT_WINDOW, seen.get(number), places.get(number, 0))
        _recent.put(number, record)
        known[number] = record
    return {str(number): record for number, record in known.items() if record is not None}


def _record(service: Service, runs: list[Run], most: int, seen: Health | None, in_flight: int) -> dict[str, Any]:
    return {
        "window": {
            "analyses": len(runs),
            "most": most,
            "since": clock.iso(min(run.created_at for run in runs)) if runs else None,
        },
        "by_state": dict(Counter(run.status for run in runs)),
        "seconds": _durations(runs),
        "last_success": _last_success(runs),
        "in_flight": {"now": in_flight, "most": service.max_in_flight},
        "circuit": _circuit(seen),
        "warnings": warnings_about(service),
        "recent": [
            {"at": run.created_at, "status": run.status, "seconds": run.duration}
            for run in sorted(runs, key=lambda run: run.id)[-_RECENT:]
        ],
    }


def _newest(service_id: int, most: int) -> Iterator[int]:
    keys = islice(Run.by_service.query(service_id, scan_index_forward=False, limit=most), most)
    return (key.analysis_id for key in keys)


def _read(ids: Iterable[int]) -> list[Run]:
    return list(Run.batch_get([(number, RUN_SK) for number in ids]))


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
