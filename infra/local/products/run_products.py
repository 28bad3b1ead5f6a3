"""The process of the isolated functions' endpoint, which starts those that they run in."""

import socket
import sys

from chalicelib.settings import settings
from infra.local.processes import lifeline
from infra.local.products.function import IsolatedFunctions, periodograms, products


def main(fd: int) -> None:
    """Serve on a listening socket until the supervisor ends."""
    lifeline.wait_for_go()
    names = settings()
    functions = IsolatedFunctions(
        products(names.products_function), periodograms(names.periodograms_function), sock=socket.socket(fileno=fd)
    )
    functions.pools[names.products_function].warm()
    lifeline.announce()
    lifeline.hold(functions.stop)


if __name__ == "__main__":
    main(int(sys.argv[1]))
