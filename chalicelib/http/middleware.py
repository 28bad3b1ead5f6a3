"""What Chalice answers by itself, turned into our shape."""

from collections.abc import Callable

from chalice.app import CaseInsensitiveMapping, Request, Response

from chalicelib.http.endpoint import chalice_response
from chalicelib.http.envelope import failure
from chalicelib.http.errors import ApiError, InternalError, MethodNotAllowed

GetResponse = Callable[[Request], Response]


def envelope_of_chalice(request: Request, get_response: GetResponse) -> Response:
    """Translate Chalice's own failures, and let every client receive binary bodies.

    Chalice refuses to send a binary body to a client without an Accept header; since every body travels as binary
    (`binary_types = ['*/*']`), such a client is treated as one that accepts all.
    """
    if "accept" not in request.headers or "*/*" not in request.headers["accept"]:
        request.headers = CaseInsensitiveMapping({**request.headers, "accept": "*/*"})
    response = get_response(request)
    if not isinstance(response.body, dict):
        return response
    return chalice_response(failure(_error(request, response)))


def _error(request: Request, response: Response) -> ApiError:
    if response.status_code == MethodNotAllowed.status:
        return MethodNotAllowed(f"Method {request.method} is not allowed here.")
    return InternalError("Something went wrong on our side.")
