"""What callers send to subscribe to events."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from chalicelib.http.parsing import EMPTY_IS_NOT_GIVEN, Body, Id, WithoutBlanks
from chalicelib.outgoing.addresses import MAX_URL_LENGTH, problem_with
from chalicelib.settings import settings

Wanted = Literal[
    "analysis.completed",
    "analysis.failed",
    "analysis.timed_out",
    "analysis.cancelled",
    "batch.finished",
    "service.paused",
    "service.resumed",
]
"""The kinds that one can subscribe to."""
Form = Literal["json", "slack"]
State = Literal["active", "paused"]

_MOST_NAMED = 100


def _allowed(url: str) -> str:
    problem = problem_with(url, settings().allowed_hosts)
    if problem is not None:
        raise ValueError(f"a valid `url` is required to subscribe to events. {problem}")
    return url


def _once(kinds: Any) -> Any:  # noqa: ANN401 - whatever was given
    return (
        list(dict.fromkeys(kinds))
        if isinstance(kinds, list) and all(isinstance(kind, str) for kind in kinds)
        else kinds
    )


Url = Annotated[
    str, Field(max_length=MAX_URL_LENGTH, description="https or http, to a public host"), AfterValidator(_allowed)
]
Events = Annotated[list[Wanted], WithoutBlanks, BeforeValidator(_once), Field(min_length=1, max_length=_MOST_NAMED)]
GroupIds = Annotated[Annotated[list[Id], Field(max_length=_MOST_NAMED)] | None, EMPTY_IS_NOT_GIVEN]


class NewSubscription(Body):
    """The body of a subscription."""

    url: Url
    events: Events
    group_ids: GroupIds = Field(default=None, description="whose analyses and services; by default the caller's")
    form: Form = Field(default="json", description="`slack`: a text for people, as Slack and Mattermost take it")


class SubscriptionChanges(Body):
    """What changes of a subscription; `active` resumes a paused one."""

    url: Url | None = None
    events: Events | None = None
    group_ids: GroupIds = None
    form: Form | None = None
    state: State | None = None
