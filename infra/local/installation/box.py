"""The AWS of an installation, for tools: the one that is being served, or one that is started for them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.local.aws.kept import folder
from infra.local.errors import StackError
from infra.local.http.listening import listener, url
from infra.local.processes.lifeline import GO, READY


@contextmanager
def aws_of(data: Path, *, new: bool) -> Iterator[str]:
    """Yield the endpoint.

    Parameters
    ----------
    data : Path
        The folder.
    new : bool
        Whether an installation is made where there is none.

    Raises
    ------
    StackError
        There is none, or it cannot be used.
    """
    if not new and not (data / folder.DATABASE).exists():
        raise StackError(f"{data} holds no installation.")
    served = folder.served_at(data)
    if served:
        yield served
        return
    taken, sock = folder.take(data), listener()
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "infra.local.aws.run_aws", str(sock.fileno()), str(data.resolve())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pass_fds=(sock.fileno(), taken.lock),
        start_new_session=True,
    )
    stdin, stdout = process.stdin, process.stdout
    try:
        if stdin is None or stdout is None:
            raise StackError("The embedded AWS cannot be reached.")
        stdin.write(f"{GO}\n".encode())
        stdin.flush()
        if not stdout.readline().startswith(READY.encode()):
            raise StackError("The embedded AWS could not start.")
        yield url(sock)
    finally:
        process.communicate()  # its input ends, and so does it
        sock.close()
        os.close(taken.lock)
