"""The parameters that a service declares in `optional_analysis_parameters`, and whether given ones fit.

SkyPortal's form on a source's page reads a declaration as a list of choices, `["True", "False"]` for a switch, or an
object: `{"type": "number" | "string" | "file", …}`, perhaps with the choices under "enum".
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.http import reading
from chalicelib.http.errors import BadRequest
from chalicelib.services.items.service import Service

MAX_BYTES = 65_536

ALWAYS_ALLOWED = frozenset({"correct_extinction"})
"""Understood by Siderostat itself."""


OPENAI_API_KEY = "openai_api_key"
SUMMARY_PARAMETERS = "summary_parameters"
"""What summary services get among their parameters when an analysis is sent."""


def text_of(declared: object) -> str:
    """Return `optional_analysis_parameters`, a JSON string or an object, as the text that is stored.

    Raises
    ------
    BadRequest
        "Could not parse `optional_analysis_parameters` as JSON.", or more than `MAX_BYTES`.
    """
    text = json.dumps(declared, separators=(",", ":"), ensure_ascii=False) if isinstance(declared, dict) else declared
    try:
        raw = str(text).encode()
        reading.json_object(raw)
    except (BadRequest, UnicodeEncodeError):
        raise BadRequest("Could not parse `optional_analysis_parameters` as JSON.") from None
    if len(raw) > MAX_BYTES:
        raise BadRequest(f"`optional_analysis_parameters` has {len(raw)} bytes; at most {MAX_BYTES} are accepted.")
    return raw.decode() or "{}"


def declared_by(service: Service) -> dict[str, Any]:
    """Return the declarations of a service by parameter name."""
    return reading.json_object(service.optional_analysis_parameters.encode())


def check_parameters(service: Service, given: Mapping[str, Any], *, field: str = "analysis_parameters") -> None:
    """Check the parameters of an analysis.

    Raises
    ------
    BadRequest
        "Invalid analysis_parameters: {…}.", naming every parameter that the service does not declare, whose value is
        not one of the declared choices, or that is a secret.
    """
    declared = declared_by(service)
    problems = {
        name: problem for name, value in given.items() if (problem := _problem(declared, name, value)) is not None
    }
    if problems:
        raise BadRequest(f"Invalid {field}: {problems}.")


def is_switch(choices: Sequence[Any]) -> bool:
    """Say whether choices are true and false, as `["True", "False"]` are."""
    return sorted(str(choice).lower() for choice in choices) == ["false", "true"]


def _problem(declared: Mapping[str, Any], name: str, value: object) -> str | None:
    if name == OPENAI_API_KEY:
        return "a key is a secret and is not kept with an analysis; set it in your preferences (summary.OpenAI.apikey)"
    if name not in declared:
        return None if name in ALWAYS_ALLOWED else "the service does not declare it"
    choices = _choices(declared[name])
    if not choices or value in choices or str(value) in map(str, choices):  # forms send numbers and switches as text
        return None
    if isinstance(value, bool) and is_switch(choices):
        return None
    return f"must be one of {choices}"


def _choices(declaration: object) -> list[Any]:
    if isinstance(declaration, dict):
        declaration = declaration.get("enum")
    return declaration if isinstance(declaration, list) else []
