"""An AWS on this machine: moto's server, with the steps made atomic that parallel requests can interleave there.

moto checks the condition of a write and writes in two steps; here every DynamoDB request holds a lock. It deletes a
message by building the queue's list anew, so that one sent meanwhile is lost; here a queue's changes hold its lock.
Its limits are not AWS's; limits/ makes them so. What works on the embedded server then works on AWS.
"""

import functools
import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, Self

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.sqs.models import Queue, SQSBackend
from werkzeug.serving import BaseWSGIServer, make_server

from infra.local.aws import (
    cheap_answers,
    cheap_backends,
    cheap_conditions,
    cheap_key_conditions,
    cheap_keys,
    cheap_models,
    cheap_projections,
    cheap_queries,
    cheap_queues,
    cheap_transactions,
    cheap_updates,
    cheap_values,
    forgetful,
    signed_forms,
)
from infra.local.aws.kept.keeper import Keeper
from infra.local.aws.limits import dynamodb, objects, queues, secret_values, signed
from infra.local.aws.quick_handler import QuickHandler
from infra.local.aws.straight import straight
from infra.local.aws.straight_objects import straight_objects

Environ = dict[str, Any]
WsgiApp = Callable[[Environ, Any], Iterable[bytes]]


def _serialized(app: WsgiApp) -> WsgiApp:
    lock = threading.RLock()

    def serve(environ: Environ, start_response: Any) -> Iterable[bytes]:  # noqa: ANN401 - WSGI
        if signed_forms.is_form(environ):
            return signed_forms.take(environ, start_response)
        if environ.get("HTTP_X_AMZ_TARGET", "").startswith("DynamoDB_"):
            with lock:
                return list(app(environ, start_response))
        return app(environ, start_response)

    return serve


@functools.cache
def _adapt_moto() -> None:
    """Make moto cheaper, and as strict and as generous as AWS; once, for each step wraps what it finds."""
    cheap_models.install()
    cheap_backends.install()
    forgetful.install()
    cheap_values.install()
    cheap_transactions.install()
    cheap_updates.install()
    cheap_conditions.install()
    cheap_key_conditions.install()
    cheap_answers.install()
    cheap_projections.install()
    cheap_queries.install()
    cheap_queues.install()
    cheap_keys.install()
    for service in (dynamodb, queues, objects, signed, secret_values):
        service.install()
    _serialize_queues()


def _serialize_queues() -> None:
    """Let deleting and receiving hold the lock that sending holds; waiting for messages gives it back meanwhile."""
    delete, receive = Queue.delete_message, SQSBackend.receive_message

    @functools.wraps(delete)
    def locked_delete(queue: Any, receipt_handle: str) -> None:  # noqa: ANN401 - moto has no types
        with queue._messages_lock:  # noqa: SLF001 - moto offers no other
            delete(queue, receipt_handle)

    @functools.wraps(receive)
    def locked_receive(backend: Any, queue_name: str, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - same
        with backend.get_queue(queue_name)._messages_lock:  # noqa: SLF001 - same
            return receive(backend, queue_name, *arguments, **named)

    Queue.delete_message = locked_delete
    SQSBackend.receive_message = locked_receive


class EmbeddedAws:
    """Starts on construction; use as a context manager or call `stop`.

    Parameters
    ----------
    sock : socket.socket, optional
        A listening socket; without one a free port is taken.
    data : Path, optional
        A folder that is ours (kept/folder.py); without one all is forgotten at the end. One at a time in a process.
    """

    def __init__(self, sock: socket.socket | None = None, data: Path | None = None) -> None:
        _adapt_moto()
        self._keeper = None if data is None else Keeper(data)
        app = _serialized(straight(straight_objects(DomainDispatcherApplication(create_backend_app))))
        self._server: BaseWSGIServer = make_server(
            "127.0.0.1",
            0,
            app if self._keeper is None else self._keeper.kept(app),
            threaded=True,
            request_handler=QuickHandler,
            fd=None if sock is None else sock.fileno(),
        )
        self._thread = threading.Thread(target=self._server.serve_forever, name="embedded-aws", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The endpoint, for AWS_ENDPOINT_URL."""
        return f"http://127.0.0.1:{self._server.port}"

    def kept(self) -> AbstractContextManager[None]:
        """Let what this thread changes without a request be kept as if by one; NotKept is raised if it is not."""
        return nullcontext() if self._keeper is None else self._keeper.changes()

    def stop(self) -> None:
        """Stop serving; what was stored is gone, or in its folder."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self.close()

    def close(self) -> None:
        """Let what is answered no more be of no consequence: from here on nothing is stored."""
        if self._keeper is not None:
            self._keeper.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
