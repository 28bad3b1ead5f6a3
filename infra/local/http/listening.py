"""Sockets that listen before anything is started: a taken port is noticed at once, and a restart loses nothing."""

import ipaddress
import socket
from contextlib import suppress
from random import SystemRandom

from infra.local.errors import StackError

HOST = "127.0.0.1"
_BACKLOG = 1024
_LASTING = range(20_000, 32_000)


def listener(port: int = 0, host: str = HOST) -> socket.socket:
    """Return a listening socket; port 0 takes any free one.

    Raises
    ------
    StackError
        The port is taken or not ours to take, or the host is none of this machine's.
    """
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        sock.listen(_BACKLOG)
    except OSError as error:
        sock.close()
        place = f"Port {port}" if host == HOST else f"Port {port} of {host}"
        raise StackError(f"{place} cannot be used ({error.strerror}): choose another one.") from None
    return sock


def free_port() -> int:
    """Return a port that is free now, for a program that opens it itself, and again when it is restarted.

    It is none of those that systems give to connections on their way out: such a one may be taken at any moment.

    Raises
    ------
    StackError
        None of hundreds is free.
    """
    for port in SystemRandom().sample(_LASTING, 500):
        with suppress(StackError), listener(port):
            return port
    raise StackError(f"No port is free between {_LASTING.start} and {_LASTING.stop}.")


def url(sock: socket.socket) -> str:
    """Return where the socket is reached from this machine."""
    host, port, *_ = sock.getsockname()
    host = HOST if ipaddress.ip_address(host).is_unspecified else f"[{host}]" if ":" in host else host
    return f"http://{host}:{port}"
