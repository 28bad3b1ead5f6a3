"""The axes of one panel: matplotlib's own, without the objects for what a corner plot never shows there.

For each mark on an axis matplotlib makes five artists: two marks, a line of the grid and two labels. In a plot of many
panels that is half of the time that it takes. Here the marks of an axis without labels are one line, drawn at once.
"""

from collections.abc import Iterable
from copy import copy
from typing import Any

import numpy as np
from matplotlib import rcParams
from matplotlib.artist import allow_rasterization
from matplotlib.axes import Axes
from matplotlib.axis import Axis, Tick, Ticker, XAxis, YAxis
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import Colormap
from matplotlib.lines import Line2D
from matplotlib.markers import TICKDOWN, TICKLEFT
from matplotlib.text import Text
from matplotlib.ticker import NullFormatter, NullLocator
from numpy.typing import NDArray

from chalicelib.products.corner.density import area, cells, lines

_CLOSE = 1e-10  # of the axis' length; so far outside may a mark be, as in matplotlib: it is a rounding error

_SHOWN = {"tick1On": True, "tick2On": True, "label1On": True, "label2On": False}
"""What a tick shows unless it is told otherwise."""

_POSITIONS: dict[tuple[bool, ...], int | str] = {
    (True, False, True, False): 1,
    (False, True, False, True): 2,
    (True, True, True, False): "default",
}


class Panel(Axes):
    """Axes with marks to the left and below, as matplotlib's default style has them, and no grid."""

    def _init_axis(self) -> None:
        self.xaxis, self.yaxis = _PanelXAxis(self, clear=False), _PanelYAxis(self, clear=False)
        for side, axis in (("bottom", self.xaxis), ("top", self.xaxis), ("left", self.yaxis), ("right", self.yaxis)):
            self.spines[side].register_axis(axis)

    def clear(self) -> None:
        """Clear the axes, and put the spines in their places, which else the first tick does."""
        super().clear()
        for spine in self.spines.values():
            spine.set_position(("outward", 0.0))

    def grid(self, *_: Any, **__: Any) -> None:  # noqa: ANN401 - matplotlib's own
        """Have no grid."""

    def contourf(self, x: Any, y: Any, values: Any, levels: Any, *, cmap: Any = None, **options: Any) -> Any:  # type: ignore[override]  # noqa: ANN401 - as above
        """Fill one area, as corner does to hide points, or others as matplotlib does."""
        if cmap is None:
            return super().contourf(x, y, values, levels, **options)
        return self.add_collection(area(x, y, values, levels, cmap), autolim=False)

    def contour(self, x: Any, y: Any, values: Any, levels: Any, *, colors: object) -> Any:  # type: ignore[override]  # noqa: ANN401 - as above
        """Draw lines of one colour."""
        return self.add_collection(lines(x, y, values, levels, colors), autolim=False)

    def pcolor(self, x: Any, y: Any, values: Any, *, cmap: Colormap) -> Any:  # type: ignore[override]  # noqa: ANN401 - as above
        """Draw cells."""
        return self.add_collection(cells(x, y, values, cmap), autolim=False)


