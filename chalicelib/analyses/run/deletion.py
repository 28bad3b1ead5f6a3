"""Deleting an analysis: a tombstone hides it at once; what it leaves behind is removed in the background.

The tombstone leaves every index but the one by due, which removes what a lost message leaves behind.
"""

import time

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import aws, clock
from chalicelib.analyses import timing
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.run import transitions
from chalicelib.analyses.run.transitions import Overtaken
from chalicelib.analyses.states import State
from chalicelib.http.logs import LOGGER

TOMBSTONE_SECONDS = 2 * 24 * 3600
"""How long a tombstone keeps late updates from bringing a run back."""


def delete(run: Run) -> None:
    """Put a tombstone in place of a run and have its objects removed."""
    while True:
        try:
            _bury(run)
            break
        except Overtaken:
            # it ended in between: the counts depend on how
            found = Run.find(run.id)
            if found is None or found.state is State.DELETED:
                return
            run = found
    try:
        aws.send("cleanup", {"kind": "run", "run": run.id})
    except (BotoCoreError, ClientError):
        LOGGER.warning("a run was deleted, but the cleanup queue did not take its message", exc_info=True)


def _bury(run: Run) -> None:
    now = clock.now()
    transitions.move(
        run,
        State.DELETED,
        None,
        actions=[
            Run.deleted_at.set(now),
            Run.buried_obj_id.set(run.obj_id),
            Run.obj_id.remove(),
            Run.public_obj_id.remove(),
            Run.service_id.remove(),
            Run.expires.set(int(time.time()) + TOMBSTONE_SECONDS),
        ],
        condition=transitions.counted_condition(run),
        due=now + timing.FIRST_DELAY,
    )
