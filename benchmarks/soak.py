"""Sends many runs through the local stack, a tenth of them to a service that misbehaves, and accounts for each.

Every run goes over HTTP through real processes. The exit status is 1 if a run was lost or counted double.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests
from soak_kills import Kills
from soak_service import SoakService, expected_end, manner_of
from soak_stack import SoakStack

_RUNS_A_SOURCE = 40
"""Fewer than an author may have on an object."""

_STARTERS = 8
_PAUSE_SECONDS = 2.0
_KILLS_AFTER = 6
"""How many kills there are at least: they go on for a while when all runs have been started."""

_SERVICE_SECONDS = 120
_OPEN = {"queued", "pending"}

Record = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What became of the runs."""

    accepted: int
    ends: Counter[str]
    lost: list[str]
    double: list[str]
    unexpected: list[str]
    longest_wait: float
    seconds: float
    kills: Counter[str]

    @property
    def clean(self) -> bool:
        """Whether every run is accounted for, once."""
        return not (self.lost or self.double or self.unexpected)


def soak(runs: int, most_seconds: float, kill_seconds: float) -> Outcome:
    """Send runs through a new local stack."""
    began, service = time.monotonic(), SoakService()
    try:
        with SoakStack() as stack:
            sources = [f"SOAK{number:05d}" for number in range(-(-runs // _RUNS_A_SOURCE))]
            service_id = _prepare(stack, service.url, sources)
            with Kills(stack, service, kill_seconds) as kills:
                started = _start(stack, sources, service_id, runs)
                time.sleep(_KILLS_AFTER * kill_seconds)
            records = _wait(stack, sources, len(started), began + most_seconds)
            checks = Checks(stack, service, killed=bool(kill_seconds))
            return checks.outcome(started, records, kills.done, time.monotonic() - began)
    finally:
        service.stop()


def _prepare(stack: SoakStack, url: str, sources: list[str]) -> int:
    group_id = stack.data("POST", "/api/groups", {"name": "soak"})["id"]
    for source in sources:
        stack.data("POST", "/api/sources", {"id": source, "ra": 202.5, "dec": 13.4, "group_ids": [group_id]})
    registered = stack.data(
        "POST",
        "/api/analysis_service",
        {
            "name": "soak",
            "url": url,
            "authentication_type": "none",
            "analysis_type": "lightcurve_fitting",
            "input_data_types": ["photometry", "redshift"],
            "optional_analysis_parameters": {"number": {"type": "number"}},
            "timeout": _SERVICE_SECONDS,
            "group_ids": [group_id],
        },
    )
    return int(registered["id"])


def _start(stack: SoakStack, sources: list[str], service_id: int, runs: int) -> dict[int, int]:
    """Start runs; return the number of each accepted one by its id."""

    def one(number: int) -> tuple[int, int] | None:
        path = f"/api/obj/{sources[number % len(sources)]}/analysis/{service_id}"
        try:
            answer = stack.call("POST", path, {"analysis_parameters": {"number": number}})
        except requests.ConnectionError:
            return None  # killed: it was not accepted
        return (answer.json()["data"]["id"], number) if answer.ok else None

    started: dict[int, int] = {}
    with ThreadPoolExecutor(_STARTERS) as threads:
        for done, pair in enumerate(threads.map(one, range(runs)), 1):
            if pair is not None:
                started[pair[0]] = pair[1]
            if done % max(1, runs // 10) == 0:
                _say(f"started {done} of {runs}")
    return started


def _wait(stack: SoakStack, sources: list[str], most: int, deadline: float) -> dict[int, Record]:
    """Wait until every run has ended, or the time is over; return the records by id."""
    records: dict[int, Record] = {}
    waiting, said = list(sources), -1
    while True:
        for source in waiting:
            listed = stack.data("GET", f"/api/obj/{source}/analysis")
            records |= {record["id"]: record for record in listed}
        waiting = [
            source for source in waiting if any(_is_open(one) for one in records.values() if one["obj_id"] == source)
        ]
        ended = sum(not _is_open(record) for record in records.values())
        if ended != said:
            _say(f"ended {ended} of {most}")
            said = ended
        if not waiting or time.monotonic() > deadline:
            return records
        time.sleep(_PAUSE_SECONDS)


def _is_open(record: Record) -> bool:
    return record["status"] in _OPEN


class Checks:
    """Compares what the API says with what the service saw.

    Parameters
    ----------
    stack, service
        After the soak.
    killed : bool
        Whether processes were killed: then a run may have been sent twice, and a post that got no answer is gone.
    """

    def __init__(self, stack: SoakStack, service: SoakService, *, killed: bool) -> None:
        self._stack, self._seen, self._killed = stack, service.seen, killed

    def outcome(
        self, started: dict[int, int], records: dict[int, Record], kills: Counter[str], seconds: float
    ) -> Outcome:
        """Account for every run."""
        pairs = [(records.get(run_id), number) for run_id, number in started.items()]
        ended = [(record, number) for record, number in pairs if record is not None and not _is_open(record)]
        unended = [f"{_name(number)} has not ended" for pair in pairs if pair not in ended for number in pair[1:]]
        return Outcome(
            accepted=len(started),
            ends=Counter(record["status"] for record, _ in ended),
            lost=unended + [line for record, number in ended for line in self._lost(record, number)],
            double=[line for _, number in pairs for line in self._double(number)],
            unexpected=[line for record, number in ended for line in self._unexpected(record, number)],
            longest_wait=max((_waited(record) for record, _ in ended), default=0.0),
            seconds=seconds,
            kills=kills,
        )

    def _lost(self, record: Record, number: int) -> Iterator[str]:
        for message in self._seen.accepted.get(number, [])[:1]:
            if record["status_message"] != message:
                yield f"{_name(number)}: {message!r} was accepted, the record says {record['status_message']!r}"
            elif _result(self._stack, record["id"]) != message:
                yield f"{_name(number)}: the result is not the one that was accepted"

    def _double(self, number: int) -> Iterator[str]:
        accepted, taken = len(self._seen.accepted.get(number, [])), self._seen.taken[number]
        if accepted > 1:
            yield f"{_name(number)}: {accepted} results were accepted"
        if taken > 1 and not self._killed:
            yield f"{_name(number)} was taken {taken} times"

    def _unexpected(self, record: Record, number: int) -> Iterator[str]:
        if record["status"] != expected_end(manner_of(number)) and not self._killed:
            yield f"{_name(number)} ended as {record['status']}: {record['status_message']}"


def _name(number: int) -> str:
    return f"run {number} (the service: {manner_of(number)})"


def _result(stack: SoakStack, run_id: int) -> str:
    message: str = stack.data("GET", f"/api/obj/analysis/{run_id}", includeAnalysisData="true")["data"]["results"][
        "data"
    ]["message"]
    return message


def _waited(record: Record) -> float:
    first, last = (datetime.fromisoformat(record[name]) for name in ("created_at", "last_activity"))
    return (last - first).total_seconds()


def _say(line: str) -> None:
    print(line, flush=True)


def report(outcome: Outcome) -> None:
    """Print the table."""
    rows = [("accepted", str(outcome.accepted))]
    rows += [(f"ended: {state}", str(count)) for state, count in sorted(outcome.ends.items())]
    rows += [("lost", str(len(outcome.lost))), ("double", str(len(outcome.double)))]
    rows += [("ended otherwise than the service meant", str(len(outcome.unexpected)))]
    rows += [(f"killed: {child}", str(count)) for child, count in sorted(outcome.kills.items())]
    rows += [("longest wait", f"{outcome.longest_wait:.1f} s"), ("whole soak", f"{outcome.seconds:.0f} s")]
    _say("\n" + "\n".join(f"{name:<40} {value:>10}" for name, value in rows))
    for line in [*outcome.lost, *outcome.double, *outcome.unexpected]:
        _say(f"  {line}")


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=900, help="longest time (default: %(default)s)")
    parser.add_argument("--kill", type=float, default=0, metavar="SECONDS", help="kill a process this often, with -9")
    wanted = parser.parse_args()
    outcome = soak(wanted.runs, wanted.seconds, wanted.kill)
    report(outcome)
    return 0 if outcome.clean and (outcome.kills or outcome.accepted == wanted.runs) else 1


if __name__ == "__main__":
    sys.exit(main())
