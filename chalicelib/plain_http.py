"""Connections to an AWS on this machine without urllib3, which takes longer for a request than the AWS that answers it.

Whole requests with a body of bytes to an `http://` URL, without a proxy, are written at once and read by `http.client`.
All else takes botocore's way; so does everything on AWS, where calls go through TLS.
"""

import io
import re
import socket
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from http.client import HTTP_PORT, HTTPException, HTTPMessage, HTTPResponse, IncompleteRead
from typing import Any, cast
from urllib.parse import urlsplit

from botocore.httpsession import URLLib3Session
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProtocolError, ReadTimeoutError
from urllib3.util.wait import wait_for_read

_Session: Any = URLLib3Session
_PLAIN = "http://"
_ONE_PACKET = 1 << 16
"""Bodies up to so many bytes are sent together with the head."""
_HEAD = "HEAD"
_END = b"\r\n\r\n"
_STATUS = re.compile(rb"HTTP/1\.1 (200|[45]\d\d) [^\r\n]*\r\n")
_HEADER = re.compile(rb"([A-Za-z0-9_-]+):[ \t]*([^\r\n]*?)[ \t]*\r\n")
_UNUSUAL = {"transfer-encoding", "connection"}
_WHOLE = 16 << 20
"""Answers up to so many bytes are read before they are handed on, and their connection kept."""


class PlainSession(_Session):  # type: ignore[misc]  # its types leave out what is overridden here
    """botocore's session, with connections of our own to what is not behind TLS."""

    @classmethod
    def take_over(cls, client: Any) -> None:  # noqa: ANN401 - botocore makes its classes at run time
        """Let a client send through such a session instead of botocore's."""
        session, config = client._endpoint.http_session, client.meta.config  # noqa: SLF001 - there is no other place
        session.__class__ = cls
        session.connections = _Connections(session._manager, config.connect_timeout, config.read_timeout)  # noqa: SLF001

    def _get_connection_manager(self, url: str, proxy_url: str | None = None) -> Any:  # noqa: ANN401 - botocore's
        if proxy_url is None and url.startswith(_PLAIN):
            return self.connections
        return super()._get_connection_manager(url, proxy_url)


class _Connections:
    """Kept connections by host and port; it stands where botocore has urllib3's manager, which does what is unusual."""

    def __init__(self, manager: Any, connect_seconds: float, read_seconds: float) -> None:  # noqa: ANN401 - urllib3's
        self.manager, self.connect_seconds, self.read_seconds = manager, connect_seconds, read_seconds
        self._places: dict[str, _Place] = {}

    def connection_from_url(self, url: str) -> "_Place":
        """Return where a URL leads."""
        host = url[len(_PLAIN) :].partition("/")[0]
        place = self._places.get(host)
        return self._places.setdefault(host, _Place(self, host)) if place is None else place


