"""The work of a whole stack beside bare AWS calls of the same number and kind: `python -m benchmarks.stack_rows`.

Our rounds and those of the reference follow one another in the same run on the same machine, so that their ratio says
something wherever it is measured; the medians of all rounds are written to benchmarks/RESULTS.md.
"""

import base64
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from benchmarks import sections
from benchmarks.bare_calls import BareCalls, seconds
from benchmarks.quick_service import QuickService
from benchmarks.soak_stack import SoakStack
from benchmarks.stack_processes import endpoint_of, memory_of, use_of

_ROUNDS = 3
_RUNS = 24
_PAUSE = 0.2
_SETTLE = 3.0
_SOURCES = 24
_POINTS = 60
_LONG, _MANY, _SOME = "LONG", 12_000, 1_000
_LISTED = 49
"""Runs with 2 MB on one object: of 50 that it may have."""
_CLIENTS = 8
_GROUPS = 80
_PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
_PACKAGES = ("boto3", "botocore", "moto", "pynamodb", "pydantic", "chalice")


def _result(padding: int = 0) -> bytes:
    data = {"z": 0.5, "more": base64.b64encode(os.urandom(padding)).decode()}
    analysis = {"plots": [{"format": "png", "data": _PNG}], "results": {"format": "json", "data": data}}
    return json.dumps({"status": "success", "message": "done", "analysis": analysis}).encode()


@dataclass
class Rows:
    """Times in seconds by row, ours and the reference's."""

    ours: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    bare: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def table(self) -> Iterator[str]:
        """Yield the rows as Markdown: median and 95th percentile, and the ratio of the medians."""
        yield "| work | p50 | p95 | bare calls or libraries | ours / bare |"
        yield "|---|---|---|---|---|"
        for name, found in self.ours.items():
            bare = statistics.median(self.bare[name])
            half = statistics.median(found)
            high = statistics.quantiles(found, n=20)[-1] if len(found) > 1 else half
            yield (
                f"| {name} | {1000 * half:.1f} ms | {1000 * high:.1f} ms | {1000 * bare:.1f} ms | {half / bare:.1f} |"
            )


