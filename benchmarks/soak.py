"""Sends many runs through the local stack, a tenth of them to a service that misbehaves, and accounts for each.

Every run goes over HTTP through real processes. The exit status is 1 if a run was lost or counted double.
"""

import argparse
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

from benchmarks.soak_checks import Checks, Outcome, Record, is_open
from benchmarks.soak_kills import Kills
from benchmarks.soak_service import SoakService
from benchmarks.soak_stack import SoakStack

_RUNS_A_SOURCE = 40
"""Fewer than an author may have on an object."""

_STARTERS = 8
_MOST_READS_A_SECOND = 100
"""Of records, while waiting: reading them all again and again would be most of the load."""

_KILLS_AFTER = 6
"""How many kills there are at least: they go on for a while when all runs have been started."""


def soak(runs: int, timeout: float, most_seconds: float, kill_seconds: float, data: Path | None = None) -> Outcome:
    """Send runs, each of which has `timeout` seconds, through a new local stack, which keeps everything in `data`."""
    began, service = time.monotonic(), SoakService()
    try:
        with SoakStack(data=data) as stack:
            sources = [f"SOAK{number:05d}" for number in range(-(-runs // _RUNS_A_SOURCE))]
            service_id = prepare(stack, service.url, sources, timeout)
            with Kills(stack, service, kill_seconds) as kills:
                started = _start(stack, sources, service_id, runs)
                time.sleep(_KILLS_AFTER * kill_seconds)
            records = _wait(stack, sources, len(started), began + most_seconds)
            checks = Checks(stack, service, killed=bool(kill_seconds))
            return checks.outcome(started, records, kills.done, time.monotonic() - began)
    finally:
        service.stop()


def prepare(stack: SoakStack, url: str, sources: list[str], timeout: float) -> int:
    """Make sources and register the service; return its id."""
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
            "timeout": timeout,
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
            source for source in waiting if any(is_open(one) for one in records.values() if one["obj_id"] == source)
        ]
        ended = sum(not is_open(record) for record in records.values())
        if ended != said:
            _say(f"ended {ended} of {most}")
            said = ended
        if not waiting or time.monotonic() > deadline:
            return records
        time.sleep(max(1.0, most / _MOST_READS_A_SECOND))


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
    parser.add_argument(
        "--timeout", type=float, default=300, help="seconds that the service has (default: %(default)s)"
    )
    parser.add_argument("--seconds", type=float, default=900, help="longest time (default: %(default)s)")
    parser.add_argument("--kill", type=float, default=0, metavar="SECONDS", help="kill a process this often, with -9")
    parser.add_argument("--data", type=Path, metavar="DIR", help="keep everything in this folder (default: in memory)")
    wanted = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the stack is ended as well
    outcome = soak(wanted.runs, wanted.timeout, wanted.seconds, wanted.kill, wanted.data)
    report(outcome)
    return 0 if outcome.clean and (outcome.kills or outcome.accepted == wanted.runs) else 1


if __name__ == "__main__":
    sys.exit(main())
