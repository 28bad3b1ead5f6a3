"""The process of an isolated function: one JSON event a line in, one JSON answer a line out.

It is started with an empty environment and a working directory of its own, limits itself before it reads a single
byte, and ends when its standard input does.
"""

import importlib
import json
import os
import queue
import resource
import signal
import sys
import threading
import traceback
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, BinaryIO

LIMITS = MappingProxyType(
    {
        resource.RLIMIT_AS: 2 << 30,
        resource.RLIMIT_FSIZE: 2048 << 20,  # what the products function has in /tmp
        resource.RLIMIT_NOFILE: 256,
        resource.RLIMIT_CORE: 0,
    }
)

_IN_NO_PACKAGE = ("arviz", "scipy")
"""What corner and astropy try to import, for a second of CPU, and what the functions' packages on AWS do not hold."""

Handler = Callable[[Any, Any], Any]


@dataclass(frozen=True, slots=True)
class Context:
    """What a handler may ask Lambda about its invocation."""

    function_name: str
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))


def main(handler_name: str, function_name: str, seconds: int) -> None:
    """Import `package.module:function` and answer events until the input ends."""
    answers = _take_stdout()
    _limit()
    sys.modules.update(dict.fromkeys(_IN_NO_PACKAGE))  # type: ignore[arg-type]  # None: it cannot be imported
    events = _events()
    module, _, name = handler_name.partition(":")
    handler: Handler = getattr(importlib.import_module(module), name)
    for event in events:
        signal.alarm(seconds)  # the kernel ends a handler that does not return, whatever it is doing
        line = _answer(handler, event, Context(function_name))
        signal.alarm(0)
        answers.write(line)
        answers.flush()


def _take_stdout() -> BinaryIO:
    """Keep the pipe for answers and let everything that prints write to the log."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _limit() -> None:
    for kind, wanted in LIMITS.items():
        _, hard = resource.getrlimit(kind)
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (most, most))


def _events() -> Iterator[Any]:
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(lines,), daemon=True).start()
    return (json.loads(line) for line in iter(lines.get, b""))


def _read(lines: "queue.SimpleQueue[bytes]") -> None:
    for line in sys.stdin.buffer:
        lines.put(line)
    os._exit(0)  # whoever asked is gone; so is the reason to finish


def _answer(handler: Handler, event: object, context: Context) -> bytes:
    try:
        return json.dumps({"payload": handler(event, context)}).encode() + b"\n"
    except Exception as error:  # noqa: BLE001 - Lambda, too, reports any exception to the caller
        described = {
            "errorMessage": str(error),
            "errorType": type(error).__name__,
            "stackTrace": traceback.format_tb(error.__traceback__),
        }
        return json.dumps({"error": described}).encode() + b"\n"


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
