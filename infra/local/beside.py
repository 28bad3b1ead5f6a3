"""What a process needs in its environment to work beside a running stack, such as `chalice local`."""

import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from infra.local.errors import StackError
from infra.local.processes.child import ROOT

_FOLDER = ROOT / "build" / "run"
_OF_AWS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_LAMBDA",
    "AWS_EC2_METADATA_DISABLED",
    "NO_PROXY",
    "OPENAI_BASE_URL",
    "PROMETHEUS_MULTIPROC_DIR",
)


@contextmanager
def known_to_others(port: int) -> Iterator[None]:
    """Keep this process's environment where `env` finds it, readable for the same user alone, while in here."""
    file = _file(port)
    lines = [f"export {name}={shlex.quote(value)}" for name, value in sorted(os.environ.items()) if _is_ours(name)]
    with suppress(OSError):  # a tree that nobody may write to: then nothing can be found beside the stack
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as opened:
            opened.write("\n".join(lines) + "\n")
    try:
        yield
    finally:
        with suppress(OSError):
            file.unlink(missing_ok=True)


def show(port: int) -> None:
    """Print what to export beside the stack that serves on a port.

    Raises
    ------
    StackError
        There is none.
    """
    try:
        text = _file(port).read_text()
    except OSError:
        raise StackError(f"No stack of this checkout serves on port {port}: start it with `serve`.") from None
    print(f"# beside the stack on port {port}; the first administrator's token is among it\n{text}", end="")


def _file(port: int) -> Path:
    return _FOLDER / f"siderostat-{port}.env"


def _is_ours(name: str) -> bool:
    return name.startswith("SIDEROSTAT_") or name in _OF_AWS
