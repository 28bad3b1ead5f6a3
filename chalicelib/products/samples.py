"""The samples of a posterior that are drawn, and how they are packed between processes."""

import json
from dataclasses import asdict, dataclass, field

import numpy as np
from numpy.typing import NDArray

from chalicelib.products.errors import Unreadable

Columns = dict[str, NDArray[np.float64]]
"""Samples of each parameter, all of the same length."""

_DAMAGED = "The posterior cannot be read."


@dataclass(frozen=True)
class Facts:
    """What a reader of the plot must know of the posterior besides the samples that are drawn."""

    names: tuple[str, ...]
    """Every parameter that was asked for, also those that do not vary."""
    draws: int
    """Of the posterior, which are finite in all parameters that are drawn; those that are drawn may be fewer."""
    left_out: int = 0
    """Parameters that vary and did not fit."""
    unequal: tuple[str, ...] = ()
    """Parameters with another number of draws than the others."""
    labels: dict[str, str] = field(default_factory=dict)
    """TeX by parameter, where the service gave it."""


@dataclass(frozen=True)
class Chosen:
    """What is drawn: finite samples by parameter, and the facts about the rest."""

    columns: Columns
    facts: Facts


def pack(chosen: Chosen) -> bytes:
    """Write one line of JSON, and the samples as little-endian doubles."""
    length = len(next(iter(chosen.columns.values()), ()))
    header = json.dumps({"columns": list(chosen.columns), "length": length, "facts": asdict(chosen.facts)}).encode()
    return b"".join([header, b"\n", *(values.astype("<f8").tobytes() for values in chosen.columns.values())])


def unpack(packed: bytes) -> Chosen:
    """Read what `pack` wrote; raises Unreadable for anything else, since a reader may have been overpowered."""
    line, _, samples = packed.partition(b"\n")
    try:
        header = json.loads(line)
        names, length, facts = _texts(header["columns"]), _count(header["length"]), header["facts"]
        values = np.frombuffer(samples, "<f8").reshape(len(names), length)
        return Chosen(
            columns=dict(zip(names, values, strict=True)),
            facts=Facts(
                names=_texts(facts["names"]),
                draws=_count(facts["draws"]),
                left_out=_count(facts["left_out"]),
                unequal=_texts(facts["unequal"]),
                labels=dict(zip(_texts(list(facts["labels"])), _texts(list(facts["labels"].values())), strict=True)),
            ),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, MemoryError) as error:
        raise Unreadable(_DAMAGED) from error


def _texts(value: object) -> tuple[str, ...]:
    texts = tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else None
    if texts is None or not isinstance(value, list) or len(texts) != len(value):
        raise TypeError("not a list of texts")
    return texts


def _count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise TypeError("not a count")
    return value
