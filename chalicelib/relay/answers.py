"""What relays answer."""

from typing import Literal

from pydantic import Field

from chalicelib.http.parsing import Id
from chalicelib.http.record import Record, Time


class NewRelay(Record):
    """A relay that was made."""

    id: Id
    url: str = Field(description="to register in the other portal as the URL of an analysis service")
    token: str = Field(description='shown this once: its header_token is {"Authorization": "token <this>"}')


class PulledFrom(Record):
    """Where sources are copied from."""

    url: str


class Relay(Record):
    """A relay, without its token."""

    id: Id
    service_id: Id
    service: str | None = Field(description="its display name")
    url: str
    callback_hosts: list[str]
    group_ids: list[Id]
    author_id: Id
    created_at: Time
    pull: PulledFrom | None


class Taken(Record):
    """What another portal asked for is recorded."""

    id: Id = Field(description="of the analysis here")
    message: str


class PortalAnswer(Record):
    """What the portal said."""

    http_status: int | None = Field(description="null if it could not be reached")
    text: str


class ForwardingAttempt(PortalAnswer):
    """One try to forward an end."""

    at: Time
    next_try: Time | None


class Pulled(Record):
    """What became of the copy of the source."""

    at: Time
    copied: dict[str, int] = Field(description="how much, by kind of data")
    problems: dict[str, str] = Field(description="by kind of data")


class RelayFacts(Record):
    """Where an analysis came from, and what became of its end there."""

    relay_id: Id
    resource_type: Literal["obj"]
    resource_id: str
    origin: str = Field(description="the host of the portal's callback")
    service: str | None
    received_at: Time
    asks: int = Field(description="how often the portal posted it")
    valid_until: Time = Field(description="the portal takes no end after that")
    state: Literal["waiting", "forwarded", "given_up", "superseded"] = Field(
        description="superseded: another analysis repeats this one, and is forwarded in its place"
    )
    forwarded_at: Time | None
    answer: PortalAnswer | None = Field(description="the last one")
    tries: int
    next_try_at: Time | None
    attempts: list[ForwardingAttempt] = Field(description="the latest 30, oldest first")
    pulled: Pulled | None
