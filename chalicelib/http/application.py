"""The application as Lambda calls it: whatever the event is, the answer has our shape."""

import base64
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from chalice.app import Blueprint, Chalice

from chalicelib.collector import kept_for_good
from chalicelib.http import route_modules
from chalicelib.http.endpoint import chalice_response
from chalicelib.http.envelope import failure
from chalicelib.http.errors import ApiError, BadRequest, MethodNotAllowed, NotFound

Proxy = dict[str, Any]

_PARTS: dict[str, type | tuple[type, ...]] = {
    "headers": dict,
    "multiValueQueryStringParameters": dict,
    "pathParameters": dict,
    "stageVariables": dict,
    "body": (str, bytes),
    "isBase64Encoded": bool,
}
"""What Chalice reads of an event besides the context of the request; each may be null.

The body is text on AWS; the local gateway hands over large ones as they are.
"""


class Application(Chalice):  # type: ignore[misc]  # Chalice has no types
    """A Chalice application that also knows what to answer where it has no view.

    In a package it imports the modules of a path when it is first asked for it: of all rooms together they take longer
    than everything else that a function begins with.
    """

    def __init__(self, app_name: str, **options: Any) -> None:  # noqa: ANN401 - Chalice's
        super().__init__(app_name, **options)
        self._not_imported: dict[str, list[str]] = {}

    def register_rooms(self, rooms: Iterable[str]) -> bool:
        """Register the routes of rooms; return whether all are imported now, and not one by one when needed."""
        packaged = route_modules.in_package()
        self._not_imported = dict(packaged or {})
        if packaged is None:
            self._import(route_modules.of_rooms(rooms))
        return packaged is None

    def _import(self, modules: Iterable[str]) -> None:
        for name in modules:
            self.register_blueprint(import_module(name).blueprint)

    def register_blueprint(
        self, blueprint: Blueprint, name_prefix: str | None = None, url_prefix: str | None = None
    ) -> None:
        """Register what a blueprint was not registered with before: modules of one room are imported one by one."""
        super().register_blueprint(blueprint, name_prefix, url_prefix)
        blueprint._deferred_registrations.clear()  # noqa: SLF001 - Chalice offers no other way

    def __call__(self, event: Any, context: Any) -> Proxy:  # noqa: ANN401 - whatever Lambda is called with
        """Answer an event of API Gateway."""
        problem = self._problem_with(event)
        if problem is not None:
            return proxy_answer(problem)
        answer: Proxy = super().__call__({**dict.fromkeys(_PARTS), **event, "headers": event["headers"] or {}}, context)
        return answer

    def _problem_with(self, event: object) -> ApiError | None:
        request = event.get("requestContext") if isinstance(event, dict) else None
        if not isinstance(request, dict) or not isinstance(event, dict):
            return BadRequest("This is no request of API Gateway.")
        path, method = str(request.get("resourcePath")), str(request.get("httpMethod"))
        if path in self._not_imported:
            with kept_for_good():
                self._import(self._not_imported.pop(path))
        methods = self.routes.get(path)
        if methods is None:
            return NotFound("Not found: there is no such path.")
        if method not in methods:
            return MethodNotAllowed(f"Method {method} is not allowed here.")
        as_it_should_be = "headers" in event and all(
            event.get(part) is None or isinstance(event[part], kind) for part, kind in _PARTS.items()
        )
        return None if as_it_should_be else BadRequest("This is no request of API Gateway.")


def proxy_answer(error: ApiError) -> Proxy:
    """Return a failure as API Gateway takes it, without a view."""
    response = chalice_response(failure(error))
    return {
        "statusCode": response.status_code,
        "headers": dict(response.headers),
        "multiValueHeaders": {},
        "body": base64.b64encode(response.body).decode(),
        "isBase64Encoded": True,
    }
