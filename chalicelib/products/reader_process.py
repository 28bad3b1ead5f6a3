"""A barrier around parsers that hostile data can crash: each file is read by a short-lived process."""

import logging
import os
import selectors
import socket
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.products import reader_zygote
from chalicelib.products.errors import BadArguments, Unreadable
from chalicelib.products.scratch import PIECE, FilePart, ScratchFile, new_file

TIMEOUT = 20  # seconds: two readers and the drawing fit the minute that the function has
WRITING_TIMEOUT = 100  # of one that writes columns, which is all that its function does
_ENVIRONMENT = ("LD_LIBRARY_PATH", "PATH", "TMPDIR")
"""What a reader sees of the environment: on AWS the rest of it holds the function's own credentials."""

UNREADABLE = 3
BAD_ARGUMENTS = 4
"""Exit codes of a reader that wrote, to standard error, why a file is unreadable or what it was asked for in vain."""

_REFUSALS = {UNREADABLE: Unreadable, BAD_ARGUMENTS: BadArguments}

_LOG = logging.getLogger(__name__)
_LONGEST_SENTENCE = 1000
_GRACE = 5  # seconds, to kill a child

_starting = threading.Lock()
os.register_at_fork(before=_starting.acquire, after_in_parent=_starting.release, after_in_child=_starting.release)


@dataclass(frozen=True)
class _Ending:
    """How a reader ended, and what it wrote."""

    code: int
    output: bytes
    error: bytes


class ZygoteDied(Exception):
    """The process that readers are forked from has ended, or could not begin."""


class Readers:
    """Processes that read one file each; what they have in common is imported once, when the first one is needed.

    Parameters
    ----------
    module : str
        Has a function `main`, which takes an argument, reads standard input, and returns an exit code.
    """

    def __init__(self, module: str) -> None:
        self._module = module
        self._zygote: _Zygote | None = None

    def run(
        self, argument: str, data: bytes | FilePart, output: ScratchFile | None = None, seconds: float | None = None
    ) -> bytes:
        """Give data to a reader as its standard input, a file, and return its standard output, unless `output` gets it.

        Raises
        ------
        BadArguments
            The reader says so.
        Unreadable
            The reader says so, crashes, or takes longer than `seconds`.
        ZygoteDied
            Twice in succession: that says nothing about the file.
        """
        seconds = TIMEOUT if seconds is None else seconds
        try:
            done = self._done(argument, _as_file(data), output, time.monotonic() + seconds)
        except TimeoutError as error:
            raise Unreadable(f"Reading the file takes longer than {seconds} s.") from error
        if done.code in _REFUSALS:
            raise _REFUSALS[done.code](done.error.decode("utf-8", "replace")[:_LONGEST_SENTENCE])
        if done.code != 0:
            asked = argument[:_LONGEST_SENTENCE]
            _LOG.warning("%s %s ended with %d: %r", self._module, asked, done.code, done.error[-_LONGEST_SENTENCE:])
            raise Unreadable("The file is damaged in a way that crashes its reader.")
        return done.output

    def stop(self) -> None:
        """End the zygote, if there is one; it is started again when it is needed."""
        with _starting:
            zygote, self._zygote = self._zygote, None
        if zygote is not None:
            zygote.stop()

    def _done(self, argument: str, file: ScratchFile, output: ScratchFile | None, deadline: float) -> _Ending:
        """Read; once more if the zygote had died before, or was ended by something else than the file."""
        zygote = self._running()
        try:
            return zygote.read(argument, file, output, deadline)
        except ZygoteDied:
            zygote.stop()
            return self._running().read(argument, file, output, deadline)

    def _running(self) -> "_Zygote":
        """Return a zygote of this process: one that was forked has none yet."""
        with _starting:
            if self._zygote is None or not self._zygote.is_usable:
                self._zygote = _Zygote(self._module)
            return self._zygote


class _Zygote:
    """A process of `reader_zygote`, started on construction; it ends when this one does, or forgets it."""

    def __init__(self, module: str) -> None:
        seen = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._channel.settimeout(TIMEOUT)
        with theirs:
            process = subprocess.Popen(  # noqa: S603 - the command is ours
                [sys.executable, "-m", reader_zygote.__name__, module],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                # what has threads cannot be forked
                env={**seen, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(sys.path)},
            )
        self._owner = os.getpid()
        self.stop = weakref.finalize(self, _stop, process, self._channel, self._owner)

    @property
    def is_usable(self) -> bool:
        """Whether it was started by this process, and has not been stopped."""
        return self._owner == os.getpid() and self.stop.alive

    def read(self, argument: str, file: ScratchFile, output: ScratchFile | None, deadline: float) -> _Ending:
        """Have a file read from its start; raises TimeoutError, with the reader killed, and ZygoteDied."""
        file.rewind()
        if output is not None:
            output.clear()
        (connection, told), (written, out), (complained, err) = (socket.socketpair() for _ in range(3))
        with connection, written, complained:
            with told, out, err:
                target = out if output is None else output
                try:
                    descriptors = [told.fileno(), file.fileno(), target.fileno(), err.fileno()]
                    socket.send_fds(self._channel, [argument.encode()], descriptors)
                except OSError as error:
                    if self.is_usable and not isinstance(error, ConnectionError):
                        raise
                    raise ZygoteDied from error
            try:
                code, text, error_text = _contents((connection, written, complained), deadline)
            except TimeoutError:
                self._kill_reader(connection)
                raise
        if not code:
            raise ZygoteDied
        return _Ending(int(code), text, error_text)

    def _kill_reader(self, connection: socket.socket) -> None:
        connection.shutdown(socket.SHUT_WR)
        try:
            _contents((connection,), time.monotonic() + _GRACE)
        except TimeoutError:
            self.stop()


def _stop(process: "subprocess.Popen[bytes]", channel: socket.socket, owner: int) -> None:
    channel.close()
    if owner != os.getpid():
        process.returncode = 0  # somebody else's child
        return
    try:
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _contents(streams: Sequence[socket.socket], deadline: float) -> list[bytes]:
    """Read to their ends what comes from all of them at once; raises TimeoutError."""
    found = {stream: bytearray() for stream in streams}
    with selectors.DefaultSelector() as waiting:
        for stream in streams:
            waiting.register(stream, selectors.EVENT_READ, stream)
        while waiting.get_map():
            ready = waiting.select(max(0.0, deadline - time.monotonic()))
            if not ready or time.monotonic() > deadline:
                raise TimeoutError
            for key, _ in ready:
                piece = key.data.recv(PIECE)
                found[key.data] += piece
                if not piece:
                    waiting.unregister(key.data)
    return [bytes(content) for content in found.values()]


def _as_file(data: bytes | FilePart) -> ScratchFile:
    """Return a file that begins where the data does."""
    if isinstance(data, FilePart) and data.offset == 0:
        return data.file
    file = new_file()
    for piece in data.pieces() if isinstance(data, FilePart) else (data,):
        file.write(piece)
    return file
