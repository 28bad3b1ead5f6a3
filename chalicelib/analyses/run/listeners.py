"""Who hears of what happens: by a message to a queue, for the room above works there, and only if anybody listens."""

from itertools import islice
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import aws
from chalicelib.http.logs import LOGGER
from chalicelib.memory import Remembered
from chalicelib.registry import RegistryItem

SUBSCRIPTIONS = "event_subscription"
"""The key of all subscriptions in the registry table; `chalicelib.events` keeps them."""

REMEMBERED_SECONDS = 30.0
"""A subscription is heard by all processes after so long."""

_known: Remembered[bool] = Remembered(REMEMBERED_SECONDS, most=1)


def tell(message: dict[str, Any]) -> None:
    """Tell of something that happened: `{"run": id}`, `{"batch": id}` or `{"service": id}`.

    A message that the queue does not take is not missed for long: what moved is looked through every minute, and
    batches and services are looked at by the sweep, which tells again.
    """
    if not are_there():
        return
    try:
        aws.send("events", message)
    except (BotoCoreError, ClientError):
        LOGGER.warning("the events queue did not take what it was told", exc_info=True)


def are_there() -> bool:
    """Say whether there is any subscription, paused ones included: one small read in half a minute."""
    known = _known.get(SUBSCRIPTIONS)
    if known is None:
        known = bool(list(islice(RegistryItem.query(SUBSCRIPTIONS, limit=1), 1)))
        _known.put(SUBSCRIPTIONS, known)
    return known


def forget() -> None:
    """Look again: subscriptions were made or removed in this process."""
    _known.clear()