class _PanelAxis(Axis):
    """An axis that makes ticks when there is something to write at them, and marks when they are drawn."""

    def reset_ticks(self) -> None:
        """Have no ticks, not even one to copy: what is set for them is kept apart from them too."""
        self.majorTicks, self.minorTicks = [], []

    def _get_tick(self, major: bool) -> Tick:  # noqa: FBT001 - matplotlib's own
        ticks = self.majorTicks if major else self.minorTicks
        return _twin(ticks[0]) if ticks else super()._get_tick(major)  # type: ignore[misc]

    def _copy_tick_props(self, src: Tick, dest: Tick) -> None:
        """Copy nothing: a tick that is not the first is a copy of it."""

    def set_ticklabels(self, labels: Iterable[str | Text], *, minor: bool = False, **options: Any) -> list[Text]:  # noqa: ANN401 - as above
        """Set labels, or with none, leave the ticks without."""
        texts = list(labels)
        if texts:
            return super().set_ticklabels(texts, minor=minor, **options)
        (self.set_minor_formatter if minor else self.set_major_formatter)(NullFormatter())
        return []

    def _get_ticks_position(self) -> Any:  # noqa: ANN401 - as above
        """Say by its ticks where they are, or by what they would be made of: 1, 2, "default" or "unknown"."""
        kinds = [
            (ticks, options)
            for ticker, ticks, options in (
                (self.major, self.majorTicks, self._major_tick_kw),  # type: ignore[attr-defined]
                (self.minor, self.minorTicks, self._minor_tick_kw),  # type: ignore[attr-defined]
            )
            if not isinstance(ticker.locator, NullLocator)
        ]
        if all(ticks for ticks, _ in kinds):
            return super()._get_ticks_position()  # type: ignore[misc]
        shown = {tuple(options.get(part, default) for part, default in _SHOWN.items()) for _, options in kinds}
        return _POSITIONS.get(shown.pop(), "unknown") if len(shown) == 1 else "unknown"

    @allow_rasterization  # type: ignore[untyped-decorator]
    def draw(self, renderer: RendererBase) -> None:
        """Draw only the marks where nothing is written."""
        if self.label.get_text() or not (_is_bare(self.major) and _is_bare(self.minor)):
            super().draw(renderer)
            return
        if not isinstance(self.major.locator, NullLocator):
            self._marks(self._inside(self.get_majorticklocs()), "major").draw(renderer)
        if not isinstance(self.minor.locator, NullLocator):
            self._marks(self._inside(self.get_minorticklocs()), "minor").draw(renderer)
        self.stale = False

    def _inside(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        transform = self.get_transform()
        low, high = sorted(transform.transform(self.get_view_interval()))
        slack, shown = (high - low) * _CLOSE, transform.transform(places)
        inside: NDArray[np.float64] = places[(low - slack <= shown) & (shown <= high + slack)]
        return inside

    def _marks(self, places: NDArray[np.float64], kind: str) -> Line2D:
        raise NotImplementedError


class _PanelXAxis(_PanelAxis, XAxis):
    def _marks(self, places: NDArray[np.float64], kind: str) -> Line2D:
        below = self.axes.get_xaxis_transform("tick1")
        return _line(self.axes, places, np.zeros(len(places)), f"xtick.{kind}", marker=TICKDOWN, transform=below)


class _PanelYAxis(_PanelAxis, YAxis):
    def _marks(self, places: NDArray[np.float64], kind: str) -> Line2D:
        left = self.axes.get_yaxis_transform("tick1")
        return _line(self.axes, np.zeros(len(places)), places, f"ytick.{kind}", marker=TICKLEFT, transform=left)


def _line(axes: Axes, x: NDArray[np.float64], y: NDArray[np.float64], ticks: str, **options: Any) -> Line2D:  # noqa: ANN401 - as above
    style: dict[Any, Any] = rcParams
    size, width, color = style[f"{ticks}.size"], style[f"{ticks}.width"], style[f"{ticks.partition('.')[0]}.color"]
    line = Line2D(x, y, linestyle="none", color=color, markersize=size, markeredgewidth=width, **options)
    line.set_figure(axes.figure)
    return line


def _twin(tick: Tick) -> Tick:
    """Copy a tick, to be moved and labelled: matplotlib takes many times as long to make another that is alike."""
    twin = copy(tick)
    for part in ("tick1line", "tick2line", "gridline", "label1", "label2"):
        setattr(twin, part, copy(getattr(tick, part)))
    for label in (twin.label1, twin.label2):
        label.set_fontproperties(label.get_fontproperties())  # a copy of them, which may be changed
    return twin


def _is_bare(ticker: Ticker) -> bool:
    return isinstance(ticker.locator, NullLocator) or isinstance(ticker.formatter, NullFormatter)
