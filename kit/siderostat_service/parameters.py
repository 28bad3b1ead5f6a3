"""The parameters that a service declares, and the values that a run gives them.

A declaration is what SkyPortal and Siderostat take as `optional_analysis_parameters`: a list of choices,
`["True", "False"]` for a switch, or `{"type": "number" | "string" | "file", "default": …, "min": …, "max": …}`.
"""

import base64
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from siderostat_service.failures import CannotAnalyse

_OF_THE_SENDER = {"correct_extinction"}
"""What the sender has applied to the data already."""
_SWITCH = {"True", "False"}


@dataclass(frozen=True, slots=True)
class File:
    """A file that was given as a parameter."""

    name: str
    content: bytes


def read(declared: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the value of every declared parameter; None where there is neither a value nor a default.

    Raises
    ------
    CannotAnalyse
        A parameter is unknown, or its value is not what was declared.
    """
    unknown = sorted(set(given) - set(declared) - _OF_THE_SENDER)
    if unknown:
        raise CannotAnalyse(f"Unknown parameters: {', '.join(unknown)}. This service takes: {', '.join(declared)}.")
    return {name: _value(name, declaration, given.get(name)) for name, declaration in declared.items()}


def _value(name: str, declaration: Any, given: Any) -> Any:  # noqa: ANN401 - whatever was declared and given
    facts = declaration if isinstance(declaration, Mapping) else {"enum": declaration}
    choices = facts.get("enum") or []
    if given is None or given == "":
        given = facts.get("default", choices[0] if choices else None)
        if given is None:
            return None
    if choices:
        return _choice(name, choices, given)
    if facts.get("type") == "number":
        return _number(name, facts, given)
    if facts.get("type") == "file":
        return _file(name, given)
    return given


def _choice(name: str, choices: list[Any], given: object) -> object:
    for choice in choices:  # forms send numbers and switches as text
        if given == choice or str(given) == str(choice):
            return choice == "True" if set(map(str, choices)) == _SWITCH else choice
    raise CannotAnalyse(f"{name} must be one of {', '.join(map(str, choices))}, not {str(given)[:40]!r}.")


def _number(name: str, facts: Mapping[str, Any], given: object) -> float | int:
    try:
        number = float(given)  # type: ignore[arg-type] # what is no number is what this finds out
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    low, high = facts.get("min", -math.inf), facts.get("max", math.inf)
    if isinstance(given, bool) or not math.isfinite(number) or not low <= number <= high:
        bounds = "" if (low, high) == (-math.inf, math.inf) else f" from {low} to {high}"
        raise CannotAnalyse(f"{name} must be a number{bounds}, not {str(given)[:40]!r}.")
    return int(number) if number.is_integer() else number


def _file(name: str, given: object) -> File:
    head, comma, content = str(given).partition(",")
    if not (head.startswith("data:") and comma and head.endswith(";base64")):
        raise CannotAnalyse(f"{name} must be a file, sent as a data URL in base64.")
    named = next((part[5:] for part in head.split(";") if part.startswith("name=")), name)
    try:
        return File(unquote(named), base64.b64decode(content, validate=True))
    except ValueError:
        raise CannotAnalyse(f"{name} is a file in broken base64: send it again.") from None
