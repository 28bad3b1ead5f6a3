"""The process of the isolated functions' endpoint, which starts those that they run in."""

import socket
import sys
import threading

from chalicelib.settings import settings
from infra.local.processes import lifeline
from infra.local.products.function import IsolatedFunctions, periodograms, products

_WARM_AFTER_SECONDS = 2.0
"""Results come later than that, and until then two cores have enough to do with the API, the worker and their calls."""


def main(fd: int) -> None:
    """Serve on a listening socket until the supervisor ends."""
    lifeline.wait_for_go()
    names = settings()
    functions = IsolatedFunctions(
        products(names.products_function), periodograms(names.periodograms_function), sock=socket.socket(fileno=fd)
    )
    warming = threading.Timer(_WARM_AFTER_SECONDS, functions.pools[names.products_function].warm)
    warming.start()
    lifeline.announce()
    lifeline.hold(lambda: _stop(warming, functions))


def _stop(warming: threading.Timer, functions: IsolatedFunctions) -> None:
    warming.cancel()
    warming.join()
    functions.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]))
