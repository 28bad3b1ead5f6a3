"""Parameters of an analysis from the text of a form: numbers as numbers, switches as switches, as they are declared."""

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.http.errors import BadRequest
from chalicelib.services.form import Field, fields_of
from chalicelib.services.items.service import Service
from chalicelib.services.parameters import ALWAYS_ALLOWED, check_parameters

_SWITCH = {"true": True, "t": True, "yes": True, "1": True, "false": False, "f": False, "no": False, "0": False}


def parameters_of(service: Service, given: Mapping[str, str]) -> dict[str, Any]:
    """Return the parameters that a service takes; their names count without case, unless two differ by it.

    Raises
    ------
    BadRequest
        One is not declared, or not of its kind.
    """
    fields = {field["name"]: field for field in fields_of(service)}
    for name in ALWAYS_ALLOWED:
        fields.setdefault(name, {"name": name, "kind": "boolean"})
    values = {}
    for name, text in given.items():
        field = fields.get(name) or _without_case(fields, name)
        values[name if field is None else field["name"]] = text if field is None else _value(field, text)
    check_parameters(service, values)
    return values


def text_of(value: object) -> str:
    """Return a value as the text of a parameter."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _without_case(fields: Mapping[str, Field], name: str) -> Field | None:
    same = [field for known, field in fields.items() if known.lower() == name.lower()]
    return same[0] if len(same) == 1 else None


def _value(field: Field, text: str) -> Any:  # noqa: ANN401 - a value of its kind
    if field["kind"] == "boolean":
        if text.strip().lower() not in _SWITCH:
            raise BadRequest(f"{field['name']} must be true or false, not {text[:100]!r}.")
        return _SWITCH[text.strip().lower()]
    if field["kind"] == "number":
        return _number(field["name"], text)
    return next((choice for choice in field.get("choices", ()) if str(choice) == text), text)


def _number(name: str, text: str) -> float | int:
    try:
        value = json.loads(text.strip().removeprefix("+"))
    except ValueError:
        value = None
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) == float("inf"):  # noqa: PLR0124 - NaN
        raise BadRequest(f"{name} must be a number, not {text[:100]!r}.")
    return value