class Bench:
    """A stack with sources and a service, and what is measured on it."""

    def __init__(self, stack: SoakStack, quick: QuickService, patient: QuickService) -> None:
        self._stack, self._quick, self._patient = stack, quick, patient
        self._bare = BareCalls(endpoint_of(stack.pid))
        self._number = 0
        self.rows = Rows()
        group = stack.data("POST", "/api/groups", {"name": "bench"})["id"]
        where = {"lat": 33.0, "lon": -116.0, "elevation": 1700.0, "diameter": 1.2, "robotic": True}
        telescope = stack.data("POST", "/api/telescope", {"name": "T", "nickname": "T", **where})["id"]
        camera = {"name": "C", "type": "imager", "telescope_id": telescope, "filters": ["ztfg"]}
        self._group = group
        self._instrument = stack.data("POST", "/api/instrument", camera)["id"]
        for number in range(_SOURCES):
            source = {"id": f"S{number}", "ra": 1.0 + number, "dec": 2.0, "redshift": 0.1, "group_ids": [group]}
            stack.data("POST", "/api/sources", source)
            self._post(source["id"], _POINTS)
        self._services = {one: self._register(group, one) for one in (quick, patient)}

    def _post(self, obj_id: str, count: int, first: int = 0) -> None:
        points = {
            "obj_id": obj_id, "instrument_id": self._instrument, "filter": "ztfg", "magsys": "ab", "zp": 23.9,
            "mjd": [59000.0 + first + point for point in range(count)], "flux": [100.0 + first] * count,
            "fluxerr": [5.0] * count, "group_ids": [self._group],
        }  # fmt: skip
        self._stack.data("POST", "/api/photometry", points)

    def _register(self, group: int, service: QuickService) -> int:
        wanted = {
            "name": f"service {service.url}", "url": service.url, "authentication_type": "none", "timeout": 600,
            "analysis_type": "lightcurve_fitting", "input_data_types": ["photometry", "redshift"], "group_ids": [group],
        }  # fmt: skip
        number: int = self._stack.data("POST", "/api/analysis_service", wanted)["id"]
        return number

    def submit(self, service: QuickService, obj: int | None = None) -> int:
        """Start a run and return its id."""
        self._number += 1
        return self._start(service, f"S{self._number % (_SOURCES - 1) if obj is None else obj}")

    def _start(self, service: QuickService, obj_id: str) -> int:
        number: int = self._stack.data("POST", f"/api/obj/{obj_id}/analysis/{self._services[service]}", {})["id"]
        return number

    def timed(self, row: str, ours: Callable[[], Any], bare: Callable[[], Any]) -> Any:  # noqa: ANN401 - ours
        """Do both, one after the other; return what ours returned."""
        found: list[Any] = []
        self.rows.ours[row].append(seconds(lambda: found.append(ours())))
        self.rows.bare[row].append(seconds(bare))
        return found[0]

    def together(self, clients: int) -> tuple[float, float]:
        """Return submits and whole runs a second."""
        while not self._quick.accepted.empty():
            self._quick.accepted.get()
        begun = time.perf_counter()
        with ThreadPoolExecutor(clients) as threads:
            list(threads.map(lambda _: self.submit(self._quick), range(_RUNS)))
        submitted = time.perf_counter() - begun
        for _ in range(_RUNS):
            self._quick.accepted.get(timeout=120)
        return _RUNS / submitted, _RUNS / (time.perf_counter() - begun)

    def hurried(self) -> None:
        """One client at full speed."""
        for _ in range(_RUNS):
            self.timed("submit, one client at full speed", lambda: self.submit(self._quick), self._bare.start)
        for _ in range(_RUNS):
            self._quick.accepted.get(timeout=120)

    def one_way(self, result: bytes, large: bytes) -> None:
        """One run at a time, from its start to its products."""
        time.sleep(_PAUSE)
        run = self.timed("submit, unhurried", lambda: self.submit(self._patient), self._bare.start)
        submitted = time.perf_counter()
        at, url = self._patient.taken.get(timeout=60)
        self.rows.ours["from the answer until the service has it"].append(max(at - submitted, 0.0001))
        self.rows.bare["from the answer until the service has it"].append(seconds(self._bare.start))
        base, path = f"/api/obj/analysis/{run}", "valid webhook until /results is readable"
        row = "from the answer until its result is accepted"

        def accepted_and_readable() -> None:
            self._patient.post(url, result)
            self.rows.ours[row].append(time.perf_counter() - submitted)
            while not self._stack.call("GET", f"{base}/results").ok:
                pass

        def stored_and_read() -> None:
            self._bare.store(result)
            self._bare.get()

        self.timed(path, accepted_and_readable, stored_and_read)
        self.rows.bare[row].append(seconds(self._bare.start) + seconds(lambda: self._bare.store(result)))
        time.sleep(_PAUSE)
        for name, path in (("a run", base), ("its results", f"{base}/results"), ("a plot", f"{base}/plots/0")):
            self.timed(
                f"read {name}", lambda path=path: self._stack.call("GET", path).raise_for_status(), self._bare.read
            )
        self.submit(self._patient, _SOURCES - 1)
        _, url = self._patient.taken.get(timeout=60)
        self.timed(
            "webhook with 2 MB", lambda: self._patient.post(url, large), lambda: _store_plainly(self._bare, large)
        )

    def many_points(self) -> None:
        """Read the light curve of a long series, and send a shorter one to a service."""
        for count in (_SOME, _MANY):
            source = {"id": f"{_LONG}{count}", "ra": 200.0, "dec": 2.0 + count / 1000, "group_ids": [self._group]}
            self._stack.data("POST", "/api/sources", source)
            for first in range(0, count, _SOME):
                self._post(source["id"], _SOME, first)
        path = f"/api/sources/{_LONG}{_MANY}/light_curve"

        def sent() -> None:
            self._start(self._patient, f"{_LONG}{_SOME}")
            self._patient.taken.get(timeout=60)

        for _ in range(_ROUNDS):
            self.timed(
                f"light curve of {_MANY} points",
                lambda: self._stack.call("GET", path).raise_for_status(),
                lambda: self._bare.points("siderostat-sources", f"{_LONG}{_MANY}"),
            )
            self.timed(
                f"start until the service has {_SOME} points",
                sent,
                lambda: (self._bare.start(), self._bare.points("siderostat-sources", f"{_LONG}{_SOME}")),
            )

    def long_list(self, large: bytes) -> None:
        """List as many runs as an object may have, all with large products."""
        path = f"/api/obj/S{_SOURCES - 1}/analysis"
        for _ in range(_LISTED - len(self._stack.data("GET", path))):
            self.submit(self._patient, _SOURCES - 1)
            self._patient.post(self._patient.taken.get(timeout=60)[1], large)
        for _ in range(_ROUNDS * 3):
            self.timed(
                f"list {_LISTED} runs with 2 MB products",
                lambda: self._stack.call("GET", path).raise_for_status(),
                self._bare.read,
            )

    def bare_cpu(self, result: bytes) -> float:
        """Return milliseconds of this process's CPU time for as many bare calls as a run takes: 21."""
        begun = time.process_time()
        for _ in range(_RUNS):
            for _ in range(2):
                self._bare.start(), self._bare.read(), self._bare.store(result)
            for _ in range(3):
                self._bare.get()
        return 1000 * (time.process_time() - begun) / _RUNS

    def more_groups(self) -> None:
        """Make the caller a member of many groups more."""
        for number in range(_GROUPS):
            self._stack.data("POST", "/api/groups", {"name": f"more {number}"})


