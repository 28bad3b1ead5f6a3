"""The OpenAPI document of the whole API, built from the endpoints that are registered."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from chalicelib.http.endpoint import ROUTES, Content, Route
from chalicelib.openapi.answers import error_answers, error_schema
from chalicelib.openapi.operation import SECURITY_SCHEME, operation
from chalicelib.openapi.schemas import Schemas, answer_of, body_of
from chalicelib.settings import VERSION, settings


@cache
def document() -> dict[str, Any]:
    """Return the document, an OpenAPI 3.1 description; built once, when all rooms are registered."""
    routes = sorted(ROUTES, key=lambda route: (route.path, route.method))
    schemas = Schemas(_types(routes))
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Siderostat",
            "version": VERSION,
            "description": "Runs external analysis services on astronomical sources; speaks SkyPortal's API.",
            "license": {"name": "BSD-3-Clause", "identifier": "BSD-3-Clause"},
        },
        "servers": [{"url": settings().public_url}],
        "security": [{SECURITY_SCHEME: []}],
        "paths": _paths(routes, schemas),
        "components": {
            "schemas": {**schemas.components, **error_schema()},
            "responses": error_answers(),
            "securitySchemes": {SECURITY_SCHEME: _security_scheme()},
        },
    }


def _paths(routes: Iterable[Route], schemas: Schemas) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = operation(route, schemas)
    return paths


def _types(routes: Iterable[Route]) -> list[Any]:
    bodies = [body for route in routes if (body := body_of(route)) is not None]
    answered = [answer for route in routes if not isinstance(answer := answer_of(route), Content)]
    return [*bodies, *answered]


def _security_scheme() -> dict[str, str]:
    return {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`token <token>`; POST /api/internal/tokens makes tokens.",
    }
