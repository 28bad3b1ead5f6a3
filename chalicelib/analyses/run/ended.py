"""Who is told that a run has ended: by a message to a queue, because the rooms above work there."""

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import aws
from chalicelib.analyses.items.run import Run
from chalicelib.http.logs import LOGGER


def tell(run: Run) -> None:
    """Tell whoever waits for the end of a run; called when it has ended, and when its products are stored.

    A message that the queue does not take is not missed for long: what it is about is due.
    """
    if run.relay_id is None:
        return
    try:
        aws.send("relay", {"run": run.id})
    except (BotoCoreError, ClientError):
        LOGGER.warning("a relayed run ended, but the relay queue did not take its message", exc_info=True)
