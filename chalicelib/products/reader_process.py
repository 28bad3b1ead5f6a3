"""A barrier around parsers that hostile data can crash: each file is read by a short-lived process."""

import logging
import os
import subprocess
import sys
from collections.abc import Sequence

from chalicelib.products.errors import BadArguments, Unreadable
from chalicelib.products.scratch import FilePart, ScratchFile, new_file

TIMEOUT = 20  # seconds: two readers and the drawing fit the minute that the function has
WRITING_TIMEOUT = 100  # of one that writes columns, which is all that its function does
_ENVIRONMENT = ("LD_LIBRARY_PATH", "OPENBLAS_NUM_THREADS", "PATH", "TMPDIR")
"""What a reader sees of the environment: on AWS the rest of it holds the function's own credentials."""

UNREADABLE = 3
BAD_ARGUMENTS = 4
"""Exit codes of a reader that wrote, to standard error, why a file is unreadable or what it was asked for in vain."""

_REFUSALS = {UNREADABLE: Unreadable, BAD_ARGUMENTS: BadArguments}

_LOG = logging.getLogger(__name__)
_LONGEST_SENTENCE = 1000


def run_reader(
    command: Sequence[str], data: bytes | FilePart, output: ScratchFile | None = None, seconds: float | None = None
) -> bytes:
    """Give data to a reader as its standard input, a file, and return its standard output, unless `output` gets it.

    Raises
    ------
    BadArguments
        The reader says so.
    Unreadable
        The reader says so, crashes, or takes longer than `seconds`.
    """
    seconds = TIMEOUT if seconds is None else seconds
    file = _as_file(data)  # closed when nobody has it
    seen = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    environment = {**seen, "PYTHONPATH": os.pathsep.join(sys.path)}
    try:
        done = subprocess.run(  # noqa: S603 - the command is ours
            command,
            stdin=file.fileno(),
            stdout=subprocess.PIPE if output is None else output.fileno(),
            stderr=subprocess.PIPE,
            check=False,
            env=environment,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable(f"Reading the file takes longer than {seconds} s.") from error
    if done.returncode in _REFUSALS:
        raise _REFUSALS[done.returncode](done.stderr.decode("utf-8", "replace")[:_LONGEST_SENTENCE])
    if done.returncode != 0:
        _LOG.warning("%s ended with %d: %r", " ".join(command[1:]), done.returncode, done.stderr[-_LONGEST_SENTENCE:])
        raise Unreadable("The file is damaged in a way that crashes its reader.")
    return done.stdout or b""


def _as_file(data: bytes | FilePart) -> ScratchFile:
    """Return a file that begins where the data does."""
    if isinstance(data, FilePart) and data.offset == 0:
        data.file.rewind()
        return data.file
    file = new_file()
    for piece in data.pieces() if isinstance(data, FilePart) else (data,):
        file.write(piece)
    file.rewind()
    return file
