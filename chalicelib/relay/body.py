"""What makes a relay."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from chalicelib.http.errors import BadRequest
from chalicelib.http.parsing import EMPTY_IS_NOT_GIVEN, Body, Id
from chalicelib.outgoing.addresses import MAX_URL_LENGTH, problem_with
from chalicelib.settings import settings

_HOST = re.compile(r"(?:[a-z0-9_.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::[1-9][0-9]{0,4})?")
_MOST_HOSTS = 20


def _host(text: str) -> str:
    lower = text.strip().lower()
    if not _HOST.fullmatch(lower):
        raise ValueError("must be a host such as portal.example.org, perhaps with :port, without scheme and path")
    return lower


CallbackHost = Annotated[str, AfterValidator(_host)]


class Pull(Body):
    """Where sources are copied from: the API of the portal, and a token of it."""

    url: Annotated[str, Field(max_length=MAX_URL_LENGTH, description="of the portal, without /api")]
    token: Annotated[SecretStr, Field(min_length=1, max_length=1000)]


class RelayBody(Body):
    """A relay for a service."""

    service_id: Id
    callback_hosts: Annotated[
        list[CallbackHost],
        Field(min_length=1, max_length=_MOST_HOSTS, description="to which results may be forwarded"),
    ]
    group_ids: Annotated[list[Id] | None, EMPTY_IS_NOT_GIVEN] = Field(
        default=None, description="whose runs they become; by default all of the caller's groups"
    )
    pull: Pull | None = None


def check(body: RelayBody) -> None:
    """Check where we are to be sent.

    Raises
    ------
    BadRequest
        The portal's URL is none, or leads where services may not be either.
    """
    for host in body.callback_hosts:
        # an allow-list is for public hosts: private ones are named in the site's settings
        if problem := problem_with(f"https://{host}/", settings().allowed_hosts):
            raise BadRequest(f"Invalid callback_hosts: {host} is not allowed. {problem}")
    if body.pull is not None and (problem := problem_with(body.pull.url, settings().allowed_hosts)):
        raise BadRequest(f"Invalid pull: its url is not allowed. {problem}")
