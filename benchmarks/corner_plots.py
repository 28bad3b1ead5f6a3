"""Corner plots beside corner's own, in one process: CPU time of ours as a multiple of calling corner and savefig."""

import io
import time
from collections.abc import Callable, Iterator

import corner
import matplotlib as mpl
import numpy as np

from chalicelib.products.corner.plot import draw_corner
from chalicelib.products.samples import Chosen, Facts

SIZES = ((1_000, 3), (10_000, 6), (100_000, 6))
"""Draws and parameters."""

_TIMES = 2


def rows() -> Iterator[str]:
    """Yield a Markdown table."""
    mpl.use("Agg")
    yield "| draws | parameters | ours / corner alone |"
    yield "|---|---|---|"
    for draws, parameters in SIZES:
        samples = np.random.default_rng(7).normal(size=(draws, parameters))
        names = [f"p{number}" for number in range(parameters)]
        chosen = Chosen(dict(zip(names, samples.T.copy(), strict=True)), Facts(tuple(names), draws))
        ours, alone = _seconds(lambda: draw_corner(chosen, {})), _seconds(lambda: _alone(samples, names))  # noqa: B023
        yield f"| {draws:,} | {parameters} | {ours / alone:.1f} |".replace(",", " ")


def _alone(samples: np.ndarray, names: list[str]) -> bytes:
    figure = corner.corner(samples, labels=names, quantiles=[0.16, 0.5, 0.84], show_titles=True)
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    mpl.pyplot.close(figure)
    return picture.getvalue()


def _seconds(draw: Callable[[], bytes]) -> float:
    """Return the least CPU time of some tries."""
    best = float("inf")
    for _ in range(_TIMES):
        start = time.process_time()
        draw()
        best = min(best, time.process_time() - start)
    return best


if __name__ == "__main__":
    for row in rows():
        print(row, flush=True)
