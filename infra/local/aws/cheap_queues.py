"""Makes moto's queues cheap: it asks the clock for every message in them, several times for each request.

And it spells the names of a queue's attributes anew, letter by letter, whenever one is looked at.
"""

import functools
from typing import Any

from moto.sqs import models
from moto.sqs.models import Message, Queue


def install() -> None:
    """Let a queue ask the clock once when it looks through its messages."""
    models.camelcase_to_underscores = functools.cache(models.camelcase_to_underscores)
    Queue.messages = property(_there)
    Queue.approximate_number_of_messages_delayed = property(_count_delayed)
    Queue.approximate_number_of_messages_not_visible = property(_count_invisible)


def _there(queue: Any) -> list[Message]:  # noqa: ANN401 - moto has no types
    now = models.unix_time_millis()
    return [one for one in queue._messages if one.visible_at < now and one.delayed_until <= now]  # noqa: SLF001 - same


def _count_delayed(queue: Any) -> int:  # noqa: ANN401 - moto has no types
    now = models.unix_time_millis()
    return sum(one.delayed_until > now for one in queue._messages)  # noqa: SLF001 - same


def _count_invisible(queue: Any) -> int:  # noqa: ANN401 - moto has no types
    now = models.unix_time_millis()
    return sum(one.visible_at >= now for one in queue._messages)  # noqa: SLF001 - same
