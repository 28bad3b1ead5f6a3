"""Makes room for what is written on a corner plot: names that are long, ticks that reach the labels, notes."""

import textwrap
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from chalicelib.products.corner.figure import PANEL, CornerFigure
from chalicelib.products.corner.lettering import shortened

_TITLE_WIDTH, _TWO_LINES_WIDTH, _LABEL_WIDTH = 2.75, 2.3, 2.0
_FREE_ON_TOP = 0.25
"""Inches: what is not cut off at the edge of the figure, covers nothing of the panel before, nor the next label."""

_SMALLEST_TITLE, _SMALLEST_LABEL = 7.0, 7.0
_SMALLEST_NOTE, _LARGEST_NOTE, _NOTE = 8.0, 24.0, 0.4
"""Points; notes grow with the figure, in points for each inch."""

_LABEL_DISTANCE = 0.3 * PANEL
_FARTHEST = 0.85
_AIR = 0.04
_EDGE = 0.1
_CHARACTER = 0.56 / 72  # inches for each point, on the average

_LONG, _SURELY = 20, 1.1
"""Characters from which on a name is measured alone; over the room, how wide it is if no title with it has room."""


class Layout:
    """Arranges a figure that corner has filled; everything that has room stays where corner put it.

    Parameters
    ----------
    figure : CornerFigure
        Drawn, and not yet saved.
    parameters : int
        How many panels a side.
    reverse : bool
        Whether it is upside down.
    labelpad : float
        What the caller added to the distance of the labels, in sides of a panel.
    """

    def __init__(self, figure: CornerFigure, parameters: int, *, reverse: bool, labelpad: float) -> None:
        self._figure, self._parameters, self._reverse = figure, parameters, reverse
        self._distance = _LABEL_DISTANCE + labelpad * PANEL
        self._renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]

    def set_titles(self, titles: Sequence[str | None]) -> None:
        """Replace corner's titles by others, where there is one."""
        for text, title in zip(self._titles(), titles, strict=True):
            if title is not None:
                text.set_text(title)

    def make_room(self) -> None:
        """Let titles and labels be smaller, shorter or farther away where they would cover something or be cut off."""
        for position, title in enumerate(self._titles()):
            self._fit_title(title, is_on_top=position == 0)
        last = self._parameters - 1
        if self._reverse:
            return
        for column in range(self._parameters):
            self._fit_label(self._figure.panel(last, column), "x")
        for row in range(1, self._parameters):
            self._fit_label(self._figure.panel(row, 0), "y")

    def write_notes(self, sentences: Sequence[str]) -> None:
        """Write sentences where the plot is empty."""
        if not sentences:
            return
        has_corner = self._parameters > 1 and not self._reverse
        width = (self._parameters - 1) * PANEL if has_corner else self._figure.side - 2 * _EDGE
        size = min(_LARGEST_NOTE, max(_SMALLEST_NOTE, _NOTE * self._figure.side))
        lines = [line for one in sentences for line in textwrap.wrap(one, int(width / (_CHARACTER * size)))]
        edge = _EDGE / self._figure.side
        x, y, ha, va = (1 - edge, 1 - edge, "right", "top") if has_corner else (edge, edge / 2, "left", "bottom")
        self._figure.text(x, y, "\n".join(lines), ha=ha, va=va, fontsize=size, color="0.35")

    def page(self) -> Bbox | None:
        """Return what must be saved, in inches, if something reaches beyond the figure; None if nothing does."""
        whole = self._figure.bbox_inches
        drawn = Bbox.union([whole, *(self._inches(text) for text in self._texts() if text.get_text())])
        return None if drawn.width <= whole.width and drawn.height <= whole.height else drawn.padded(_AIR)

    def _titles(self) -> list[Text]:
        last = self._parameters - 1
        if self._reverse:
            return [self._figure.panel(last - one, last - one).xaxis.label for one in range(self._parameters)]
        return [self._figure.panel(one, one).title for one in range(self._parameters)]

    def _texts(self) -> Iterable[Text]:
        yield from self._titles()
        last = self._parameters - 1
        row, column = (0, last) if self._reverse else (last, 0)
        for one in range(self._parameters):
            yield self._figure.panel(row, one).xaxis.label
            yield self._figure.panel(one, column).yaxis.label
        yield from self._figure.texts

    def _inches(self, text: Text) -> Bbox:
        return Bbox(text.get_window_extent(self._renderer).get_points() / self._figure.dpi)

    def _fit_title(self, title: Text, *, is_on_top: bool) -> None:
        name, equals, value = title.get_text().rpartition(" = ")
        beginning = self._beginning(title, name)
        if beginning <= _TITLE_WIDTH * _SURELY and self._inches(title).width <= _TITLE_WIDTH:
            return
        if is_on_top and self._shrunk(title, self._width_on_top, _width, _SMALLEST_TITLE, beginning):
            return  # there is no room for a second line
        title.set_text(f"{name}\n= {value}" if equals else value)
        least = 0.0 if is_on_top else beginning  # on top it may be smaller already than when it was measured
        if not self._shrunk(title, _TWO_LINES_WIDTH, _width, _SMALLEST_TITLE, least) and "$" not in name:
            kept = int(len(name or value) * _TWO_LINES_WIDTH / self._inches(title).width)
            title.set_text(f"{shortened(name, kept)}\n= {value}" if equals else shortened(value, kept))

    def _beginning(self, title: Text, name: str) -> float:
        """Return how wide a name is without the rest of its title, or 0 if it is short or TeX.

        That is measured at once, while matplotlib reads a whole title anew for each size, for it has TeX in it.
        """
        if len(name) < _LONG or "$" in name:
            return 0.0
        whole = title.get_text()
        title.set_text(name)
        width = _width(self._inches(title))
        title.set_text(whole)
        return width

    @property
    def _width_on_top(self) -> float:
        return _TITLE_WIDTH if self._parameters == 1 else _TITLE_WIDTH + _FREE_ON_TOP

    def _fit_label(self, axes: Axes, kind: Literal["x", "y"]) -> None:
        axis: Axis = axes.xaxis if kind == "x" else axes.yaxis
        label = axis.label
        length = _width if kind == "x" else _height
        if not self._shrunk(label, _LABEL_WIDTH, length, _SMALLEST_LABEL) and "$" not in label.get_text():
            name, *rest = label.get_text().split("\n")
            kept = int(len(name) * _LABEL_WIDTH / length(self._inches(label)))
            label.set_text("\n".join([shortened(name, kept), *rest]))
        reach = self._reach(axes, axis, kind) + _AIR
        if reach > self._distance:
            away = -min(reach, _FARTHEST) / PANEL
            axis.set_label_coords(*((0.5, away) if kind == "x" else (away, 0.5)))

    def _shrunk(
        self, text: Text, most: float, length: Callable[[Bbox], float], smallest: float, least: float = 0.0
    ) -> bool:
        """Make a text, which is no shorter than `least` in inches, as small as it must be; say whether it fits then."""
        size = float(text.get_fontsize())
        if least * smallest / size > most * _SURELY and size > smallest:
            text.set_fontsize(smallest)
            return False
        needed = length(self._inches(text))
        if needed > most:
            text.set_fontsize(max(smallest, size * most / needed))
        return length(self._inches(text)) <= most * 1.01

    def _reach(self, axes: Axes, axis: Axis, kind: Literal["x", "y"]) -> float:
        """Return how far the labels of the ticks, and what stands below them, reach from the axes, in inches."""
        axis.get_ticklabels()  # which decides where the ticks are
        low, high = sorted(axis.get_view_interval())
        ticks = [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
        boxes = [self._inches(label) for label in ticks if label.get_text()]
        frame = axes.bbox.get_points() / self._figure.dpi
        if not boxes:
            return 0.0
        if kind == "y":
            return float(frame[0][0] - min(box.x0 for box in boxes))
        below = float(frame[0][1] - min(box.y0 for box in boxes))
        axis.offsetText.set_text(axis.get_major_formatter().get_offset())
        offset, label = self._inches(axis.offsetText), self._inches(axis.label)
        has_room = not axis.offsetText.get_text() or offset.width + label.width / 2 + _AIR < PANEL / 2
        return below if has_room else below + axis.OFFSETTEXTPAD / 72 + offset.height


def _width(box: Bbox) -> float:
    return float(box.width)


def _height(box: Bbox) -> float:
    return float(box.height)
