"""What the processes of a stack import alike, before they are forked: it takes more than half of their start."""

import sys
from contextlib import suppress

from chalicelib.collector import kept_for_good
from infra.local.processes.child import ROOT


def of_all() -> None:
    """Import what the embedded AWS needs as well as those who call it."""
    _look_in_our_folder_first()
    with kept_for_good():
        from chalicelib import clients  # noqa: F401, PLC0415 - for what it imports


def of_the_application() -> None:
    """Import, after `of_all`, what the API and the worker need; make their clients, which connect when first used."""
    with kept_for_good():
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415

        import app  # noqa: F401, PLC0415 - takes a third of a second
        from chalicelib import clients  # noqa: PLC0415
        from infra.local.http import server  # noqa: F401, PLC0415
        from infra.local.worker import event_sources, queue_pump, schedule  # noqa: F401, PLC0415

        with suppress(BotoCoreError):  # the processes try it again, and say in their log what fails
            clients.prepare()


def _look_in_our_folder_first() -> None:
    """Find modules as a program does that is executed there: whoever starts us in another may have an `app` in it."""
    if sys.path[:1] != [str(ROOT)]:
        sys.path.insert(0, str(ROOT))
