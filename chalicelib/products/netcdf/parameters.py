"""The elements of sampled variables as parameters of the posterior, read from the file when they are needed."""

from collections.abc import Iterable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from chalicelib.products.netcdf.sampled import Sampled
from chalicelib.products.selection import Parameter


def parameters_of(variables: Iterable[Sampled]) -> list[Parameter]:
    """Return a parameter for each element, in the file's order."""
    last = _LastRead()
    return [
        Parameter(
            name=name,
            variable=variable.name,
            draws=variable.draws,
            read=partial(last.element, variable, index),
            chains=variable.chains,
            label=None if label is None else label + name.removeprefix(variable.name),
        )
        for variable in variables
        for label in [variable.label]
        for index, name in enumerate(variable.element_names)
    ]


class _LastRead:
    """Keeps the variable that was read last: its elements are asked for one after the other."""

    def __init__(self) -> None:
        self._variable: Sampled | None = None
        self._values: NDArray[np.float64] = np.empty((0, 0))

    def element(self, variable: Sampled, index: int) -> NDArray[np.float64]:
        """Return the samples of one element."""
        if self._variable is not variable:
            self._values = np.empty((0, 0))  # before the next one takes its memory
            self._variable, self._values = variable, variable.read()
        return self._values[:, index]
