"""Attributes of netCDF variables, which strangers wrote: of the right kind, and small, before they are read."""

from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from chalicelib.products.errors import Unreadable

MAX_NUMBERS = 100
MAX_TEXT = 1000

_NUMBERS = "iuf"


class Misdescribed(Unreadable):
    """An attribute of a variable is not what its convention says; the file as such may be sound."""


def numbers(variable: Any, name: str, size: int | None = None) -> NDArray[Any] | None:  # noqa: ANN401 - h5py has no types
    """Return an attribute that holds numbers, one-dimensional and in native byte order; None if there is none.

    Raises
    ------
    Misdescribed
        It holds something else, nothing, more than a hundred, or another number of them than `size`.
    """
    attribute = _attribute(variable, name)
    if attribute is None:
        return None
    count = _count(attribute)
    if attribute.dtype.kind not in _NUMBERS or not 1 <= count <= MAX_NUMBERS or size not in {None, count}:
        wanted = "numbers" if size is None else f"{size} numbers" if size > 1 else "one number"
        raise Misdescribed(f"{_named(variable, name)} is not {wanted}.")
    found = np.ravel(np.asarray(variable.attrs[name]))
    return found.astype(found.dtype.newbyteorder("="))


def number(variable: Any, name: str) -> float | None:  # noqa: ANN401 - as above
    """Return an attribute that holds one finite number; raises Misdescribed if it holds anything else."""
    found = numbers(variable, name, 1)
    if found is None:
        return None
    if not np.isfinite(found[0]):
        raise Misdescribed(f"{_named(variable, name)} is not finite.")
    return float(found[0])


def text(variable: Any, name: str) -> str | None:  # noqa: ANN401 - as above
    """Return an attribute that holds text, None for anything else and for what is longer than a thousand bytes."""
    attribute = _attribute(variable, name)
    if attribute is None or _count(attribute) != 1 or attribute.dtype.itemsize > MAX_TEXT:
        return None
    value = variable.attrs[name] if h5py.check_string_dtype(attribute.dtype) else None
    first = value.item() if isinstance(value, np.ndarray) else value
    content = first.decode("utf-8", "replace") if isinstance(first, bytes) else first
    return content if isinstance(content, str) and len(content) <= MAX_TEXT else None


def flag(variable: Any, name: str) -> bool | None:  # noqa: ANN401 - as above
    """Return an attribute that says "true" or "false", None if there is none; raises Misdescribed for anything else."""
    if _attribute(variable, name) is None:
        return None
    said = (text(variable, name) or "").strip().lower()
    if said not in {"true", "false"}:
        raise Misdescribed(f"{_named(variable, name)} is neither 'true' nor 'false'.")
    return said == "true"


def _attribute(variable: Any, name: str) -> Any:  # noqa: ANN401 - as above
    encoded = name.encode()
    return h5py.h5a.open(variable.id, encoded) if h5py.h5a.exists(variable.id, encoded) else None


def _count(attribute: Any) -> int:  # noqa: ANN401 - as above
    count: int = attribute.get_space().get_simple_extent_npoints()
    return count


def _named(variable: Any, name: str) -> str:  # noqa: ANN401 - as above
    return f"The attribute {name} of {variable.name.rpartition('/')[2][:100]}"
