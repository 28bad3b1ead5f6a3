"""Sends one event to one subscriber, and decides what follows."""

import random
from datetime import datetime, timedelta
from typing import Any

from pynamodb.expressions.condition import Condition

from chalicelib import clock, transactions
from chalicelib.events import known, queue, secret, subscriptions
from chalicelib.events.items.delivery import DELIVERED, EVENT_SHARD, FAILED, WAITING, WITHHELD, Delivery
from chalicelib.events.items.subscription import Subscription
from chalicelib.events.message import body_of
from chalicelib.events.retries import next_try
from chalicelib.events.told import told
from chalicelib.metrics.measure import count
from chalicelib.metrics.names import Count
from chalicelib.outgoing.bounded_http import Limits
from chalicelib.outgoing.post import Outcome, post_json
from chalicelib.outgoing.standard_webhooks import signed_headers
from chalicelib.settings import settings

LEASE = timedelta(seconds=120)
"""Longer than the function may run (60 s): what is due after that was in the hands of one that died."""

GONE = 410
_LIMITS = Limits(connect_seconds=5, total_seconds=20, answer_bytes=4096)
_MOST_ATTEMPTS = 10
_MOST_TEXT = 200
_NOTED_AGAIN = timedelta(minutes=5)
_random = random.SystemRandom()


def deliver(subscription_id: int, number: int, attempt: int) -> None:
    """Send an event, unless another message about it is newer, and note what came of it.

    Five calls, those that read what it is about, and the request. An event may be sent twice, by the same id, if this
    function dies between the request and the note.
    """
    delivery = Delivery.of(subscription_id, number)
    if delivery is None or delivery.state != WAITING or delivery.attempt != attempt or not _claim(delivery):
        return
    subscription = Subscription.of_id(subscription_id)
    if subscription is None:
        delivery.delete()
        return
    if not subscription.is_active:
        _end(delivery, FAILED, "Not sent: the subscription is paused.")
        return
    author = known.author_now(subscription)
    if author is None:
        subscriptions.pause(subscription_id, "The account of its author is closed.")
        _end(delivery, FAILED, "Not sent: the account of the subscription's author is closed.")
        return
    about = told(subscription, author, delivery.event)
    if about is None:
        _end(delivery, WITHHELD, "Not sent: the subscription's author may not read what it is about.")
        return
    body = body_of(delivery.event, about, subscription.form)
    headers = signed_headers(delivery.event.id, body, secret.keys_of(subscription))
    outcome = post_json(
        subscription.url,
        body,
        headers,
        None,
        allowed_hosts=settings().allowed_hosts,
        secrets=[subscription.url],
        limits=_LIMITS,
    )
    if outcome.kind == "taken":
        _taken(delivery, subscription, outcome)
    else:
        _not_taken(delivery, outcome)


def _taken(delivery: Delivery, subscription: Subscription, outcome: Outcome) -> None:
    count(Count.EVENTS_DELIVERED)
    _note(delivery, _attempt(outcome, None), [Delivery.state.set(DELIVERED), *_due(None)])
    now, last = clock.now(), subscription.last_delivered
    if last is None or now - last > _NOTED_AGAIN:

        def edit(one: Subscription) -> None:
            one.last_delivered = now

        subscriptions.revise(lambda: Subscription.of_id(subscription.id), edit)


def _not_taken(delivery: Delivery, outcome: Outcome) -> None:
    count(Count.EVENTS_NOT_TAKEN)
    now, tries = clock.now(), delivery.tries + 1
    gone = outcome.http_status == GONE
    later = None if gone else next_try(now, delivery.tried_from, tries, outcome.retry_after_seconds, _random)
    if later is None:
        _note(delivery, _attempt(outcome, None), [Delivery.state.set(FAILED), *_due(None)])
        began = delivery.tried_from
        if gone:
            subscriptions.pause(delivery.subscription_id, "The receiver answered 410: it wants no more events.")
        else:
            subscriptions.pause(
                delivery.subscription_id,
                f"Nothing was taken for three days. The last answer: {_said(outcome)}",
                unless=lambda one: one.last_delivered is not None and one.last_delivered >= began,
            )
        return
    if _note(delivery, _attempt(outcome, later), _due(later + queue.GRACE)):
        queue.send(delivery, later)


def _claim(delivery: Delivery) -> bool:
    """Take a delivery for this function: another message about it, or the same once more, is then an old one."""
    actions = [Delivery.attempt.set(delivery.attempt + 1), *_due(clock.now() + LEASE)]
    return _changed(delivery, actions, Delivery.attempt == delivery.attempt)


def _end(delivery: Delivery, state: str, text: str) -> None:
    row = {"at": clock.iso(clock.now()), "http_status": None, "milliseconds": 0, "text": text, "next_try": None}
    _note(delivery, row, [Delivery.state.set(state), *_due(None)])


def _note(delivery: Delivery, row: dict[str, Any], actions: list[Any]) -> bool:
    """Note a try; False if somebody asked for another one meanwhile."""
    noted = [
        Delivery.attempts.set([*delivery.attempts, row][-_MOST_ATTEMPTS:]),
        Delivery.tries.set(delivery.tries + 1),
        *actions,
    ]
    return _changed(delivery, noted, Delivery.attempt == delivery.attempt)


def _attempt(outcome: Outcome, later: datetime | None) -> dict[str, Any]:
    return {
        "at": clock.iso(clock.now()),
        "http_status": outcome.http_status,
        "milliseconds": outcome.milliseconds,
        "text": outcome.text[:_MOST_TEXT],
        "next_try": None if later is None else clock.iso(later),
    }


def _said(outcome: Outcome) -> str:
    status = "" if outcome.http_status is None else f"{outcome.http_status} "
    return f"{status}{outcome.text[:_MOST_TEXT]}"


def _due(moment: datetime | None) -> list[Any]:
    if moment is None:
        return [Delivery.due.remove(), Delivery.due_shard.remove()]
    return [Delivery.due.set(moment), Delivery.due_shard.set(EVENT_SHARD)]


def _changed(delivery: Delivery, actions: list[Any], condition: Condition) -> bool:
    return transactions.holds(lambda: delivery.update(actions=actions, condition=condition))