class _Place:
    """Connections to one host and port."""

    def __init__(self, connections: _Connections, host: str) -> None:
        self._connections, self._host = connections, host
        self._free: deque[socket.socket] = deque()

    def __del__(self) -> None:
        """Close what nobody asks for any more."""
        for connection in self._free:
            connection.close()

    def urlopen(self, method: str, url: str, body: Any, headers: Mapping[str, Any], **named: Any) -> Any:  # noqa: ANN401
        """Send a request and return the beginning of its answer, with urllib3's exceptions."""
        if not isinstance(body, bytes | None) or named.get("chunked") or "timeout" in named or "Expect" in headers:
            pool = self._connections.manager.connection_from_url(f"{_PLAIN}{self._host}{url}")
            return pool.urlopen(method=method, url=url, body=body, headers=headers, **named)
        head = _head(method, url, self._host, headers)
        connection = self._kept() or self._connected()
        answer = HTTPResponse(connection, method=method)
        try:
            _send(connection, head, body or b"")
            usual = None if method == _HEAD else _usual(answer.fp)
            if usual is not None:
                answer.close()
                self._free.append(connection)
                return usual
            answer.begin()
            return self._taken(connection, answer)
        except TimeoutError as error:
            _give_up(connection, answer)
            raise ReadTimeoutError(cast("Any", None), url, "Read timed out.") from error
        except (OSError, HTTPException) as error:
            _give_up(connection, answer)
            raise ProtocolError("Connection aborted.", error) from error

    def _taken(self, connection: socket.socket, answer: HTTPResponse) -> "_Answer":
        if answer.length is None or answer.length > _WHOLE:
            connection.close()  # when the answer is read: until then it holds the socket
            return _Answer(answer.status, answer.headers, answer)
        content = answer.read()
        if answer.will_close:
            connection.close()
        else:
            self._free.append(connection)
        return _Answer(answer.status, answer.headers, io.BytesIO(content))

    def _kept(self) -> socket.socket | None:
        """Return a free connection that the other side has not closed."""
        while self._free:
            with suppress(IndexError):
                connection = self._free.pop()
                if not wait_for_read(connection, timeout=0):
                    return connection
                connection.close()
        return None

    def _connected(self) -> socket.socket:
        place = urlsplit(f"//{self._host}")
        try:
            connection = socket.create_connection(
                (str(place.hostname), place.port or HTTP_PORT), self._connections.connect_seconds
            )
        except TimeoutError as error:
            raise ConnectTimeoutError(self, "Connection timed out.") from error
        except OSError as error:
            raise NewConnectionError(cast("Any", self), f"Failed to establish a new connection: {error}") from error
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(self._connections.read_seconds)
        return connection


def _give_up(connection: socket.socket, answer: HTTPResponse) -> None:
    answer.close()
    connection.close()


class _Answer:
    """What botocore reads of urllib3's answers."""

    def __init__(self, status: int, headers: Mapping[str, str] | HTTPMessage, content: io.BufferedIOBase) -> None:
        self.status, self.headers, self._content = status, headers, content

    def read(self, amt: int | None = None) -> bytes:
        """Read on."""
        return self._content.read(amt)

    def stream(self) -> Iterator[bytes]:
        """Read all that is left."""
        yield self.read()

    def close(self) -> None:
        """Give up what was not read."""
        self._content.close()


def _usual(stream: io.BufferedReader) -> _Answer | None:
    """Read an answer whose head has come as one, with its length; None, and nothing read, if anything is unusual."""
    waiting = stream.peek(1)
    end = waiting.find(_END)
    status = _STATUS.match(waiting)
    headers = dict(_HEADER.findall(waiting, status.end(), end + 2)) if status is not None and end > 0 else {}
    named = {name.decode().lower(): value.decode("latin-1") for name, value in headers.items()}
    length = named.get("content-length", "")
    is_usual = (
        status is not None
        and waiting.count(b"\r\n", 0, end) == len(named)
        and length.isdecimal()
        and int(length) <= _WHOLE
        and not _UNUSUAL & named.keys()
    )
    if status is None or not is_usual:
        return None
    stream.read(end + len(_END))
    content = stream.read(int(length))
    if len(content) < int(length):
        raise IncompleteRead(content, int(length) - len(content))
    return _Answer(int(status[1]), named, io.BytesIO(content))


def _head(method: str, target: str, host: str, headers: Mapping[str, Any]) -> bytes:
    named = {"Host": host, "Accept-Encoding": "identity", **headers}
    lines = [
        f"{name}: {value.decode('latin-1') if isinstance(value, bytes) else value}" for name, value in named.items()
    ]
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("line break in a header")
    return "\r\n".join([f"{method} {target} HTTP/1.1", *lines, "", ""]).encode("latin-1")


def _send(connection: socket.socket, head: bytes, body: bytes) -> None:
    if len(body) <= _ONE_PACKET:
        connection.sendall(head + body)
    else:
        connection.sendall(head)
        connection.sendall(body)
