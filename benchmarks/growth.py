"""What everything that is read by key costs beside ever more runs, sources and points: `python -m benchmarks.growth`.

An installation in a folder, filled behind its back; CPU time of all its processes, the embedded AWS among them, for
each operation. The table goes to benchmarks/RESULTS.md, behind the rows of `stack_rows`, a picture to docs/pictures.
"""

import json
import os
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt

from benchmarks import sections
from benchmarks.one_machine import ROOT, Installation, multiply, upload
from benchmarks.stack_processes import use_of
from infra.local.aws.kept.folder import DATABASE

SIZES = (10, 1_000, 10_000, 100_000)
PICTURE = ROOT / "docs" / "pictures" / "growth.png"
HEADING = "Growth"
_TIMES, _WARM = 100, 5
_SOURCE = "GROWN0000000000"
"""Of which there are as many as there are runs, each with a point."""
_LONG = "POINTS000000000"
"""A source with so many points."""
_FIRST_TIME = 0x_C0ECCE00_00000000
"""Of the points behind the API's back: later than those that are posted."""

Costs = dict[str, float]
"""Milliseconds of CPU time by operation."""


class Grown:
    """An installation that grows.

    Parameters
    ----------
    data : Path
        Its folder.
    """

    def __init__(self, data: Path) -> None:
        self.site = Installation(data)
        self.site.start()
        call = self.site.call
        self._group = call("POST", "/api/groups", {"name": "bench"})["id"]
        self._instrument = self._camera()
        service = {
            "name": "bench", "url": "http://127.0.0.1:9/", "authentication_type": "none", "upload_only": True,
            "analysis_type": "lightcurve_fitting", "input_data_types": [], "group_ids": [self._group],
        }  # fmt: skip
        self._service = int(call("POST", "/api/analysis_service", service)["id"])
        for name in (_SOURCE, _LONG, "READ"):
            call("POST", "/api/sources", {"id": name, "ra": 10.0 + len(name), "dec": 2.0, "group_ids": [self._group]})
        self._posted = 0
        self._post(_SOURCE), self._post(_LONG), self._post("READ", 60)
        self._run = upload(self.site, self._service)
        self._held = 1
        while not self._is_collected():  # else the copies would be collected, too
            time.sleep(0.1)
        self.site.end()
        self._source = self._items(_SOURCE)
        [self._point] = self._items(_LONG, "photometry#")

    def costs(self, size: int) -> Costs:
        """Grow to a size, and measure."""
        database = self.site.data / DATABASE
        multiply(database, self._run, self._held, size)
        with closing(sqlite3.connect(database, isolation_level=None)) as connection:
            connection.execute("BEGIN")
            for number in range(self._held, size):
                for item in self._source:
                    _insert(connection, item, lambda text, n=number: text.replace(_SOURCE, f"GROWN{n:010d}"))
                _insert(connection, self._point, lambda text, n=number: _moved(text, n))
            connection.execute("COMMIT")
        self._held = size
        self.site.start()
        try:
            return {name: self._cost(operation) for name, operation in self._operations(size)}
        finally:
            self.site.end()

    def _operations(self, size: int) -> Iterator[tuple[str, Callable[[], Any]]]:
        call, run = self.site.call, self._run
        names = (f"AT{size}-{number}" for number in range(10 * _TIMES))
        yield "read a run", lambda: call("GET", f"/api/obj/analysis/{run}")
        yield "read its results", lambda: call("GET", f"/api/obj/analysis/{run}/results")
        yield "read a source", lambda: call("GET", "/api/sources/READ")
        yield "its light curve of 60 points", lambda: call("GET", "/api/sources/READ/light_curve")
        yield "post a point to a source with so many", lambda: self._post(_LONG)
        yield "its statistics", lambda: call("GET", f"/api/sources/{_LONG}/phot_stat")
        # the last, for what is uploaded is collected meanwhile and afterwards
        yield "upload a result for a new source", lambda: upload(self.site, self._service, next(names))

    def _is_collected(self) -> bool:
        with closing(sqlite3.connect(self.site.data / DATABASE)) as connection:
            found = connection.execute(
                "SELECT 1 FROM items WHERE instr(content, ?) AND instr(content, 'collected_at')", (str(self._run),)
            )
            return found.fetchone() is not None

    def _items(self, name: str, kind: str = "") -> list[Any]:
        with closing(sqlite3.connect(self.site.data / DATABASE)) as connection:
            return connection.execute(
                "SELECT tbl, hash, range, content, indexed, expires FROM items "
                "WHERE instr(hash, ?) AND instr(range, ?)",
                (name.encode(), kind.encode()),
            ).fetchall()

    def _cost(self, operation: Callable[[], Any]) -> float:
        for _ in range(_WARM):
            operation()
        before = use_of(self.site.pid)
        for _ in range(_TIMES):
            operation()
        used = use_of(self.site.pid).since(before, _TIMES)
        return used.own + used.aws

    def _post(self, name: str, count: int = 1) -> None:
        days = [50_000.0 + self._posted + number for number in range(count)]
        self._posted += count
        points = {
            "obj_id": name, "instrument_id": self._instrument, "filter": "ztfg", "magsys": "ab", "zp": 23.9,
            "mjd": days, "flux": [100.0] * count, "fluxerr": [5.0] * count, "group_ids": [self._group],
        }  # fmt: skip
        self.site.call("POST", "/api/photometry", points)

    def _camera(self) -> int:
        where = {"lat": 33.0, "lon": -116.0, "elevation": 1700.0, "diameter": 1.2, "robotic": True}
        telescope = self.site.call("POST", "/api/telescope", {"name": "T", "nickname": "T", **where})["id"]
        camera = {"name": "C", "type": "imager", "telescope_id": telescope, "filters": ["ztfg"]}
        return int(self.site.call("POST", "/api/instrument", camera)["id"])


