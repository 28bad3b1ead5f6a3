"""What the processes of a stack import alike, before they are forked: it takes more than half of their start."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from infra.local.processes.child import ROOT


def of_all() -> None:
    """Import what the embedded AWS needs as well as those who call it."""
    with _kept():
        from chalicelib import clients  # noqa: F401, PLC0415 - for what it imports


def of_the_application() -> None:
    """Import what the API and the worker need, and make their clients, which connect when they are first used."""
    with _kept():
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415

        import app  # noqa: F401, PLC0415 - takes a third of a second
        from chalicelib import clients  # noqa: PLC0415
        from infra.local.http import server  # noqa: F401, PLC0415
        from infra.local.worker import event_sources, queue_pump, schedule  # noqa: F401, PLC0415

        with suppress(BotoCoreError):  # the processes try it again, and say in their log what fails
            clients.prepare()


@contextmanager
def _kept() -> Iterator[None]:
    """Look for no garbage meanwhile nor, ever, in what is imported: what nobody looks through stays shared.

    As for a program that is executed in our folder, that is the first in which modules are found: whoever starts us in
    another may have an `app` there.
    """
    if sys.path[:1] != [str(ROOT)]:
        sys.path.insert(0, str(ROOT))
    gc.disable()
    yield
    gc.freeze()
    gc.enable()
