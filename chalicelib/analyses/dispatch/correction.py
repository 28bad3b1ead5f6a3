"""Corrects photometry for the dust of the Milky Way, if the parameters of a run ask for it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from chalicelib.sources.items.source import Source
from chalicelib.sources.photometry import extinction

REPORT = "extinction_correction"
"""The key beside the parameters under which a service reads what was done."""

Row = Mapping[str, Any]


class Corrected(NamedTuple):
    """Corrected rows, and what the inputs say about it."""

    rows: list[Row]
    report: dict[str, Any]


def correct(source: Source, rows: list[Row]) -> Corrected:
    """Correct photometry; raise BadRequest if E(B-V) is not known (any more)."""
    ebv = extinction.reddening(source)
    uncorrected = extinction.uncorrected_filters(rows)
    return Corrected(
        extinction.corrected(rows, ebv),
        {"ebv": ebv, "law": extinction.LAW, "uncorrected_filters": uncorrected},
    )
