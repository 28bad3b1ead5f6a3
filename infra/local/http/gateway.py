"""What API Gateway does between HTTP and the function: events, its limits, and the failures that it answers itself."""

import base64
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from chalice.app import Chalice
from chalice.config import Config
from chalice.local import LambdaEventConverter, LocalChalice, LocalGateway

from chalicelib.http.errors import GatewayTimeout, NotFound
from infra.local.http.routes import Routes

MAX_BODY_BYTES = 10 << 20
ANSWER_SECONDS = 29.0

_THREADS = 128
_LARGE = 64 << 10

Proxy = dict[str, Any]


class Gateway(LocalGateway):  # type: ignore[misc]  # Chalice has no types
    """Calls the application as Lambda does.

    Parameters
    ----------
    app : Chalice
        From now on it keeps the current request per thread, as Chalice's own server makes it do.
    seconds : float
        Longest wait for an answer; the function goes on after it, as on AWS.
    """

    def __init__(self, app: Chalice, seconds: float = ANSWER_SECONDS) -> None:
        app.__class__ = type("LocalApplication", (LocalChalice, type(app)), {})
        super().__init__(app, Config())
        self.event_converter = LambdaEventConverter(Routes(app.routes), app.api.binary_types)
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="request")

    def invoke(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Proxy:
        """Return the application's proxy answer.

        Raises
        ------
        NotFound
            No route has this path.
        GatewayTimeout
            The application did not answer in time.
        """
        answer = self._threads.submit(self.call, self.event_of(method, path, headers, body))
        try:
            return answer.result(timeout=self._seconds)
        except TimeoutError:
            raise GatewayTimeout(
                f"No answer within {self._seconds:g} seconds. It may still be done: look before you repeat it."
            ) from None

    def event_of(self, method: str, path: str, headers: dict[str, str], body: bytes) -> dict[str, Any]:
        """Return the event of a request; raise NotFound if no route has its path."""
        try:
            return self._generate_lambda_event(method, path, headers, body)
        except ValueError:
            raise NotFound("Not found: there is no such path.") from None

    def call(self, event: dict[str, Any]) -> Proxy:
        """Call the application in this thread, for as long as it takes."""
        proxy: Proxy = self._app_object(event, self._generate_lambda_context())
        return proxy

    def _generate_lambda_event(self, method: str, path: str, headers: dict[str, str], body: bytes) -> dict[str, Any]:
        """Hand over every body as base64, as API Gateway does with `binary_types = ['*/*']`.

        Large ones are handed over as they are, which Chalice takes as well: 2 MB there and back take 8 ms.
        """
        event: dict[str, Any] = super()._generate_lambda_event(method, path, headers, body)
        if len(body) > _LARGE:
            return {**event, "body": body, "isBase64Encoded": False}
        encoded = base64.b64encode(body).decode() if body else None
        return {**event, "body": encoded, "isBase64Encoded": bool(body)}
