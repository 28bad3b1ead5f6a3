"""`correct_extinction`, the parameter that every service has: photometry without the dust of the Milky Way."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from chalicelib.http.errors import BadRequest
from chalicelib.sources import extinction
from chalicelib.sources.model import Source

PARAMETER = "correct_extinction"
REPORT = "extinction_correction"
"""The key beside the parameters under which a service reads what was done."""

_WORDS = {"true": True, "yes": True, "t": True, "1": True, "false": False, "no": False, "f": False, "0": False}

Row = Mapping[str, Any]


class Corrected(NamedTuple):
    """Corrected rows, and what the inputs say about it."""

    rows: list[Row]
    report: dict[str, Any]


def is_wanted(parameters: Mapping[str, Any]) -> bool:
    """Say whether the photometry is to be corrected; forms send the switch as text.

    Raises
    ------
    BadRequest
        The value is neither true nor false.
    """
    value = parameters.get(PARAMETER)
    if value is None:
        return False
    wanted = _WORDS.get(str(value).strip().lower())
    if wanted is None:
        raise BadRequest(f"Invalid analysis_parameters: {{'{PARAMETER}': 'must be true or false'}}.")
    return wanted


def check(source: Source, parameters: Mapping[str, Any]) -> None:
    """Refuse a correction for which E(B-V) is not known; raise BadRequest."""
    if is_wanted(parameters):
        extinction.check_reddening(source)


def correct(source: Source, rows: list[Row]) -> Corrected:
    """Correct photometry; raise BadRequest if E(B-V) is not known (any more)."""
    ebv = extinction.reddening(source)
    uncorrected = extinction.uncorrected_filters(rows)
    return Corrected(
        extinction.corrected(rows, ebv),
        {"ebv": ebv, "law": extinction.LAW, "uncorrected_filters": uncorrected},
    )
