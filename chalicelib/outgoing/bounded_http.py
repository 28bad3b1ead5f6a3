"""HTTP with a deadline over the whole exchange, a bound on what is read, and no way into private networks."""

import http.client
import io
import ipaddress
import socket
import time
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter import InvalidIPAddress
from requests_hardened.ip_filter_adapter import IPFilterAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from chalicelib.http.compression import unpacked_head
from chalicelib.outgoing.addresses import is_allowed, is_public


@dataclass(frozen=True, slots=True)
class Limits:
    """What an exchange may take."""

    connect_seconds: float = 5.0
    total_seconds: float = 30.0
    """To the last byte of the answer, both requests of a Digest handshake included; the resolver keeps time itself."""
    answer_bytes: int = 65_536


class Exchange:
    """One exchange: when it must be over, and whether a request is out that was not answered."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.unanswered = False
        self._deadline = time.monotonic() + limits.total_seconds

    def remaining(self) -> float:
        """Return the seconds that are left; raise TimeoutError when there are none."""
        seconds = self._deadline - time.monotonic()
        if seconds <= 0:
            raise TimeoutError("the exchange took too long")
        return seconds


class _TimedStream(io.RawIOBase):
    """What a socket receives: every read waits for what is left of the exchange, so that drops do not add up."""

    def __init__(self, exchange: Exchange, connected: socket.socket) -> None:
        super().__init__()
        self._exchange = exchange
        self._socket = connected
        self._stream = connected.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 - a writable buffer
        self._socket.settimeout(self._exchange.remaining())
        return self._stream.readinto(buffer)

    def close(self) -> None:
        self._stream.close()
        super().close()


class _TimedResponse(http.client.HTTPResponse):
    """A response whose head and body are read from a timed stream."""

    def __init__(self, exchange: Exchange, connected: socket.socket, **arguments: Any) -> None:  # noqa: ANN401
        super().__init__(connected, **arguments)
        untimed, self.fp = self.fp, io.BufferedReader(_TimedStream(exchange, connected))
        untimed.close()


class _TimedConnection(HTTPConnection):
    """A connection that keeps to the exchange's deadline and notes when a request has gone out whole."""

    def __init__(self, exchange: Exchange, *arguments: Any, **keywords: Any) -> None:  # noqa: ANN401 - urllib3's own
        super().__init__(*arguments, **keywords)
        self._exchange = exchange
        self.response_class = partial(_TimedResponse, exchange)  # type: ignore[assignment]

    def connect(self) -> None:
        self.timeout = min(self._exchange.limits.connect_seconds, self._exchange.remaining())
        super().connect()

    def send(self, data: Any) -> None:  # noqa: ANN401 - what http.client sends
        if self.sock is None:
            self.connect()
        self.sock.settimeout(self._exchange.remaining())
        super().send(data)

    def request(self, *arguments: Any, **keywords: Any) -> None:  # noqa: ANN401 - urllib3's own
        super().request(*arguments, **keywords)
        self._exchange.unanswered = True


class _TimedTlsConnection(_TimedConnection, HTTPSConnection):
    """The same over TLS."""


class _BoundedAdapter(IPFilterAdapter):  # type: ignore[misc]  # requests-hardened has no types
    """Connects to public addresses and allowed hosts only, and hands on no more than the head of an answer.

    The answer is cut here, where every request passes, because `requests` itself reads the whole body of a redirect
    or of a Digest challenge. A compressed answer is cut before and after it is unpacked.
    """

    def __init__(self, exchange: Exchange, allowed_hosts: Collection[str], *, is_https_proto: bool) -> None:
        self._exchange = exchange
        self._allowed_hosts = allowed_hosts
        super().__init__(is_https_proto=is_https_proto)

    def init_poolmanager(self, *arguments: Any, **keywords: Any) -> None:  # noqa: ANN401 - requests' own
        super().init_poolmanager(*arguments, **keywords)
        self.poolmanager.pool_classes_by_scheme = {
            "http": partial(self._pool, HTTPConnectionPool, _TimedConnection),
            "https": partial(self._pool, HTTPSConnectionPool, _TimedTlsConnection),
        }

    def build_connection_pool_key_attributes(
        self,
        request: requests.PreparedRequest,
        verify: Any,  # noqa: ANN401 - requests' own
        cert: Any = None,  # noqa: ANN401 - requests' own
    ) -> Any:  # noqa: ANN401 - requests' own
        if is_allowed(urlsplit(str(request.url)).hostname or "", self._allowed_hosts):
            return HTTPAdapter.build_connection_pool_key_attributes(self, request, verify, cert)
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        address = ipaddress.ip_address(host["host"].strip("[]"))
        if not is_public(address):
            raise InvalidIPAddress(address)
        return host, pool

    def send(self, request: requests.PreparedRequest, **keywords: Any) -> requests.Response:  # noqa: ANN401
        response: requests.Response = super().send(request, **keywords)
        self._exchange.unanswered = False
        whole = response.raw
        try:
            head = _head(whole, self._exchange.limits.answer_bytes)
        finally:
            whole.close()
        text = unpacked_head(head, response.headers.get("Content-Encoding"), self._exchange.limits.answer_bytes)
        response.raw = urllib3.HTTPResponse(io.BytesIO(text), status=whole.status, preload_content=False)
        return response

    def _pool(self, kind: Any, connection: type, host: str, port: int, **arguments: Any) -> HTTPConnectionPool:  # noqa: ANN401
        pool: HTTPConnectionPool = kind(host, port, **arguments)
        pool.ConnectionCls = partial(connection, self._exchange)  # type: ignore[assignment]
        return pool


def _head(answer: urllib3.HTTPResponse, most: int) -> bytes:
    """Read the first bytes of an answer; what fails after the status has come only shortens the text."""
    head = b""
    try:
        while len(head) < most and (part := answer.read1(most - len(head), decode_content=False)):
            head += part
    except (urllib3.exceptions.HTTPError, OSError):
        return head
    return head


class _Session(HTTPSession):  # type: ignore[misc]  # requests-hardened has no types
    """Takes a redirect for an answer like any other."""

    def get_redirect_target(self, _: requests.Response) -> None:
        return None


def session(exchange: Exchange, allowed_hosts: Collection[str]) -> requests.Session:
    """Return a session for one exchange: no redirects, no proxies, no `.netrc`."""
    limits = exchange.limits
    made: requests.Session = _Session(
        Config(
            ip_filter_enable=True,
            ip_filter_allow_loopback_ips=False,
            never_redirect=True,
            default_timeout=(limits.connect_seconds, limits.total_seconds),
        )
    )
    made.trust_env = False
    made.mount("http://", _BoundedAdapter(exchange, allowed_hosts, is_https_proto=False))
    made.mount("https://", _BoundedAdapter(exchange, allowed_hosts, is_https_proto=True))
    return made
