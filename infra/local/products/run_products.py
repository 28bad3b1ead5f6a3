"""The process of the products function's endpoint, which starts the isolated ones."""

import socket
import sys

from chalicelib.settings import settings
from infra.local.processes import lifeline
from infra.local.products.function import ProductsFunction


def main(fd: int) -> None:
    """Serve on a listening socket until the supervisor ends."""
    lifeline.wait_for_go()
    function = ProductsFunction(settings().products_function, sock=socket.socket(fileno=fd))
    function.pool.warm()
    lifeline.announce()
    lifeline.hold(function.stop)


if __name__ == "__main__":
    main(int(sys.argv[1]))
