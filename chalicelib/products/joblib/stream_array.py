"""The raw arrays that joblib writes into the stream of a pickle, right behind the description of each."""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalicelib.products.budget import Budget
from chalicelib.products.errors import Damaged, Unreadable
from chalicelib.products.joblib.inert_values import Pairs
from chalicelib.products.joblib.numpy_values import array_from_bytes, dtype_of, shape_of, size_in_bytes

_MOST_ATTRIBUTES = 20


@dataclass(frozen=True)
class ArrayHeader:
    """What joblib notes about an array: its type, shape and order, and whether padding stands before its bytes."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    order: str
    is_padded: bool


def read_header(state: object, budget: Budget) -> ArrayHeader:
    """Interpret the state of joblib's NumpyArrayWrapper; raises ValueError if it is none."""
    if not isinstance(state, Pairs) or len(state.pairs) > _MOST_ATTRIBUTES:
        raise Damaged("the description of an array is damaged")
    attributes = {key: value for key, value in state.pairs if isinstance(key, str)}
    return ArrayHeader(
        dtype=dtype_of(attributes.get("dtype"), budget),
        shape=shape_of(attributes.get("shape")),
        order="F" if attributes.get("order") == "F" else "C",
        is_padded=attributes.get("numpy_array_alignment_bytes") is not None,  # joblib 1.2 and later
    )


def read_array(stream: io.BytesIO, header: ArrayHeader) -> NDArray[Any]:
    """Read the bytes of an array that holds no objects.

    Raises
    ------
    Unreadable
        It claims more bytes than the file has left; found before memory is taken.
    """
    if header.is_padded:
        stream.read(sum(stream.read(1)))
    size = size_in_bytes(header.shape, header.dtype)
    if size > _left(stream):
        raise Unreadable(f"An array claims {size} bytes, more than the file holds.")
    return array_from_bytes(stream.read(size), header.dtype, header.shape, header.order)


def _left(stream: io.BytesIO) -> int:
    """Return how many bytes are left; to ask for the stream's buffer would copy all of it."""
    position = stream.tell()
    end = stream.seek(0, io.SEEK_END)
    stream.seek(position)
    return end - position
