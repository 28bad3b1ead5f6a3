"""Packed variables: what is stored, and how the Climate and Forecast conventions say that it is meant.

CF 1.11, sections 2.5.1 (missing data, valid range) and 8.1 (packed data); `_Unsigned` as the NetCDF Users Guide has it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from chalicelib.products.netcdf import attributes

_UNWRITTEN = 9.969209968386869e36
"""What the netCDF library fills floating-point variables with where nothing was written."""


@dataclass(frozen=True)
class Packing:
    """How the values of one variable are stored; value = stored · scale + offset."""

    dtype: np.dtype[Any]
    """Of the stored values, once the hint that they are signed or not was followed."""
    scale: float
    offset: float
    missing: tuple[Any, ...]
    """Stored values that stand for none."""
    low: NDArray[Any] | None
    high: NDArray[Any] | None
    """Bounds of what is valid, each an array of one number: integers speak of stored integers, others of values."""

    def unpack(self, stored: NDArray[Any]) -> NDArray[np.float64]:
        """Return values, NaN where one is missing."""
        typed = stored.view(self.dtype)
        hidden = np.isin(typed, np.array(self.missing, self.dtype)) if self.missing else None
        with np.errstate(all="ignore"):
            is_packed = (self.scale, self.offset) != (1.0, 0.0)
            values = typed.astype(np.float64, copy=is_packed)  # a posterior may be as large as memory allows
            if is_packed:  # also -0.0 and infinities stay as they are
                values *= self.scale
                values += self.offset
            for bound, is_outside in ((self.low, np.less), (self.high, np.greater)):
                if bound is not None:
                    outside = is_outside(values if self._speaks_of_values(bound) else typed, bound[0])
                    hidden = outside if hidden is None else hidden | outside
        if hidden is not None:
            values[hidden] = np.nan
        return values

    def _speaks_of_values(self, bound: NDArray[Any]) -> bool:
        return bound.dtype.kind == "f" and self.dtype.kind != "f"


def packing_of(variable: Any) -> Packing:  # noqa: ANN401 - h5py has no types
    """Read how a numeric variable is packed, from its attributes alone.

    Raises
    ------
    Misdescribed
        One of them is of the wrong kind.
    """
    dtype = _signed_as_meant(variable)
    scale, offset = attributes.number(variable, "scale_factor"), attributes.number(variable, "add_offset")
    low, high = _valid_range(variable)
    return Packing(
        dtype=dtype,
        scale=1.0 if scale is None else scale,
        offset=0.0 if offset is None else offset,
        missing=tuple(_missing(variable, dtype)),
        low=_reinterpreted(low, dtype),
        high=_reinterpreted(high, dtype),
    )


def _signed_as_meant(variable: Any) -> np.dtype[Any]:  # noqa: ANN401 - as above
    """Return the stored type; classic netCDF has no unsigned integers, and says in `_Unsigned` that some are."""
    dtype: np.dtype[Any] = variable.dtype
    unsigned = attributes.flag(variable, "_Unsigned")
    if unsigned is None or dtype.kind not in "iu":
        return dtype
    return np.dtype(f"{dtype.byteorder}{'u' if unsigned else 'i'}{dtype.itemsize}")


def _missing(variable: Any, dtype: np.dtype[Any]) -> Iterable[Any]:  # noqa: ANN401 - as above
    fill = attributes.numbers(variable, "_FillValue")
    for named in (fill, attributes.numbers(variable, "missing_value")):
        for number in () if named is None else _reinterpreted(named, dtype):
            if dtype.kind == "f" or _holds(dtype, number):
                yield dtype.type(number)
    if fill is None and dtype.kind == "f" and dtype.itemsize > 2:  # noqa: PLR2004 - half floats end at 65504
        yield dtype.type(_UNWRITTEN)


def _holds(dtype: np.dtype[Any], number: Any) -> bool:  # noqa: ANN401 - a number of any of NumPy's types
    if not np.isfinite(number) or int(number) != number:
        return False
    low, high = (np.iinfo(dtype).min, np.iinfo(dtype).max) if dtype.kind in "iu" else (0, 1)
    return int(low) <= int(number) <= int(high)


@overload
def _reinterpreted(numbers: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]: ...
@overload
def _reinterpreted(numbers: None, dtype: np.dtype[Any]) -> None: ...
def _reinterpreted(numbers: NDArray[Any] | None, dtype: np.dtype[Any]) -> NDArray[Any] | None:
    """Read integers of the stored size as signed or not, as the values are: -1 is 255 among unsigned bytes."""
    if numbers is None or numbers.dtype.kind not in "iu" or dtype.kind not in "iu":
        return numbers
    return numbers.view(dtype.newbyteorder("=")) if numbers.itemsize == dtype.itemsize else numbers


def _valid_range(variable: Any) -> tuple[NDArray[Any] | None, NDArray[Any] | None]:  # noqa: ANN401 - as above
    both = attributes.numbers(variable, "valid_range", 2)
    if both is not None:
        return both[:1], both[1:]
    return attributes.numbers(variable, "valid_min", 1), attributes.numbers(variable, "valid_max", 1)
