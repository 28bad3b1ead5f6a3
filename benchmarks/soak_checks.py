"""Compares what the API says of runs with what their service saw: nothing may be lost, and nothing done twice."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from benchmarks.soak_service import SoakService, expected_end, manner_of
from benchmarks.soak_stack import SoakStack

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


def is_open(record: Record) -> bool:
    """Say whether a run has not ended."""
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
        ended = [(record, number) for record, number in pairs if record is not None and not is_open(record)]
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
