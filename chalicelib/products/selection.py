"""Which samples of a posterior are drawn: of the parameters that vary, as many as fit, and of draws that are finite."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chalicelib.products.errors import BadArguments, Unreadable
from chalicelib.products.samples import Chosen, Facts

MOST_PARAMETERS = 30
MOST_DRAWS = 100_000
MOST_CELLS = 20_000_000
"""Draws times panels: what is held and drawn at once."""

_SMALLEST_SPREAD = 64  # of the steps in which float64 counts there; below, histogram bins run into its precision
_LARGEST = 1e150  # squares must stay finite


@dataclass(frozen=True)
class Wanted:
    """What a caller wants to see: these variables or parameters, in this order, or as many as fit."""

    var_names: tuple[str, ...] | None = None
    most: int = MOST_PARAMETERS


@dataclass(frozen=True)
class Parameter:
    """One parameter of a posterior, whose samples are read when they are needed.

    `variable` is the array that it is an element of, or the same as `name`; `label` is TeX, if the service gave it.
    """

    name: str
    variable: str
    draws: int
    read: Callable[[], NDArray[np.float64]]
    label: str | None = None
    chains: int | None = None
    """How many chains of equal length the draws are of, if that is known."""


def choose(parameters: Sequence[Parameter], wanted: Wanted) -> Chosen:
    """Choose what is drawn.

    A parameter does not vary if its spread is less than 64 steps of float64 at its size, or if half of its samples or
    more are not finite. Draws that are not finite in all drawn parameters are left out.

    Raises
    ------
    BadArguments
        The posterior has no parameter of a name that was asked for.
    Unreadable
        There is nothing to draw.
    """
    asked = parameters if wanted.var_names is None else _named(parameters, wanted.var_names)
    draws = _usual(asked)
    varying: list[Parameter] = []
    left_out = 0
    usable = np.ones(draws, dtype=bool)
    for parameter in asked:
        if parameter.draws == draws and _varies(values := parameter.read()):
            if len(varying) < wanted.most:
                varying.append(parameter)
                usable &= _finite(values)
            else:
                left_out += 1
    rows = _evenly_spaced(finite := np.flatnonzero(usable), len(varying))
    columns = {parameter.name: parameter.read()[rows] for parameter in varying}
    drawn = {name: values for name, values in columns.items() if _varies(values)}
    if not drawn:
        raise Unreadable(
            "No draw of the posterior is finite in all parameters."
            if varying and not rows.size
            else "No parameter of the posterior has any spread."
        )
    facts = Facts(
        names=tuple(parameter.name for parameter in asked),
        draws=len(finite),
        left_out=left_out,
        unequal=tuple(parameter.name for parameter in asked if parameter.draws != draws),
        labels={one.name: one.label for one in varying if one.label is not None and one.name in drawn},
    )
    return Chosen(drawn, facts)


def _named(parameters: Sequence[Parameter], names: tuple[str, ...]) -> list[Parameter]:
    """Find parameters by their names, or by that of the array that they are elements of; each once."""
    found: dict[str, Parameter] = {}
    for name in names:
        matching = [one for one in parameters if name in {one.name, one.variable}]
        if not matching:
            known = ", ".join(one.name for one in parameters[:MOST_PARAMETERS])
            raise BadArguments(f"var_names: {name!r} is no parameter of the posterior; it has {known}.")
        found |= {one.name: one for one in matching}
    return list(found.values())


def _usual(parameters: Sequence[Parameter]) -> int:
    """Return how many draws most parameters have, of equally many the larger number."""
    counts = Counter(parameter.draws for parameter in parameters)
    return max(counts, key=lambda draws: (counts[draws], draws), default=0)


def _varies(values: NDArray[np.float64]) -> bool:
    finite = values[_finite(values)]
    if 2 * finite.size <= values.size:
        return False
    low, high = finite.min(), finite.max()
    return bool(high - low >= _SMALLEST_SPREAD * np.spacing(max(abs(low), abs(high))))


def _finite(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    finite: NDArray[np.bool_] = np.abs(values) < _LARGEST
    return finite


def _evenly_spaced(rows: NDArray[np.intp], parameters: int) -> NDArray[np.intp]:
    panels = max(1, parameters * (parameters - 1) // 2)
    most = min(len(rows), MOST_DRAWS, MOST_CELLS // panels)
    return rows[np.linspace(0, len(rows) - 1, most).astype(np.intp)]
