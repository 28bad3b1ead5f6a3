"""The process of the embedded AWS."""

import os
import socket
import sqlite3
import sys
from pathlib import Path

from chalicelib.http import logs
from infra.local.aws.embedded_aws import EmbeddedAws
from infra.local.aws.kept.database import reason_of
from infra.local.processes import lifeline


def main(fd: int, data: Path | None) -> None:
    """Serve on a listening socket until the supervisor ends."""
    lifeline.wait_for_go()
    logs.configure()
    os.umask(0o077)
    try:
        aws = EmbeddedAws(socket.socket(fileno=fd), data)
    except (OSError, sqlite3.Error) as error:
        logs.LOGGER.error("the data folder cannot be used: %s", reason_of(error))
        sys.exit(1)
    lifeline.announce(aws.url)
    lifeline.hold(aws.close)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)  # noqa: PLR2004 - the second is optional
