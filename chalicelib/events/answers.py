"""What the endpoints of events answer."""

from typing import Literal

from pydantic import Field

from chalicelib.accounts.answers import Group
from chalicelib.events.body import Form, State, Wanted
from chalicelib.http.parsing import Id
from chalicelib.http.record import Record, Time


class Secret(Record):
    """The secret that signs what is sent, this once."""

    secret: str = Field(description="`whsec_` and the key in base64, as Standard Webhooks write it")


class Subscribed(Secret):
    """A new subscription."""

    id: Id


class Subscription(Record):
    """A subscription."""

    id: Id
    author_id: Id = Field(description="whose rights decide what is sent")
    url: str
    events: list[Wanted]
    groups: list[Group]
    form: Form
    state: State
    reason: str | None = Field(description="why it is paused")
    created_at: Time
    modified: Time
    active_since: Time = Field(description="what happened before is not sent")
    last_delivered: Time | None = Field(description="to a few minutes")
    old_secret_until: Time | None = Field(description="until when the secret before this one signs, too")


class DeliveryAttempt(Record):
    """One try."""

    at: Time
    http_status: int | None = Field(description="null if there was no answer")
    milliseconds: int
    text: str = Field(description="the beginning of the answer, or why there was none")
    next_try: Time | None


class Delivery(Record):
    """One event, and what became of sending it."""

    number: Id = Field(description="among those of the subscription")
    webhook_id: str = Field(description="the same whenever this event is sent")
    type: str
    timestamp: Time = Field(description="when it happened")
    state: Literal["waiting", "delivered", "failed", "withheld"] = Field(
        description="withheld: the subscriber may not read what it is about"
    )
    tries: int
    next_try: Time | None
    attempts: list[DeliveryAttempt] = Field(description="the latest ten, oldest first")
