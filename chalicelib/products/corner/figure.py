"""The figure of a corner plot: corner's layout, with axes only where something is drawn."""

from itertools import chain, combinations
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from chalicelib.products.corner.panel import Panel
from chalicelib.products.corner.smoothing import gaussian_filter

PANEL = 2.0
"""Inches, as corner lays its panels out; 5 % apart, with margins of 1 and 0.4 inches."""

_GAP = 0.05
_LARGEST_PICTURE = 3600  # pixels: each of them takes memory several times
_RESOLUTION = 100  # dots per inch, matplotlib's own


class CornerFigure(Figure):
    """A figure that makes axes for the triangle that corner fills; for the other one, half of the work, none.

    Parameters
    ----------
    parameters : int
        How many panels a side.
    reverse : bool
        Whether corner is told to draw the plot upside down.
    """

    def __init__(self, parameters: int, *, reverse: bool) -> None:
        self.side = PANEL * (parameters + (parameters - 1) * _GAP) + 0.7 * PANEL
        self._reverse = reverse
        self._is_corners = False
        self._grid: list[list[Any]] = []  # Python's collector does not look into arrays: the figure would stay for ever
        self.resolution = min(_RESOLUTION, _LARGEST_PICTURE / self.side)
        super().__init__(figsize=(self.side, self.side), dpi=self.resolution)

    def subplots(self, rows: int, columns: int) -> Any:  # type: ignore[override]  # noqa: ANN401 - axes, or an array of them
        """Make the axes, as corner asks for them."""
        if rows == 1:
            return self.add_subplot(axes_class=Panel)
        places = self.add_gridspec(rows, columns)
        self._grid = [
            [
                _NoAxes() if self._is_empty(row, column) else self.add_subplot(places[row, column], axes_class=Panel)
                for column in range(columns)
            ]
            for row in range(rows)
        ]
        return np.array(self._grid, dtype=object)

    def _is_empty(self, row: int, column: int) -> bool:
        return row > column if self._reverse else column > row

    def fill(self, samples: NDArray[np.float64], **options: Any) -> None:  # noqa: ANN401 - corner's own
        """Have corner draw samples, of shape (draws, parameters)."""
        from corner import core  # noqa: PLC0415 - corner.corner() would go through arviz where there is one

        core.gaussian_filter = gaussian_filter
        self._is_corners = True
        try:
            core.corner_impl(samples, fig=self, **options)
        finally:
            self._is_corners = False

    def add_points(self, samples: NDArray[np.float64], color: str) -> None:
        """Draw samples as points, as corner does, in the panels that it was told to leave without."""
        count = samples.shape[1]
        for upper, lower in combinations(range(count), 2):
            row, column = (count - 1 - lower, count - 1 - upper) if self._reverse else (lower, upper)
            x, y = samples[:, upper], samples[:, lower]
            self.panel(row, column).plot(
                x, y, "o", zorder=-1, rasterized=True, color=color, ms=2.0, mec="none", alpha=0.1
            )

    @property  # type: ignore[misc]
    def axes(self) -> list[Any]:  # type: ignore[override]
        """The axes; to corner, which wants a square of them, also the places that stay empty."""
        return list(chain.from_iterable(self._grid)) if self._is_corners and self._grid else super().axes

    def panel(self, row: int, column: int) -> Axes:
        """Return the axes in one place of the triangle that is drawn, as they stand in the figure."""
        found: Axes = self._grid[row][column] if self._grid else self.axes[0]
        return found


class _NoAxes:
    """Takes the place of axes that stay empty, and what corner does to empty ones."""

    def set_frame_on(self, _: bool) -> None:  # noqa: FBT001 - as matplotlib has it
        """Have no frame."""

    def set_xticks(self, _: list[float]) -> None:
        """Have no ticks."""

    set_yticks = set_xticks

    def get_subplotspec(self) -> None:
        """Have no place to be moved to."""
