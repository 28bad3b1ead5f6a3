"""CPU time of the API's function from its start to its first answer: `python -m benchmarks.first_answer`.

Beside that of a bare function, which imports boto3, Chalice and PynamoDB's models and makes an application and a
client; both are processes that import from a package. Medians of interleaved runs, kept in benchmarks/RESULTS.md. What
does not depend on the machine is asserted by `tests/infra/test_first_answer.py`.
"""

import os
import resource
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import sections
from tests.support.first_answer import FLOOR, PATHS, Package, script
from tests.support.packages import compiled

HEADING = "From start to first answer"
_RUNS = 15


def _cpu_seconds(package: Package, text: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    package.run(text)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(runs: int) -> dict[str, float]:
    """Return CPU seconds of the floor and of a first answer at each path."""
    with tempfile.TemporaryDirectory() as scratch, Package.beside_aws(compiled(Path(scratch), "dev")[1]) as package:
        cases = {"floor": FLOOR} | {path: script(path, token=package.token) for path in PATHS}
        taken: dict[str, list[float]] = {name: [] for name in cases}
        for _ in range(runs):
            for name, text in cases.items():
                taken[name].append(_cpu_seconds(package, text))
    return {name: statistics.median(each) for name, each in taken.items()}


def table(seconds: dict[str, float]) -> Iterator[str]:
    """Yield the rows as Markdown."""
    yield "| first request | CPU time | as a multiple of the floor |"
    yield "|---|---|---|"
    for name, each in seconds.items():
        shown = "the floor" if name == "floor" else f"`GET {name}`"
        yield f"| {shown} | {1000 * each:.0f} ms | {each / seconds['floor']:.2f} |"


def main(runs: int) -> None:
    """Measure, print and write."""
    load = f"Medians of {runs} interleaved runs, load {os.getloadavg()[0]:.0f}."
    text = f"{load}\n\n" + "\n".join(table(measure(runs)))
    print(f"## {HEADING}\n\n{text}")
    sections.keep(HEADING, text)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else _RUNS)
