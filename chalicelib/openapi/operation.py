"""One endpoint as an operation of the document."""

import inspect
from typing import Any

from chalicelib.http.endpoint import Route
from chalicelib.openapi.answers import answers
from chalicelib.openapi.parameters import parameters
from chalicelib.openapi.schemas import Schemas, body_of

SECURITY_SCHEME = "token"
_FILE = {"type": "string", "format": "binary"}
_FORM, _FIELDS = "application/x-www-form-urlencoded", {"type": "object", "additionalProperties": {"type": "string"}}
_ROOM = 1
"""Place of the room in the name of a view's module."""

Operation = dict[str, Any]


def operation(route: Route, schemas: Schemas) -> Operation:
    """Return the operation of an endpoint."""
    summary, _, description = inspect.cleandoc(route.view.__doc__ or "").partition("\n\n")
    return {
        "operationId": route.view.__name__,
        "tags": [route.view.__module__.split(".")[_ROOM]],
        "summary": " ".join(summary.split()),
        **({"description": description} if description else {}),
        **_security(route),
        "parameters": parameters(route),
        **_request_body(route, schemas),
        "responses": answers(route, schemas),
    }


def _security(route: Route) -> Operation:
    if route.public:
        return {"security": []}
    needed = [] if route.permission is None else [route.permission]
    return {"security": [{SECURITY_SCHEME: needed}], **({"x-permission": route.permission} if needed else {})}


def _request_body(route: Route, schemas: Schemas) -> Operation:
    body = body_of(route)
    if route.facts.get("file"):
        return {"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": _FILE}}}}
    if route.facts.get("form"):
        return {"requestBody": {"required": False, "content": {_FORM: {"schema": _FIELDS}}}}
    if body is None:
        return {}
    required = any(field.is_required() for field in body.model_fields.values())
    return {"requestBody": {"required": required, "content": {"application/json": {"schema": schemas.of(body)}}}}