def _store_plainly(bare: BareCalls, content: bytes) -> None:
    bare.store(json.dumps(json.loads(content)).encode())


def main() -> None:
    """Measure, print and write."""
    lines = [*_machine(), ""]
    begun = time.perf_counter()
    with QuickService(_result()) as quick, QuickService() as patient, SoakStack() as stack:
        stack.data("GET", "/api/internal/profile")
        started = time.perf_counter() - begun
        to_start = use_of(stack.pid)
        bench = Bench(stack, quick, patient)
        bench.together(_CLIENTS)  # what is made once is made
        result, large = _result(), _result(1_400_000)
        for _ in range(_ROUNDS):
            bench.hurried()
            for _ in range(4):
                bench.one_way(result, large)
        time.sleep(_SETTLE)
        before = use_of(stack.pid)
        rates = [bench.together(_CLIENTS) for _ in range(_ROUNDS)]
        time.sleep(_SETTLE)  # until the last result is collected
        used = use_of(stack.pid).since(before, _ROUNDS * _RUNS)
        memory = memory_of(stack.pid)
        bench.many_points()
        bench.long_list(large)
        bare = bench.bare_cpu(result)
        later = [bench.together(_CLIENTS) for _ in range(_ROUNDS)]  # beside all that is stored by now, as the next
        bench.more_groups()
        bench.together(_CLIENTS)
        groups = [bench.together(_CLIENTS) for _ in range(_ROUNDS)]
    lines += [*bench.rows.table(), "", "| | |", "|---|---|"]
    lines += [
        f"| CPU of a whole run: our own · with the embedded AWS | {used.own:.0f} · {used.own + used.aws:.0f} ms |",
        f"| CPU of 21 bare calls, without AWS · our own / that | {bare:.0f} ms · {used.own / bare:.1f} |",
    ]
    for name, found in (("", rates), (", beside all that", later), (f", after {_GROUPS} more groups", groups)):
        submits, whole = (statistics.median(column) for column in zip(*found, strict=True))
        lines += [f"| submits · whole runs a second, {_CLIENTS} clients{name} | {submits:.1f} · {whole:.1f} |"]
    reference = seconds(lambda: subprocess.run([sys.executable, "-c", "import boto3, moto.server"], check=True))
    lines += [f"| start to first answer · importing boto3 and moto | {started:.1f} · {reference:.1f} s |"]
    lines += [f"| CPU of all processes until then | {to_start.own + to_start.aws:.1f} s |"]
    lines += [f"| memory of everything after the rounds (PSS) | {memory / 1e6:.0f} MB |"]
    text = "\n".join(lines)
    print(text)
    sections.begin(text)


def _machine() -> Iterator[str]:
    yield "`python -m benchmarks.stack_rows`, which `make bench` runs: medians of interleaved rounds on one machine."
    yield ""
    load = os.getloadavg()[0]
    yield (
        f"{os.cpu_count()} cores, load {load:.0f}, {platform.system()}, Python {platform.python_version()}; "
        + ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    )


if __name__ == "__main__":
    main()
