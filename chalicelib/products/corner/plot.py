"""The corner plot of a posterior."""

import io
import math
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalicelib.products.corner.options import MAX_TEXT, check_plot_kwargs
from chalicelib.products.corner.smoothing import gaussian_filter
from chalicelib.products.errors import Unreadable
from chalicelib.products.samples import Columns, drawable

MAX_PARAMETERS = 30

QUANTILES = (0.16, 0.5, 0.84)
_LARGEST_PICTURE = 5000  # pixels
_RESOLUTION = 110  # dots per inch
_PER_PARAMETER = (
    "axes_scale",
    "bins",
    "hist_bin_factor",
    "labels",
    "range",
    "title_fmt",
    "titles",
    "truths",
)
_STYLE: Any = {
    "axes.formatter.limits": (-5, 8),
    "axes.formatter.useoffset": False,
    "axes.linewidth": 0.8,
    "font.family": "DejaVu Sans",
    "font.size": 10.0,
    "mathtext.fontset": "dejavusans",
    "savefig.bbox": "tight",
    "savefig.pad_inches": 0.15,
    "text.usetex": False,
}


def draw_corner(posterior: Columns, plot_kwargs: Mapping[str, object], max_parameters: int | None = None) -> bytes:
    """Draw a posterior as a PNG: 16, 50 and 84 % quantiles, parameters without spread left out.

    Lists in `plot_kwargs` that have one entry a parameter may count all parameters or those that are drawn.

    Raises
    ------
    Unreadable
        There is nothing to draw, too much, or corner cannot draw it with these arguments.
    """
    columns = drawable(posterior)
    limit = MAX_PARAMETERS if max_parameters is None else min(max_parameters, MAX_PARAMETERS)
    if len(columns) > limit:
        demand = "" if max_parameters is None else " on demand"
        raise Unreadable(f"There are too many parameters to draw{demand}: {len(columns)} > {limit}.")
    if not columns:
        raise Unreadable("No parameter of the posterior has any spread.")
    samples = np.column_stack(list(columns.values()))
    if len(samples) <= len(columns):
        raise Unreadable(f"There are too few samples to draw: {len(samples)} for {len(columns)} parameters.")
    try:
        check_plot_kwargs(plot_kwargs)
        return _picture(samples, _defaults(columns) | _selected(plot_kwargs, list(posterior), list(columns)))
    except (ValueError, TypeError, AssertionError, ArithmeticError, IndexError) as error:
        raise Unreadable(f"The corner plot cannot be drawn: {str(error)[:500]}") from error


def _defaults(columns: Columns) -> dict[str, Any]:
    return {
        "labels": [_label(name) for name in columns],
        "quantiles": list(QUANTILES),
        "title_quantiles": list(QUANTILES),
        "title_fmt": [_number_format(values) for values in columns.values()],
        "show_titles": True,
        "color": "#1f4e79",
        "truth_color": "#c1440e",
        "bins": 30,
        "max_n_ticks": 4,
        "label_kwargs": {"fontsize": 11},
        "title_kwargs": {"fontsize": 10},
        "labelpad": 0.12,
    }


def _label(name: str) -> str:
    """Show a parameter's name as it is written: no mathematics, no more than fits."""
    return name[:MAX_TEXT].replace("$", r"\$")


def _number_format(values: NDArray[np.float64]) -> str:
    """Choose the format that shows two digits of the uncertainty."""
    low, middle, high = np.quantile(values, QUANTILES)
    uncertainty = min(high - middle, middle - low) or np.std(values)
    digit = math.floor(math.log10(uncertainty))
    if -5 <= digit <= 5:  # noqa: PLR2004 - beyond, powers of ten are shorter
        return f".{max(0, 1 - digit)}f"
    return f".{min(15, max(1, math.floor(math.log10(abs(middle) or uncertainty)) - digit + 1))}e"


def _selected(plot_kwargs: Mapping[str, object], names: list[str], drawn: list[str]) -> dict[str, object]:
    return {
        option: _for_drawn(option, value, names, drawn) if option in _PER_PARAMETER else value
        for option, value in plot_kwargs.items()
        if value is not None
    }


def _for_drawn(option: str, value: object, names: list[str], drawn: list[str]) -> object:
    """Pick the entries of the drawn parameters from a list with one entry a parameter."""
    if not isinstance(value, list | tuple) or len(value) == len(drawn):
        return value
    if len(value) != len(names):
        raise ValueError(f"{option} has {len(value)} entries for {len(drawn)} parameters.")
    return [entry for name, entry in zip(names, value, strict=True) if name in drawn]


def _picture(samples: NDArray[np.float64], options: dict[str, Any]) -> bytes:
    import matplotlib as mpl  # noqa: PLC0415 - takes a second, and only a corner plot needs it

    mpl.use("Agg")
    from corner import core  # noqa: PLC0415 - as above; corner.corner() would go through arviz where there is one
    from matplotlib.figure import Figure  # noqa: PLC0415

    core.gaussian_filter = gaussian_filter
    side = _side(samples.shape[1])
    picture = io.BytesIO()
    with mpl.rc_context(_STYLE), np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
        figure = core.corner_impl(samples, fig=Figure(figsize=(side, side)), **options)
        figure.savefig(picture, format="png", dpi=min(_RESOLUTION, _LARGEST_PICTURE / side))
    return picture.getvalue()


def _side(parameters: int) -> float:
    """Return the size in inches for which corner lays out its panels: 2 each, 5 % apart, margins of 1 and 0.4."""
    return 2.0 * parameters + 0.1 * (parameters - 1) + 1.4
