"""`chalice local` with our answer where there is no such path; else it answers as an API Gateway without us."""

from typing import Any

from chalice.local import LocalGateway

from chalicelib.http.application import proxy_answer
from chalicelib.http.errors import NotFound

_handle = LocalGateway.handle_request


def install() -> None:
    """Let Chalice's own gateway answer so from now on."""
    LocalGateway.handle_request = _handle_request


def _handle_request(
    self: Any,  # noqa: ANN401 - Chalice has no types
    method: str,
    path: str,
    headers: dict[str, str],
    body: bytes | None,
) -> dict[str, Any]:
    try:
        self.event_converter.create_lambda_event(method=method, path=path, headers=headers, body=body)
    except ValueError:  # no route matches
        return proxy_answer(NotFound("Not found: there is no such path."))
    answer: dict[str, Any] = _handle(self, method, path, headers, body)
    return answer
