"""A million draws of 30 parameters as text: CPU time and memory of the process that reads netCDF and writes columns."""

import resource
import time
from collections.abc import Iterator

from benchmarks.memory import watched
from benchmarks.payloads import posterior_file
from chalicelib.products.columns import ColumnsWanted
from chalicelib.products.netcdf.inference_data import write_from_inference_data
from chalicelib.products.scratch import new_file, space

DRAWS = 1_000_000
CASES = (("csv", 1), ("json", 1), ("csv", 100))
"""Format and thin."""


def rows(draws: int = DRAWS) -> Iterator[str]:
    """Yield a Markdown table; memory is a multiple of the file's size."""
    yield "| format | thin | MB written | CPU time | elapsed | memory |"
    yield "|---|---|---|---|---|---|"
    with space():
        file = new_file()
        file.write(posterior_file(draws))
        content = file.whole()
        for form, thin in CASES:
            began, elapsed = _cpu(), time.perf_counter()
            with watched("posterior_file") as growth:
                text = write_from_inference_data(content, ColumnsWanted(form, thin))
            elapsed, cpu = time.perf_counter() - elapsed, _cpu() - began
            memory = growth.together / len(content)
            yield f"| {form} | {thin} | {len(text) / 1e6:.0f} | {cpu:.1f} s | {elapsed:.1f} s | {memory:.2f} |"


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    for row in rows():
        print(row, flush=True)
