"""An analysis service that fits type Ia supernova light curves with SALT models.

Start it with `python service.py --port 6901`; it prints `ready <url>` when it answers.
"""

import argparse
import queue
import signal
import sys
import threading

from log import set_up_logging
from runs import Runs
from server import FitterServer
from wheel import wheel_directory
from worker import Worker


def main() -> None:
    """Serve until SIGTERM, SIGINT or, if asked, the end of standard input."""
    arguments = _arguments()
    set_up_logging()
    worker = Worker(arguments.time_limit)
    runs = Runs(worker, arguments.queue)
    try:
        wheel_directory()
        server = FitterServer((arguments.host, arguments.port), runs)
    except FileNotFoundError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"Cannot listen on {arguments.host}:{arguments.port}: {error.strerror}.")

    # A SimpleQueue, because a signal handler may put into it whatever the interrupted thread holds.
    stop: queue.SimpleQueue[None] = queue.SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.put(None))
    if arguments.parent_pipe:
        threading.Thread(target=_wait_for_end_of_input, args=(stop,), daemon=True).start()
    threading.Thread(target=runs.work, daemon=True).start()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"ready http://{arguments.host}:{server.server_port}", flush=True)

    stop.get()
    server.shutdown()
    server.server_close()
    worker.stop()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Fits type Ia supernova light curves for Siderostat or SkyPortal.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=6901, help="port; 0 takes a free one (default: %(default)s)")
    parser.add_argument("--queue", type=int, default=32, help="how many runs may wait (default: %(default)s)")
    parser.add_argument("--time-limit", type=float, default=60.0, help="seconds for one fit (default: %(default)s)")
    parser.add_argument("--parent-pipe", action="store_true", help="stop when standard input ends")
    return parser.parse_args()


def _wait_for_end_of_input(stop: "queue.SimpleQueue[None]") -> None:
    sys.stdin.buffer.read()
    stop.put(None)


if __name__ == "__main__":
    main()
