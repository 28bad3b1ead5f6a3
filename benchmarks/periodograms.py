"""What a whole periodogram costs beside astropy's alone on the same grid.

The function also refines peaks, estimates false alarms and computes the window.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from astropy.timeseries import LombScargle

from chalicelib.periodograms.handler import handler

_BASELINE = 2_000.0
_OVERSAMPLING = 5
_CASES = ((300, 100_000, 1), (10_000, 100_000, 1), (10_000, 1_000_000, 1), (300, 20_000, 4))
"""Points, frequencies, terms."""


def rows() -> Iterator[str]:
    """Yield a Markdown table: CPU time of the function as a multiple of that of `LombScargle.power(method="fast")`."""
    yield "| points | frequencies | terms | the function / astropy alone |"
    yield "|---|---|---|---|"
    for points, number, terms in _CASES:
        ours, theirs = _seconds(points, number, terms)
        yield f"| {points} | {number} | {terms} | {ours / theirs:.2f} |"


def _seconds(points: int, number: int, terms: int) -> tuple[float, float]:
    rng = np.random.default_rng(points)
    mjd = 58_000 + np.sort(rng.uniform(0, _BASELINE, points))
    magerr = rng.uniform(0.01, 0.05, points)
    mag = 17 + 0.1 * np.sin(mjd) + rng.normal(0, magerr)
    step = 1 / (_OVERSAMPLING * _BASELINE)
    band = {"mjd": mjd.tolist(), "mag": mag.tolist(), "magerr": magerr.tolist()}
    frequencies = {"first": step, "step": step, "number": number}
    event: dict[str, Any] = {"method": "lomb_scargle", "terms": terms, "bands": [band], "frequencies": frequencies}
    grid = step * np.arange(1, number + 1)
    astropys = LombScargle(mjd - 58_000, mag, magerr, nterms=terms)
    method = "fast" if terms == 1 else "fastchi2"
    return (
        _cpu(lambda: handler(event, None)),
        _cpu(lambda: astropys.power(grid, method=method, assume_regular_frequency=True)),
    )


def _cpu(operation: Callable[[], object]) -> float:
    """Return the least of two, in s of CPU time."""
    found = []
    for _ in range(2):
        started = time.process_time()
        operation()
        found.append(time.process_time() - started)
    return min(found)
