"""corner's arguments for one posterior: the defaults, what the caller gave, and whether it fits the posterior."""

import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from chalicelib.products.corner.allowed_arguments import check_plot_kwargs
from chalicelib.products.corner.lettering import is_tex, shown
from chalicelib.products.errors import BadArguments
from chalicelib.products.samples import Chosen

QUANTILES = (0.16, 0.5, 0.84)
MOST_CELLS = 600_000
"""Of the histograms of pairs, over all panels."""

_BINS = 20  # corner's own

_ONE_A_PARAMETER = ("axes_scale", "bins", "hist_bin_factor", "labels", "range", "title_fmt", "titles", "truths")
_COLOURS = ("color", "truth_color")
_TEXTS = ("labels", "titles")
_ERRORS = 3


def arguments(chosen: Chosen, plot_kwargs: Mapping[str, object]) -> dict[str, Any]:
    """Return the keyword arguments for corner, each list with one entry for every parameter that is drawn.

    Lists in `plot_kwargs` that have one entry a parameter may count all parameters that were asked for, or those that
    are drawn. What is null is as if corner itself were called with None.

    Raises
    ------
    BadArguments
        They are not allowed, or do not fit the posterior; the message names the argument.
    """
    given = {name: value for name, value in plot_kwargs.items() if name != "var_names"}
    try:
        check_plot_kwargs(given)
    except ValueError as error:
        raise BadArguments(str(error).removeprefix("plot_kwargs: ")) from None
    labels = [shown(chosen.facts.labels.get(name, name)) for name in chosen.columns]
    fitting = {
        name: _for_drawn(name, value, chosen) if name in _ONE_A_PARAMETER else value for name, value in given.items()
    }
    _check_colours(fitting)
    _check_texts(fitting)
    _check_axes(fitting, chosen)
    _check_bins(fitting, len(chosen.columns))
    quantiles = fitting.get("quantiles", QUANTILES)
    if "title_quantiles" not in fitting and isinstance(quantiles, Sequence) and len(quantiles) not in {0, _ERRORS}:
        fitting["title_quantiles"] = list(QUANTILES)
    return {"labels": labels, "quantiles": list(QUANTILES), "show_titles": True, "quiet": True, **fitting}


def _for_drawn(option: str, value: object, chosen: Chosen) -> object:
    """Pick the entries of the drawn parameters from a list with one entry a parameter."""
    drawn, names = chosen.columns, chosen.facts.names
    if not isinstance(value, list | tuple) or len(value) == len(drawn):
        return value
    if len(value) != len(names):
        raise BadArguments(f"{option} has {len(value)} entries for {len(drawn)} parameters.")
    return [entry for name, entry in zip(names, value, strict=True) if name in drawn]


def _check_colours(given: Mapping[str, object]) -> None:
    from matplotlib.colors import is_color_like  # noqa: PLC0415 - loaded with the plot

    for option in _COLOURS:
        if option in given and not is_color_like(given[option]):
            raise BadArguments(f"{option}: {given[option]!r} is no colour.")


def _check_texts(given: Mapping[str, object]) -> None:
    for option in _TEXTS:
        texts = given.get(option)
        for text in texts if isinstance(texts, list | tuple) else ():
            if "$" in str(text).replace(r"\$", "") and not is_tex(str(text)):
                raise BadArguments(f"{option}: {text!r} holds TeX that cannot be shown.")


def _check_axes(given: Mapping[str, object], chosen: Chosen) -> None:
    for index, (name, values) in enumerate(chosen.columns.items()):
        is_log = _entry(given.get("axes_scale", "linear"), index) == "log"
        interval = _entry(given.get("range"), index)
        low, high = interval if isinstance(interval, list | tuple) else (values.min(), values.max())
        if is_log and low <= 0:
            wrong = "range" if isinstance(interval, list | tuple) else "axes_scale"
            raise BadArguments(f"{wrong}: a logarithmic axis of {name[:100]!r} cannot begin at {low:g}.")
        if not np.any((low <= values) & (values <= high)):
            raise BadArguments(f"range: no sample of {name[:100]!r} lies between {low:g} and {high:g}.")


def _check_bins(given: Mapping[str, object], parameters: int) -> None:
    bins = [_entry(given.get("bins", _BINS), index) for index in range(parameters)]
    counts = [count for count in bins if isinstance(count, int)]
    if sum(one * other for one, other in combinations(counts, 2)) > MOST_CELLS:
        most = math.isqrt(MOST_CELLS // (parameters * (parameters - 1) // 2))
        raise BadArguments(f"bins: of {parameters} parameters each may have {most} bins.")


def _entry(value: object, index: int) -> object:
    return value[index] if isinstance(value, list | tuple) else value
