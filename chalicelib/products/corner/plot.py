"""The corner plot of a posterior: by default corner's own, with what it would leave unreadable made readable."""

import gc
import io
import math
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from chalicelib.products.collector import paused
from chalicelib.products.corner.arguments import arguments
from chalicelib.products.corner.notes import notes
from chalicelib.products.corner.titles import better_titles
from chalicelib.products.corner.zero_points import relative_options, relative_samples, zero_points
from chalicelib.products.errors import BadArguments, Unreadable
from chalicelib.products.samples import Chosen

MOST_POINTS = 1_000_000
"""Over all panels; where there are more samples, every second, third … of them is drawn as a point."""

_COMPRESSION = 3  # in two thirds of the time of 6, the usual one, and such pictures are hardly larger for it

_FAILURES = (ValueError, TypeError, AssertionError, ArithmeticError, IndexError, RecursionError)


def draw_corner(chosen: Chosen, plot_kwargs: Mapping[str, object]) -> bytes:
    """Draw samples as a PNG: 16, 50 and 84 % quantiles, and what else `plot_kwargs` say.

    Without any it is ``corner.corner(samples, labels=names, quantiles=[0.16, 0.5, 0.84], show_titles=True)`` in
    matplotlib's default style, unless labels would be unreadable or cut off.

    Raises
    ------
    BadArguments
        `plot_kwargs` are not allowed, or do not fit the posterior.
    Unreadable
        There are too few samples.
    """
    _check_count(chosen)
    import matplotlib as mpl  # noqa: PLC0415 - takes a second, and only a corner plot needs it

    mpl.use("Agg")
    with _collected_at_the_end(), mpl.rc_context(), np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
        mpl.rcdefaults()
        try:
            return _picture(chosen, arguments(chosen, plot_kwargs))
        except _FAILURES as error:
            reason = f"The corner plot cannot be drawn: {str(error)[:500]}"
            raise (BadArguments if plot_kwargs else Unreadable)(reason) from error


@contextmanager
def _collected_at_the_end() -> Iterator[None]:
    """Look for garbage once, and only in what was drawn.

    What is there before leaves the youngest generation, to which then belongs what is drawn; what is frozen stays so.
    """
    with paused():
        gc.collect(0)
        try:
            yield
        finally:
            gc.collect(0)


def check_corner(chosen: Chosen, plot_kwargs: Mapping[str, object]) -> None:
    """Raise what `draw_corner` would raise before it draws."""
    _check_count(chosen)
    arguments(chosen, plot_kwargs)


def _check_count(chosen: Chosen) -> None:
    count, parameters = len(next(iter(chosen.columns.values()))), len(chosen.columns)
    if count < parameters:
        raise Unreadable(f"There are too few samples to draw: {count} for {parameters} parameters.")


def _picture(chosen: Chosen, options: dict[str, Any]) -> bytes:
    import matplotlib as mpl  # noqa: PLC0415 - as above

    from chalicelib.products.corner.figure import CornerFigure  # noqa: PLC0415 - loads matplotlib
    from chalicelib.products.corner.layout import Layout  # noqa: PLC0415 - as above

    zeros = zero_points(chosen.columns, options)
    samples = relative_samples(chosen.columns, zeros)
    parameters, reverse = samples.shape[1], bool(options.get("reverse", False))
    every = math.ceil(len(samples) * (parameters * (parameters - 1) // 2) / MOST_POINTS)
    has_points = options.get("plot_datapoints", True)
    own_points = {"plot_datapoints": False} if every > 1 else {}

    figure = CornerFigure(parameters, reverse=reverse)
    figure.fill(samples, **relative_options(options, zeros) | own_points)
    if every > 1 and has_points:
        figure.add_points(samples[::every], options.get("color") or mpl.rcParams["ytick.color"])
    layout = Layout(figure, parameters, reverse=reverse, labelpad=options.get("labelpad", 0.0))
    layout.set_titles(better_titles(chosen.columns, options, zeros))
    layout.make_room()
    layout.write_notes(notes(chosen, every if has_points else 1))

    picture = io.BytesIO()
    options = {"compress_level": _COMPRESSION}
    figure.savefig(picture, format="png", dpi=figure.resolution, bbox_inches=layout.page(), pil_kwargs=options)
    return picture.getvalue()
