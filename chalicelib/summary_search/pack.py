"""Vectors packed into bytes: a line of JSON that says whose they are, and 32-bit floats. Pure.

numpy is not in the API's package, and is not needed for it: 10 000 vectors of 1536 numbers are compared in a second.
"""

import json
import math
import sys
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import mul

_FLOAT_BYTES = 4


@dataclass(frozen=True, slots=True)
class Row:
    """The summary of a source: which text, by which model, and who may read it; its vector has length 1."""

    obj_id: str
    text: str
    """Its hash."""
    model: str
    group_ids: frozenset[int]
    vector: "array[float]"


def normalized(vector: Sequence[float]) -> "array[float]":
    """Return a vector of length 1.

    Raises
    ------
    ValueError
        It has no length, or one that is no number.
    """
    length = math.sqrt(math.fsum(each * each for each in vector))
    if not length or not math.isfinite(length):
        raise ValueError("a vector without a length has no direction")
    return array("f", (each / length for each in vector))


def similarity(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the cosine of the angle between two vectors of length 1."""
    return float(sum(map(mul, one, other)))


def packed(rows: Iterable[Row]) -> bytes:
    """Return rows as bytes."""
    kept = sorted(rows, key=lambda row: row.obj_id)
    head = [[row.obj_id, row.text, row.model, sorted(row.group_ids), len(row.vector)] for row in kept]
    return b"\n".join(
        [json.dumps(head, separators=(",", ":")).encode(), b"".join(packed_floats(row.vector) for row in kept)]
    )


def unpacked(content: bytes) -> list[Row]:
    """Read what `packed` wrote."""
    head, _, floats = content.partition(b"\n")
    rows, start = [], 0
    for obj_id, text, model, group_ids, count in json.loads(head):
        end = start + count * _FLOAT_BYTES
        rows.append(Row(obj_id, text, model, frozenset(group_ids), floats_of(floats[start:end])))
        start = end
    return rows


def packed_floats(numbers: Sequence[float]) -> bytes:
    """Return a vector as bytes, the same on every machine."""
    vector = array("f", numbers)
    if sys.byteorder == "big":
        vector.byteswap()
    return vector.tobytes()


def floats_of(content: bytes) -> "array[float]":
    """Read what `packed_floats` wrote."""
    vector = array("f", content)
    if sys.byteorder == "big":
        vector.byteswap()
    return vector
