"""The process of the embedded AWS."""

import os
import socket
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

from infra.local.processes import lifeline

CREATE = "--create"


def main(fd: int, data: Path | None, *, creates: bool) -> None:
    """Serve on a listening socket until the supervisor ends; before that, create what a site needs, if it is one's."""
    lifeline.begin()
    from chalicelib.http import logs  # noqa: PLC0415 - after the beginning
    from infra.local.aws import own_resources  # noqa: PLC0415 - same
    from infra.local.aws.embedded_aws import EmbeddedAws  # noqa: PLC0415 - same
    from infra.local.aws.kept.database import NotKept, reason_of  # noqa: PLC0415 - same

    lifeline.wait_for_go()
    logs.configure()
    os.umask(0o077)
    try:
        aws = EmbeddedAws(socket.socket(fileno=fd), data)
        if creates:
            own_resources.create(aws, data)
    except (OSError, sqlite3.Error, NotKept) as error:
        logs.LOGGER.error("the data folder cannot be used: %s", reason_of(error))
        sys.exit(1)
    lifeline.announce(aws.url)
    lifeline.hold(aws.close)


def run(arguments: Sequence[str]) -> None:
    """Do what a command line says: the descriptor of the socket, a folder if one keeps everything, `CREATE` or not."""
    folders = [Path(argument) for argument in arguments[1:] if argument != CREATE]
    main(int(arguments[0]), folders[0] if folders else None, creates=CREATE in arguments)


if __name__ == "__main__":
    run(sys.argv[1:])
