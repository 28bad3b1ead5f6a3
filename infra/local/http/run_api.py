"""The process of the API."""

import socket
import sys
from collections.abc import Sequence

from infra.local.processes import lifeline


def main(fd: int) -> None:
    """Serve on a listening socket until the supervisor ends."""
    lifeline.begin()
    from app import app  # noqa: PLC0415 - after the beginning
    from chalicelib import clients  # noqa: PLC0415 - same
    from infra.local.http.server import ApiServer  # noqa: PLC0415 - same

    clients.prepare()  # while others prepare what it will ask for
    lifeline.wait_for_go()
    server = ApiServer(app, socket.socket(fileno=fd))
    lifeline.announce()
    lifeline.hold(server.stop)


def run(arguments: Sequence[str]) -> None:
    """Do what a command line says: the descriptor of the socket."""
    main(int(arguments[0]))


if __name__ == "__main__":
    run(sys.argv[1:])
