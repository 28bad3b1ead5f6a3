"""Who is told that a run has ended: by a message to a queue, because the rooms above work there."""

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import aws
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.run import listeners
from chalicelib.analyses.states import ENDED
from chalicelib.http.logs import LOGGER


def tell(run: Run) -> None:
    """Tell whoever waits for the end of a run; called when it has ended.

    A message that the queue does not take is not missed for long: what it is about is due, or stands in what moved.
    """
    tell_portal(run)
    if run.state in ENDED:
        listeners.tell({"run": run.id})


def tell_portal(run: Run) -> None:
    """Tell the portal that asked for a run, if one did; called also when its products are stored."""
    if run.relay_id is None:
        return
    try:
        aws.send("relay", {"run": run.id})
    except (BotoCoreError, ClientError):
        LOGGER.warning("a relayed run ended, but the relay queue did not take its message", exc_info=True)
