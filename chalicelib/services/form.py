"""The parameters that a service declares, as the fields of a form.

A declaration is read as SkyPortal's own form reads it (see `parameters`), and somewhat more generously: types by other
names, bounds under two spellings, a bare number, switch or text as the default of its kind.
"""

import math
from collections.abc import Mapping
from typing import Any

from chalicelib.services.items.service import Service
from chalicelib.services.parameters import declared_by, is_switch

_KINDS = {
    "number": "number",
    "integer": "number",
    "int": "number",
    "float": "number",
    "boolean": "boolean",
    "bool": "boolean",
    "file": "file",
}
_WHOLE = frozenset({"integer", "int"})
_YES = frozenset({"true", "t", "yes", "1"})

Field = dict[str, Any]


def fields_of(service: Service) -> list[Field]:
    """Return one field for each declared parameter, in the order of the declaration."""
    return [_field(name, declaration) for name, declaration in declared_by(service).items()]


def _field(name: str, declaration: Any) -> Field:  # noqa: ANN401 - whatever was declared
    if isinstance(declaration, list):
        # SkyPortal asks for one of the choices, and services count on it
        first = next(iter(_plain(declaration)), None)
        facts = {"enum": declaration, "required": not is_switch(declaration), "default": first}
        if is_switch(declaration):
            del facts["default"]
    elif isinstance(declaration, dict):
        facts = declaration
    else:
        facts = {"type": _type_of(declaration), "default": declaration}
    choices, kind = _plain(facts.get("enum")), _kind(facts)
    shown = {
        "choices": choices or None,
        "default": _default(kind, choices, facts.get("default")),
        "description": facts["description"] if isinstance(facts.get("description"), str) else None,
        **(_bounds(facts) if kind == "number" else {}),
    }
    return {
        "name": name,
        "kind": kind,
        "label": _label(name, facts),
        "required": _is_yes(facts.get("required")),
        **{key: value for key, value in shown.items() if value is not None},
    }


def _kind(facts: Mapping[str, Any]) -> str:
    choices = _plain(facts.get("enum"))
    if choices:
        return "boolean" if is_switch(choices) else "choice"
    declared = facts.get("type")
    return _KINDS.get(declared.lower(), "text") if isinstance(declared, str) else "text"


def _type_of(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, int | float) else "string"


def _plain(choices: object) -> list[Any]:
    """Return what can be chosen from: texts, numbers and switches."""
    given = choices if isinstance(choices, list) else []
    return [choice for choice in given if isinstance(choice, str | bool) or _number(choice) is not None]


def _default(kind: str, choices: list[Any], value: object) -> Any:  # noqa: ANN401 - a value of the kind
    """Return a default as the kind has it, 0 and false included; None if there is none, or it is none of the kind."""
    if value is None or kind == "file":
        return None
    if kind == "boolean":
        return _is_yes(value)
    if kind == "choice":
        return next((choice for choice in choices if choice == value or str(choice) == str(value)), None)
    if kind == "number":
        return _number(value)
    return value if isinstance(value, str) else str(value)


def _bounds(facts: Mapping[str, Any]) -> Field:
    whole = 1 if str(facts.get("type")).lower() in _WHOLE else None
    step = _number(facts.get("step", facts.get("multipleOf")))
    return {
        "min": _number(facts.get("min", facts.get("minimum"))),
        "max": _number(facts.get("max", facts.get("maximum"))),
        "step": step if step is not None and step > 0 else whole,
    }


def _label(name: str, facts: Mapping[str, Any]) -> str:
    given = facts.get("title") or facts.get("label")
    return given if isinstance(given, str) else name


def _is_yes(value: object) -> bool:
    return str(value).strip().lower() in _YES


def _number(value: object) -> float | int | None:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if math.isfinite(value) else None
