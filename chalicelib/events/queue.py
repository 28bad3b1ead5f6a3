"""Messages to the function that sends events: that one is to be sent now."""

import math
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import aws, clock
from chalicelib.events.items.delivery import Delivery
from chalicelib.http.logs import LOGGER

LONGEST_DELAY = timedelta(minutes=15)
"""Of an SQS message; what is to be sent later is found by the clock."""

GRACE = timedelta(seconds=60)
"""So long after a message should have come its delivery is due: then it was lost."""


def send(delivery: Delivery, at: datetime | None = None) -> None:
    """Have a delivery sent, now or in a while; the subscription is the message group, so that none crowds out others.

    A message that the queue does not take is not missed for long: the delivery is due.
    """
    delay = timedelta(0) if at is None else max(at - clock.now(), timedelta(0))
    if delay > LONGEST_DELAY:
        return
    try:
        aws.send(
            "events",
            message_of(delivery),
            delay_seconds=math.ceil(delay.total_seconds()),
            group=str(delivery.subscription_id),
        )
    except (BotoCoreError, ClientError):
        LOGGER.warning("the clock will find the delivery: the events queue did not take its message", exc_info=True)


def message_of(delivery: Delivery) -> dict[str, Any]:
    """Return what must be known of a delivery to claim it."""
    return {
        "subscription": delivery.subscription_id,
        "delivery": delivery.number,
        "attempt": delivery.attempt,
    }
