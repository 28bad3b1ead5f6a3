"""The process that calls the functions behind queues and schedules."""

import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from infra.local.processes import lifeline

if TYPE_CHECKING:
    from infra.local.worker.queue_pump import QueuePump
    from infra.local.worker.schedule import Schedule


def main(concurrency: int, clock_seconds: float, region: str, account_id: str) -> None:
    """Feed queues and follow schedules until the supervisor ends."""
    lifeline.begin()
    from chalicelib import clients  # noqa: PLC0415 - after the beginning
    from chalicelib.settings import settings  # noqa: PLC0415 - same
    from infra.local.worker.event_sources import consumers, handlers, schedules  # noqa: PLC0415 - same
    from infra.local.worker.queue_pump import QueuePump  # noqa: PLC0415 - same
    from infra.local.worker.schedule import Schedule  # noqa: PLC0415 - same

    app = handlers()
    clients.prepare()  # while others prepare what it will ask for
    lifeline.wait_for_go()
    prefix = settings().prefix
    running: list[QueuePump | Schedule] = [
        *(QueuePump(consumer, region, account_id) for consumer in consumers(app, prefix, concurrency)),
        *(Schedule(scheduled, region, account_id) for scheduled in schedules(app, clock_seconds)),
    ]
    lifeline.announce()
    lifeline.hold(lambda: _stop(running))


def _stop(running: "list[QueuePump | Schedule]") -> None:
    with ThreadPoolExecutor(max(1, len(running))) as threads:
        for one in running:
            threads.submit(one.stop)


def run(arguments: Sequence[str]) -> None:
    """Do what a command line says: concurrency, seconds of the clock, region and account."""
    concurrency, seconds, region, account_id = arguments
    main(int(concurrency), float(seconds), region, account_id)


if __name__ == "__main__":
    run(sys.argv[1:])
