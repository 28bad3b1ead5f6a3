"""The isolated functions as Lambda would offer them: an HTTP endpoint for AWS_ENDPOINT_URL_LAMBDA."""

import json
import re
import socket
import threading
import uuid
from collections.abc import Mapping
from functools import partial
from typing import Any, Self

from chalicelib.http.errors import ApiError, TooLarge
from infra.local.http.body import read_body
from infra.local.http.listening import listener, url
from infra.local.http.small_server import JsonRequestHandler, ListeningServer
from infra.local.products.pool import MAX_PAYLOAD_BYTES, IsolatedFunction, IsolatedPool

PRODUCTS = "chalicelib.products.handler:handler"
PERIODOGRAMS = "chalicelib.periodograms.handler:handler"

_PATH = re.compile(r"/2015-03-31/functions/([^/?]+)/invocations")


def products(name: str) -> IsolatedFunction:
    """Return the function that decodes and draws."""
    return IsolatedFunction(name, PRODUCTS, seconds=120)


def periodograms(name: str) -> IsolatedFunction:
    """Return the function that searches for periods."""
    return IsolatedFunction(name, PERIODOGRAMS, seconds=25)


class IsolatedFunctions:
    """Serves on construction; use as a context manager or call `stop`.

    Parameters
    ----------
    *functions : IsolatedFunction
        By their names; others do not exist.
    sock : socket.socket, optional
        A listening socket; without one a free port is taken.
    """

    def __init__(self, *functions: IsolatedFunction, sock: socket.socket | None = None) -> None:
        sock = sock or listener()
        self.url = url(sock)
        self.pools = {function.name: IsolatedPool(function) for function in functions}
        self._server = ListeningServer(sock, partial(_Invocations, pools=self.pools))
        self._thread = threading.Thread(target=self._server.serve_forever, name="isolated-functions", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop serving and kill the processes."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        for pool in self.pools.values():
            pool.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Invocations(JsonRequestHandler):
    """Answers Invoke as Lambda's API describes it."""

    def __init__(self, *arguments: Any, pools: Mapping[str, IsolatedPool]) -> None:  # noqa: ANN401 - socketserver's own
        self._pools = pools
        super().__init__(*arguments)

    def do_POST(self) -> None:  # noqa: N802 - http.server's name
        """Invoke a function and wait for its answer."""
        try:
            body = read_body(self.rfile, self.headers, MAX_PAYLOAD_BYTES)
        except ApiError as error:
            self.close_connection = True
            kind = "RequestTooLargeException" if isinstance(error, TooLarge) else "InvalidRequestContentException"
            self._refuse(error.status, kind, f"The payload cannot be read; it may have {MAX_PAYLOAD_BYTES} bytes.")
            return
        match = _PATH.fullmatch(self.path.partition("?")[0])
        if match is None or match[1] not in self._pools:
            self._refuse(404, "ResourceNotFoundException", f"Function not found: {self.path}")
            return
        try:
            event = json.loads(body or b"null")
        except ValueError as error:
            self._refuse(400, "InvalidRequestContentException", f"Could not parse request body into json: {error}")
            return
        pool = self._pools[match[1]]
        headers = {"x-amzn-RequestId": str(uuid.uuid4()), "X-Amz-Executed-Version": "$LATEST"}
        if self.headers.get("X-Amz-Invocation-Type") == "Event":
            threading.Thread(target=pool.invoke, args=(event,), name="event", daemon=True).start()
            self.answer(202, b"", headers)
            return
        invocation = pool.invoke(event)
        if invocation.failed:
            headers["X-Amz-Function-Error"] = "Unhandled"
        self.answer(200, invocation.payload, headers)

    def _refuse(self, status: int, kind: str, message: str) -> None:
        self.answer(status, json.dumps({"Type": "User", "message": message}).encode(), {"x-amzn-ErrorType": kind})
