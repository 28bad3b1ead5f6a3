"""Which variables of a posterior group were sampled: the others, such as a model's wavelengths, are no parameters."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from chalicelib.products.netcdf import attributes
from chalicelib.products.netcdf.packing import packing_of

_SAMPLE_DIMENSIONS = (("chain", "draw"), ("draw",), ("sample",))
"""What samples are numbered by: as arviz writes them, of a single chain, and as arviz.extract stacks them."""

_COORDINATES = frozenset({"chain", "draw", "sample"})
_LABELS = ("latex_label", "tex_label", "label", "long_name")


@dataclass(frozen=True)
class Sampled:
    """A numeric variable, and which of its axes number the samples, in the order of chains and draws."""

    name: str
    dataset: Any
    axes: tuple[int, ...]

    @property
    def draws(self) -> int:
        """How many samples there are of each element."""
        return math.prod(self.dataset.shape[axis] for axis in self.axes)

    @property
    def chains(self) -> int | None:
        """How many chains there are, one after the other, if they have an axis."""
        return self.dataset.shape[self.axes[0]] if len(self.axes) > 1 else None

    @property
    def elements(self) -> int:
        """How many elements were sampled: one, unless the variable has further dimensions."""
        return math.prod(self._further)

    @property
    def element_names(self) -> list[str]:
        """One name for each element: ``name``, ``name[0]`` or ``name[0,1]``."""
        if not self._further:
            return [self.name]
        return [f"{self.name}[{','.join(map(str, index))}]" for index in np.ndindex(*self._further)]

    @property
    def label(self) -> str | None:
        """TeX for the variable, if an attribute holds any."""
        texts = (attributes.text(self.dataset, name) for name in _LABELS)
        return next((text for text in texts if text is not None and "$" in text), None)

    def read(self) -> NDArray[np.float64]:
        """Return the samples, NaN where one is missing; shape (draws, elements)."""
        unpacked = packing_of(self.dataset).unpack(np.asarray(self.dataset[()]))
        return np.moveaxis(unpacked, self.axes, range(len(self.axes))).reshape(self.draws, self.elements)

    @property
    def _further(self) -> tuple[int, ...]:
        return tuple(length for axis, length in enumerate(self.dataset.shape) if axis not in self.axes)


def sampled_variables(group: Any) -> list[Sampled]:  # noqa: ANN401 - h5py has no types
    """Return the variables that have the dimensions of samples, in the file's order.

    In a file that names no such dimensions the first two of each variable are taken for chain and draw, and the
    variables with as many samples as most of them have are the sampled ones.
    """
    numeric = {name: item for name, item in group.items() if _is_numeric(name, item)}
    dimensions = {name: _dimension_names(item) for name, item in numeric.items()}
    for wanted in _SAMPLE_DIMENSIONS:
        found = [name for name, present in dimensions.items() if set(wanted) <= set(present)]
        if found:
            return [
                Sampled(name, numeric[name], tuple(dimensions[name].index(dimension) for dimension in wanted))
                for name in found
            ]
    return _by_shape(group, numeric)


def _by_shape(group: Any, numeric: Mapping[str, Any]) -> list[Sampled]:  # noqa: ANN401
    first_two = [Sampled(name, item, tuple(range(min(2, item.ndim)))) for name, item in numeric.items()]
    lengths = tuple(_length(group, name) for name in ("chain", "draw"))
    named = [variable for variable in first_two if variable.dataset.shape[:2] == lengths]
    if named or not first_two:
        return named
    counts = Counter(variable.draws for variable in first_two)
    usual = max(counts, key=lambda draws: (counts[draws], draws))
    return [variable for variable in first_two if variable.draws == usual]


def _is_numeric(name: str, item: Any) -> bool:  # noqa: ANN401
    """Tell a numeric variable from coordinates, which netCDF stores as dimension scales, and from text."""
    if not isinstance(item, h5py.Dataset) or not item.shape or name in _COORDINATES or item.is_scale:
        return False
    try:
        return item.dtype.kind in "biuf"
    except TypeError:  # a type that NumPy has not
        return False


def _dimension_names(item: Any) -> list[str]:  # noqa: ANN401
    """Return the name of the dimension scale attached to each axis, empty where there is none."""
    return [scales[0].name.rpartition("/")[2] if len(scales) else "" for scales in item.dims]


def _length(group: Any, name: str) -> int | None:  # noqa: ANN401
    """Return the length of a coordinate, if the group has it."""
    item = group.get(name)
    return item.shape[0] if isinstance(item, h5py.Dataset) and len(item.shape or ()) == 1 else None
