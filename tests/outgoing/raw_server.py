"""A server that speaks HTTP as badly as a test wants, on a real socket."""

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self


class Connection:
    """One accepted connection."""

    def __init__(self, connected: socket.socket, stopping: threading.Event) -> None:
        self.socket = connected
        self.stopping = stopping

    def request(self) -> bytes:
        """Read a whole request, head and body."""
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _, body = received.partition(b"\r\n\r\n")
        length = next(
            (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
        )
        while len(body) < length:
            body += self._more()
        return head + b"\r\n\r\n" + body

    def answer(self, status: str, body: bytes = b"", **headers: str) -> None:
        """Answer the only request of this connection, and say that it is the only one."""
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.socket.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    def drip(self, data: bytes, seconds: float) -> None:
        """Send byte by byte, so often that no single read waits long."""
        for byte in data:
            self.socket.sendall(bytes([byte]))
            if self.stopping.wait(seconds):
                return

    def hang(self) -> None:
        """Do nothing until the test is over."""
        self.stopping.wait(30)

    def reset(self) -> None:
        """Close with a reset instead of an end."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def _more(self) -> bytes:
        part = self.socket.recv(65_536)
        if not part:
            raise ConnectionError("the client went away")
        return part


class RawServer:
    """Hands every connection to `behave`, in a thread of its own; a context manager."""

    def __init__(self, behave: Callable[[Connection], None]) -> None:
        self.requests: list[bytes] = []
        self.accepted = 0
        self._behave = behave
        self._stopping = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def port(self) -> int:
        return self._listening.getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/analysis"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join(timeout=10)

    def _accept(self) -> None:
        with suppress(OSError):  # closed by __exit__
            while True:
                connected, _ = self._listening.accept()
                self.accepted += 1
                thread = threading.Thread(target=self._serve, args=(connected,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self, connected: socket.socket) -> None:
        with connected, suppress(OSError):  # clients go away in these tests
            connection = Connection(connected, self._stopping)
            original = connection.request

            def recorded() -> bytes:
                self.requests.append(original())
                return self.requests[-1]

            connection.request = recorded
            self._behave(connection)
