"""What corner draws of the density of a pair of parameters, each as the one artist that it comes to.

matplotlib looks for the colours and limits of each of them, several times; for these they are known.
"""

from collections.abc import Iterable, Sequence
from itertools import starmap
from typing import Any

import contourpy
import numpy as np
from matplotlib import rcParams
from matplotlib.collections import Collection, PathCollection, QuadMesh
from matplotlib.colors import Colormap, Normalize
from matplotlib.path import Path
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def area(x: Numbers, y: Numbers, values: Numbers, levels: Sequence[float], colours: Colormap) -> Collection:
    """Return what lies between two levels of values of shape (y, x), filled with a colour map's middle colour.

    Raises
    ------
    ValueError
        The levels do not rise.
    """
    low, high = _rising(levels)
    below = 1.0 if low == values.min() else 0.0  # the lowest values belong to the area
    paths = _paths([_generator(x, y, values).create_filled_contour(low - below, high)])
    return PathCollection(paths, facecolors=[colours(0.5)], edgecolors="none", antialiaseds=False)


def lines(x: Numbers, y: Numbers, values: Numbers, levels: Sequence[float], colour: object) -> Collection:
    """Return the lines where values of shape (y, x) are at levels; raises as `area` does."""
    generator = _generator(x, y, values)
    paths = _paths([generator.create_contour(level) for level in _rising(levels)])
    options: dict[str, Any] = {"facecolors": "none", "edgecolors": colour, "linewidths": rcParams["lines.linewidth"]}
    return PathCollection(paths, **options, zorder=2)


def cells(x: Numbers, y: Numbers, values: Numbers, colours: Colormap) -> Collection:
    """Return the cells between edges x and y, coloured by their values, of shape (y, x) without the last edges."""
    corners = np.stack(np.meshgrid(x, y), axis=-1)
    options: dict[str, Any] = {"facecolors": colours(Normalize()(values)).reshape(-1, 4), "edgecolors": "none"}
    return QuadMesh(corners, **options, antialiased=False, snap=False)


def _rising(levels: Sequence[float]) -> Sequence[float]:
    if np.any(np.diff(levels) <= 0):
        raise ValueError("Contour levels must be increasing")
    return levels


def _generator(x: Numbers, y: Numbers, values: Numbers) -> Any:  # noqa: ANN401 - of contourpy, one kind of many
    line, fill = contourpy.LineType.SeparateCode, contourpy.FillType.OuterCode
    return contourpy.contour_generator(x, y, values, name="mpl2014", corner_mask=True, line_type=line, fill_type=fill)


def _paths(found: Iterable[tuple[list[Numbers], list[NDArray[np.uint8]]]]) -> list[Path]:
    """Return one path a level, also where it has nothing in it."""
    return list(starmap(_path, found))


def _path(points: list[Numbers], codes: list[NDArray[np.uint8]]) -> Path:
    return Path(np.concatenate(points), np.concatenate(codes)) if points else Path(np.empty((0, 2)))
