"""Keeps the embedded AWS in a folder: a request is answered when what it has changed is on the disk."""

import functools
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from infra.local.aws.kept import clock, keys_and_secrets, objects, queues, tables
from infra.local.aws.kept.database import Database, NotKept
from infra.local.aws.kept.files import Files
from infra.local.aws.kept.folder import DATABASE, OBJECTS
from infra.local.aws.kept.items import ItemStore
from infra.local.aws.kept.objects import ObjectStore
from infra.local.aws.kept.purge import Purge
from infra.local.aws.kept.queues import QueueStore

Environ = dict[str, Any]
WsgiApp = Callable[[Environ, Any], Iterable[bytes]]


class Keeper:
    """One in a process, for it changes moto's classes; open from construction to `close`.

    Parameters
    ----------
    folder : Path
        Prepared, and locked, by `folder.py`.
    """

    def __init__(self, folder: Path) -> None:
        clock.look(folder / DATABASE)
        self.database = Database(folder / DATABASE)
        self.files = Files(folder / OBJECTS)
        self._objects = ObjectStore(self.database, self.files)
        tables.install(ItemStore(self.database))
        objects.install(self._objects)
        messages = QueueStore(self.database)
        queues.install(messages)
        keys_and_secrets.install(self.database)
        self._purge = Purge(self.database, self.files, messages.remove)

    def kept(self, app: WsgiApp) -> WsgiApp:
        """Let an application answer no earlier than its changes are on the disk, and with 500 if they are not."""

        @functools.wraps(app)
        def serve(environ: Environ, start_response: Any) -> Iterable[bytes]:
            begun: list[tuple[Any, ...]] = []
            try:
                with self.changes():
                    content = list(app(environ, lambda *head: begun.append(head)))
            except NotKept as error:
                return _refused(environ, start_response, str(error))
            start_response(*begun[-1])
            return content

        return serve

    @contextmanager
    def changes(self) -> Iterator[None]:
        """Let what this thread changes in here be on the disk at its end.

        Raises
        ------
        NotKept
            It is not.
        """
        self.database.begin()
        try:
            yield
        except Exception:
            self.database.check()  # what was undone meanwhile is missing
            raise
        needless = self._objects.keep()
        self.database.settle()
        self.files.remove(needless)

    def close(self) -> None:
        """Commit what is left and close the database."""
        self._purge.stop()
        self.database.close()


def _refused(environ: Environ, start_response: Any, reason: str) -> list[bytes]:
    """Answer as AWS answers when it cannot, in JSON or, as S3 does, in XML."""
    text = f"What was sent could not be stored: {reason}."
    if environ.get("HTTP_X_AMZ_TARGET"):
        kind, content = "application/x-amz-json-1.0", json.dumps({"__type": "InternalServerError", "message": text})
    else:
        kind, content = "application/xml", f"<Error><Code>InternalError</Code><Message>{text}</Message></Error>"
    body = content.encode()
    start_response("500 Internal Server Error", [("Content-Type", kind), ("Content-Length", str(len(body)))])
    return [body]