def _moved(text: str, number: int) -> str:
    """Put a point to another time: the first 16 digits of its key."""
    head, found, rest = text.partition("photometry#")
    return f"{head}{found}{_FIRST_TIME + number:016x}{rest[16:]}" if found else text


def _insert(connection: sqlite3.Connection, item: tuple[Any, ...], change: Callable[[str], str]) -> None:
    def changed(key: bytes) -> bytes:
        return change(key.decode("latin-1")).encode("latin-1")

    table, hash_key, range_key, content, indexed, expires = item
    keys = [changed(hash_key), changed(range_key)]
    places = [[idx, *(changed(bytes.fromhex(one)).hex() for one in both)] for idx, *both in json.loads(indexed)]
    row = connection.execute(
        "INSERT INTO items (tbl, hash, range, content, indexed, expires) VALUES (?, ?, ?, ?, ?, ?)",
        (table, *keys, change(content), json.dumps(places), expires),
    )
    connection.executemany(
        "INSERT INTO entries (tbl, idx, idx_hash, idx_range, hash, range, item) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(table, idx, bytes.fromhex(one), bytes.fromhex(two), *keys, row.lastrowid) for idx, one, two in places],
    )


def measure(sizes: tuple[int, ...]) -> dict[int, Costs]:
    """Measure at each size."""
    with tempfile.TemporaryDirectory() as scratch:
        grown = Grown(Path(scratch) / "data")
        try:
            return {size: grown.costs(size) for size in sizes}
        finally:
            if grown.site.runs:
                grown.site.end(signal.SIGKILL)


def table(found: dict[int, Costs]) -> Iterator[str]:
    """Yield Markdown: a row for each operation, and how much more it costs at the largest size."""
    sizes = " | ".join(f"{size:,}".replace(",", " ") for size in found)
    yield f"| runs, sources and points | {sizes} | largest / smallest |"
    yield "|---" * (len(found) + 2) + "|"
    smallest, largest = min(found), max(found)
    for name in found[smallest]:
        shown = " | ".join(f"{costs[name]:.1f} ms" for costs in found.values())
        yield f"| {name} | {shown} | {found[largest][name] / max(found[smallest][name], 0.1):.1f} |"


def draw(found: dict[int, Costs], picture: Path) -> None:
    """Draw a line for each operation."""
    mpl.use("Agg")
    figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
    for name in next(iter(found.values())):
        axes.plot(list(found), [costs[name] for costs in found.values()], marker="o", label=name)
    axes.set(xscale="log", yscale="log", xlabel="runs, sources and points", ylabel="CPU time, all processes (ms)")
    axes.set_ylim(1, 1000)
    figure.legend(loc="outside right upper", fontsize="small")
    figure.savefig(picture, dpi=110)
    plt.close(figure)


def main(sizes: tuple[int, ...]) -> None:
    """Measure, print, write and draw."""
    found = measure(sizes)
    lines = "\n".join(table(found))
    load = f"CPU time of all processes of an installation in a folder, load {os.getloadavg()[0]:.0f}."
    print(f"## {HEADING}\n\n{load}\n\n{lines}")
    sections.keep(HEADING, f"{load}\n\n{lines}")
    draw(found, PICTURE)


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)
