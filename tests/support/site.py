"""The application in this process behind the stack's own HTTP server, for whoever knows nothing but an address.

A whole stack of processes (tests/infra/serve.py) is for tests of how it starts, ends, keeps and hangs together.
"""

import threading
from functools import partial
from typing import Any, Self

from infra.local.http.server import Busy, RequestHandler
from tests.support.api import invoke
from tests.support.stub_server import StubServer
from tests.support.worker import drain

_PAUSE_SECONDS = 0.05


class Site:
    """Serves on construction; answers are checked and permissions watched as in any call. A context manager.

    Parameters
    ----------
    is_working : bool
        Whether the messages of analyses are worked on as they come; else the test does it.
    """

    def __init__(self, *, is_working: bool = False) -> None:
        self._busy = Busy()
        self._server = StubServer(partial(RequestHandler, gateway=_Gateway(), busy=self._busy, storage=None))
        self._ending = threading.Event()
        self._worker = threading.Thread(target=self._work, name="site-worker", daemon=True) if is_working else None
        if self._worker is not None:
            self._worker.start()

    @property
    def url(self) -> str:
        return self._server.url

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        if self._worker is not None:
            self._worker.join()
        self._server.stop()
        self._busy.wait_until_idle(5.0)

    def _work(self) -> None:
        while not self._ending.wait(_PAUSE_SECONDS):
            drain()


class _Gateway:
    """The tests' way to the application, under the name that the server calls."""

    def invoke(self, method: str, path: str, headers: dict[str, str], body: bytes) -> dict[str, Any]:
        return invoke(method, path, headers, body)
