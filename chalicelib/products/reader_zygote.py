"""Run as a program: a process that has imported a reader, and forks a child of itself for each file to read.

Imports take twenty times as long as reading an ordinary file. The zygote reads no file itself and has one thread. Its
parent sends it, in one message, the argument of a reader, a connection, and what the child has for standard input,
output and error. To the connection it writes the child's exit code, or minus the signal that ended it; a child whose
connection has been closed on the other side is killed. The zygote ends when its parent has closed the channel, as a
parent that dies does, and no child is left.
"""

import contextlib
import gc
import importlib
import os
import resource
import selectors
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from typing import NoReturn

MESSAGE = 1 << 18
"""Bytes of the longest argument: more than the kernel carries."""

DESCRIPTORS = 4
"""The connection, and the child's standard input, output and error."""

_STANDARD = 3

Reader = Callable[[str], int]


class _Zygote:
    """Serves a channel of messages; `read` takes the argument of a reader and returns its exit code."""

    def __init__(self, channel: socket.socket, read: Reader) -> None:
        self._channel, self._read = channel, read
        self._connections: dict[int, socket.socket] = {}  # of the children that run, by their process ids
        self._has_crashed = False
        self._woken, self._wake = socket.socketpair()
        for end in (self._woken, self._wake):
            end.settimeout(0)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # it only has to wake
        self._selector = selectors.DefaultSelector()
        self._selector.register(channel, selectors.EVENT_READ)
        self._selector.register(self._woken, selectors.EVENT_READ)

    def serve(self) -> None:
        """Return when the channel is closed and no child is left."""
        while self._connections or self._channel.fileno() >= 0:
            for key, _ in self._selector.select():
                if key.fileobj is self._channel:
                    self._take()
                elif key.fileobj is self._woken:
                    self._woken.recv(MESSAGE)
                else:
                    self._hang_up(key.data)
            self._reap()
            if self._has_crashed and not self._connections and self._channel.fileno() >= 0:
                _begin_anew()

    def _take(self) -> None:
        argument, descriptors, _, _ = socket.recv_fds(self._channel, MESSAGE, DESCRIPTORS)
        if not argument and not descriptors:
            self._selector.unregister(self._channel)
            self._channel.close()
        elif len(descriptors) == DESCRIPTORS:
            self._start(argument.decode(), socket.socket(fileno=descriptors.pop(0)), descriptors)
        for descriptor in descriptors:
            os.close(descriptor)

    def _start(self, argument: str, connection: socket.socket, streams: list[int]) -> None:
        child = os.fork()
        if child == 0:
            _become_reader(self._read, argument, streams)
        self._connections[child] = connection
        self._selector.register(connection, selectors.EVENT_READ, child)

    def _hang_up(self, child: int) -> None:
        """Kill a child that nobody waits for; its number is its own until it is reaped."""
        os.kill(child, signal.SIGKILL)
        self._selector.unregister(self._connections[child])

    def _reap(self) -> None:
        while self._connections and (ended := os.waitpid(-1, os.WNOHANG)) != (0, 0):
            child, code = ended[0], os.waitstatus_to_exitcode(ended[1])
            with self._connections.pop(child) as connection:
                with contextlib.suppress(KeyError):  # it was hung up
                    self._selector.unregister(connection)
                    self._has_crashed |= code < 0
                with contextlib.suppress(OSError):  # nobody waits
                    connection.sendall(str(code).encode())


def _become_reader(read: Reader, argument: str, streams: list[int]) -> NoReturn:
    """Read one file, with nothing open but what belongs to it."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for standard, stream in enumerate(streams):
            os.dup2(stream, standard)
        os.closerange(_STANDARD, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
        # new ones, for those of the zygote remember whether its own files could be sought in
        sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", errors="backslashreplace", closefd=False)  # noqa: SIM115
        code = read(argument)
        sys.stdout.flush()
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else code
    except BaseException:  # noqa: BLE001 - the loop of the zygote is not for the child to come back to
        code = 1
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stderr.flush()
        os._exit(code)


def _begin_anew() -> NoReturn:
    """Be another process in all but its number: a crash may tell a next file where in memory everything lies."""
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - what it was started with


def main(module: str) -> None:
    """Import a reader and serve the channel that standard input is."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # meant for the parent, of whose end the channel tells
    read: Reader = importlib.import_module(module).main
    gc.freeze()  # what children do not look through stays shared
    _Zygote(socket.socket(fileno=sys.stdin.fileno()), read).serve()


if __name__ == "__main__":
    main(sys.argv[1])
