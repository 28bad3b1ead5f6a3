"""What an installation in a folder takes with so many runs: memory, growth, disk, and the time of a start."""

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import requests
from moto.dynamodb.models.dynamo_type import DynamoType

from infra.local.aws.kept.folder import DATABASE, TOKEN
from infra.local.aws.kept.sort_keys import sort_key
from infra.local.http.listening import free_port

ROOT = Path(__file__).parents[1]
SIZES = (1_000, 10_000, 100_000)
_WRITES = 300
_MB = 1e6
_OBJECT = "BENCHMARK000000"
_ON_AN_OBJECT = 40


class Installation:
    """`serve --data` as a process, in a folder that stays.

    Parameters
    ----------
    data : Path
        The folder.
    """

    def __init__(self, data: Path) -> None:
        self.data = data
        self.url = f"http://127.0.0.1:{free_port()}"

    def start(self) -> float:
        """Start it and return the seconds until the first answer."""
        began = time.monotonic()
        known = {name: value for name, value in os.environ.items() if not name.startswith(("SIDEROSTAT_", "AWS_"))}
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "infra.local", "serve", "--data", str(self.data), "--port", self.url.split(":")[-1]],
            cwd=ROOT,
            env=known,
            stdout=subprocess.DEVNULL,
        )
        while True:
            try:
                requests.get(f"{self.url}/api/sysinfo", timeout=60).raise_for_status()
            except requests.ConnectionError:
                if self._process.poll() is not None:
                    raise RuntimeError("the installation does not start") from None
                time.sleep(0.02)
            else:
                return time.monotonic() - began

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        """End it."""
        self._process.send_signal(number)
        self._process.wait()
        with contextlib.suppress(OSError):  # what a killed one leaves behind answers until it ends
            while True:
                socket.create_connection(("127.0.0.1", int(self.url.split(":")[-1])), timeout=5).close()
                time.sleep(0.02)

    @property
    def pid(self) -> int:
        """The process that started all others."""
        return self._process.pid

    @property
    def runs(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process.poll() is None

    def call(self, method: str, path: str, body: Any = None) -> Any:  # noqa: ANN401 - JSON
        """Call the API and return the data of a success."""
        headers = {"Authorization": f"token {(self.data / TOKEN).read_text().strip()}"}
        answer = requests.request(method, self.url + path, json=body, headers=headers, timeout=60)
        answer.raise_for_status()
        return answer.json()["data"]

    def memory(self) -> float:
        """Return what the embedded AWS takes, in MB."""
        for child in psutil.Process(self._process.pid).children():
            if any(word.endswith(".run_aws") for word in child.cmdline()):
                return float(child.memory_info().rss) / _MB
        raise RuntimeError("the embedded AWS does not run")


@dataclass(frozen=True)
class Taken:
    """What an installation of a size takes."""

    runs: int
    disk: float
    start: float
    start_after_kill: float
    memory: float
    growth: float
    list_seconds: float


def measure(sizes: tuple[int, ...]) -> Iterator[Taken]:
    """Measure an installation of each size; it holds copies of one run that was uploaded."""
    with tempfile.TemporaryDirectory() as scratch:
        site = Installation(Path(scratch) / "data")
        site.start()
        service = _prepare(site)
        run = upload(site, service)
        site.end()
        held = 1
        try:
            for size in sizes:
                multiply(site.data / DATABASE, run, held, size)
                held = size
                yield _measured(site, service, size)
        finally:
            site.end(signal.SIGKILL)


def _measured(site: Installation, service: int, size: int) -> Taken:
    start = site.start()
    site.end(signal.SIGKILL)
    start_after_kill = site.start()
    memory = site.memory()
    began = time.monotonic()
    site.call("GET", f"/api/obj/{_OBJECT}/analysis")
    took = time.monotonic() - began
    for number in range(_WRITES // 10):
        upload(site, service, f"WARM{size}-{number}")
    warm = site.memory()
    for number in range(_WRITES):
        upload(site, service, f"MORE{size}-{number}")
    growth = site.memory() - warm
    site.end()
    disk = sum(path.stat().st_size for path in site.data.rglob("*") if path.is_file()) / _MB
    return Taken(size, disk, start, start_after_kill, memory, growth, took)


def _prepare(site: Installation) -> int:
    group = site.call("POST", "/api/groups", {"name": "bench"})["id"]
    service = {
        "name": "bench",
        "url": "http://127.0.0.1:9/",
        "authentication_type": "none",
        "analysis_type": "lightcurve_fitting",
        "input_data_types": [],
        "upload_only": True,
        "group_ids": [group],
    }
    return int(site.call("POST", "/api/analysis_service", service)["id"])


def upload(site: Installation, service: int, name: str = _OBJECT) -> int:
    """Upload a result for an object of its own, as there are many; return its run's number."""
    _ = site.call("POST", "/api/sources", {"id": name, "ra": 202.5, "dec": 13.4})
    body = {"status": "success", "message": "measured", "analysis": {"results": {"n": 1}}}
    return int(site.call("POST", f"/api/obj/{name}/analysis_upload/{service}", body)["id"])


def multiply(database: Path, run: int, held: int, wanted: int) -> None:
    """Copy everything that a run has, until there are so many runs; their numbers go down from the first one's."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        items = connection.execute(
            "SELECT tbl, hash, range, content, indexed, expires FROM items WHERE instr(content, ?)", (str(run),)
        ).fetchall()
        objects = connection.execute(
            "SELECT bucket, key, file, size, modified, facts FROM objects WHERE instr(key, ?)", (str(run),)
        ).fetchall()
        connection.execute("BEGIN")
        for place in range(held, wanted):
            _copy(connection, items, objects, run, run - place)
        connection.execute("COMMIT")


def _copy(connection: sqlite3.Connection, items: list[Any], objects: list[Any], run: int, new: int) -> None:
    old_key, new_key = (sort_key(DynamoType({"N": str(number)})) for number in (run, new))
    name = f"BENCHMARK{(run - new) // _ON_AN_OBJECT:06d}"

    def renamed(text: bytes) -> bytes:
        text = text.replace(old_key, new_key).replace(str(run).encode(), str(new).encode())
        return text.replace(_OBJECT.encode(), name.encode())

    for table, hash_key, range_key, content, indexed, expires in items:
        if not any(one in key for key in (hash_key, range_key) for one in (old_key, str(run).encode())):
            continue  # of several runs
        keys = [renamed(hash_key), renamed(range_key)]
        places = [[idx, *(renamed(bytes.fromhex(one)).hex() for one in both)] for idx, *both in json.loads(indexed)]
        number = connection.execute(
            "INSERT INTO items (tbl, hash, range, content, indexed, expires) VALUES (?, ?, ?, ?, ?, ?)",
            (table, *keys, renamed(content.encode()).decode(), json.dumps(places), expires),
        ).lastrowid
        connection.executemany(
            "INSERT INTO entries (tbl, idx, idx_hash, idx_range, hash, range, item) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(table, idx, bytes.fromhex(one), bytes.fromhex(two), *keys, number) for idx, one, two in places],
        )
    for bucket, key, *rest in objects:
        connection.execute(
            "INSERT INTO objects (bucket, key, file, size, modified, facts) VALUES (?, ?, ?, ?, ?, ?)",
            (bucket, key.replace(str(run), str(new)), *rest),
        )


def rows(sizes: tuple[int, ...] = SIZES) -> Iterator[str]:
    """Yield a Markdown table."""
    yield "| runs | disk | start | start after kill -9 | memory | growth with 300 more | list of an object |"
    yield "|---" * 7 + "|"
    for one in measure(sizes):
        yield (
            f"| {one.runs:,} | {one.disk:.0f} MB | {one.start:.1f} s | {one.start_after_kill:.1f} s "
            f"| {one.memory:.0f} MB | {one.growth:.1f} MB | {1000 * one.list_seconds:.0f} ms |".replace(",", " ")
        )


if __name__ == "__main__":
    for row in rows(tuple(map(int, sys.argv[1:])) or SIZES):
        print(row, flush=True)
