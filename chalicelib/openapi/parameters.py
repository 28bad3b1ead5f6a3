"""Path, query and header parameters of an operation."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, TypeAdapter

from chalicelib.http.endpoint import Route, parameters_of
from chalicelib.http.parsing import Id
from chalicelib.openapi.schemas import Schema

Parameter = dict[str, Any]

_KEY: Parameter = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Made up by the caller. The same key within a day gets the first answer again, and nothing is done "
    "twice; with another body it is refused.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "[!-~]"},
}


def parameters(route: Route) -> list[Parameter]:
    """Return the parameters in the order of the path, then of the query's model; those in headers are the last."""
    kinds = parameters_of(route.view)
    in_path = [_in_path(name, kinds[name]) for name in re.findall(r"\{(\w+)\}", route.path)]
    in_header = [_KEY] if route.facts.get("repeatable") else []
    return [*in_path, *(_in_query(kinds["query"]) if "query" in kinds else []), *in_header]


def _in_path(name: str, kind: type) -> Parameter:
    schema = TypeAdapter(Id).json_schema() if kind is int else {"type": "string", "minLength": 1}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _in_query(model: type[BaseModel]) -> list[Parameter]:
    content = model.model_json_schema(by_alias=True)
    required = content.get("required", [])
    named = content.get("$defs", {})
    return [
        _query_parameter(name, _inlined(schema, named), required=name in required)
        for name, schema in content["properties"].items()
    ]


def _inlined(schema: Schema, named: Mapping[str, Schema]) -> Schema:
    """Put enumerations in the place of their names, which lead nowhere outside of the model."""
    if "anyOf" in schema:
        return {**schema, "anyOf": [_inlined(kind, named) for kind in schema["anyOf"]]}
    if "$ref" not in schema:
        return schema
    whole = named[schema["$ref"].rpartition("/")[2]]
    return {
        **{key: value for key, value in whole.items() if key not in {"title", "description"}},
        **_without_ref(schema),
    }


def _without_ref(schema: Schema) -> Schema:
    return {key: value for key, value in schema.items() if key != "$ref"}


def _query_parameter(name: str, schema: Schema, *, required: bool) -> Parameter:
    kept = _without_null({key: value for key, value in schema.items() if key not in {"title", "description"}})
    lists = {"style": "form", "explode": False} if kept.get("type") == "array" else {}
    described = {"description": schema["description"]} if "description" in schema else {}
    return {"name": name, "in": "query", "required": required, **described, **lists, "schema": kept}


def _without_null(schema: Schema) -> Schema:
    """Leave out that a parameter may be null: in a query it is missing instead."""
    if "anyOf" not in schema:
        return schema
    rest = {key: value for key, value in schema.items() if key != "anyOf" and not (key == "default" and value is None)}
    kinds = [kind for kind in schema["anyOf"] if kind != {"type": "null"}]
    return {**rest, **kinds[0]} if len(kinds) == 1 else {**rest, "anyOf": kinds}
