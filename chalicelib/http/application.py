"""The application as Lambda calls it: whatever the event is, the answer has our shape."""

import base64
from typing import Any

from chalice.app import Chalice

from chalicelib.http.endpoint import chalice_response
from chalicelib.http.envelope import failure
from chalicelib.http.errors import ApiError, BadRequest, MethodNotAllowed, NotFound

Proxy = dict[str, Any]


class Application(Chalice):  # type: ignore[misc]  # Chalice has no types
    """A Chalice application that also knows what to answer where it has no view."""

    def __call__(self, event: Any, context: Any) -> Proxy:  # noqa: ANN401 - whatever Lambda is called with
        """Answer an event of API Gateway."""
        problem = self._problem_with(event)
        if problem is not None:
            return proxy_answer(problem)
        answer: Proxy = super().__call__(event, context)
        return answer

    def _problem_with(self, event: object) -> ApiError | None:
        request = event.get("requestContext") if isinstance(event, dict) else None
        if not isinstance(request, dict) or not isinstance(event, dict):
            return BadRequest("This is no request of API Gateway.")
        methods = self.routes.get(request.get("resourcePath"))
        if methods is None:
            return NotFound("Not found: there is no such path.")
        if request.get("httpMethod") not in methods:
            return MethodNotAllowed(f"Method {request.get('httpMethod')} is not allowed here.")
        return None if "headers" in event else BadRequest("This is no request of API Gateway.")


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
