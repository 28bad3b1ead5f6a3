"""`correct_extinction`, the parameter that every service has: photometry without the dust of the Milky Way."""

from collections.abc import Mapping
from typing import Any

from chalicelib.http.errors import BadRequest
from chalicelib.sources.items.source import Source
from chalicelib.sources.photometry.reddening import check_reddening

PARAMETER = "correct_extinction"

_WORDS = {"true": True, "yes": True, "t": True, "1": True, "false": False, "no": False, "f": False, "0": False}


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
        check_reddening(source)
