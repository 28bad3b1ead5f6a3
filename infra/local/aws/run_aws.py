"""The process of the embedded AWS."""

import socket
import sys

from infra.local.aws.embedded_aws import EmbeddedAws
from infra.local.processes import lifeline


def main(fd: int) -> None:
    """Serve on a listening socket until the supervisor ends."""
    lifeline.wait_for_go()
    aws = EmbeddedAws(socket.socket(fileno=fd))
    lifeline.announce(aws.url)
    lifeline.hold(lambda: None)


if __name__ == "__main__":
    main(int(sys.argv[1]))
