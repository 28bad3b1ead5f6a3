"""What SkyPortal posts to an analysis service, checked: section 4.1 of the wire contract."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

from chalicelib import clock
from chalicelib.http.errors import BadRequest, Forbidden, TooLarge
from chalicelib.http.parsing import Body
from chalicelib.outgoing.addresses import problem_with
from chalicelib.services.parameters import OPENAI_API_KEY
from chalicelib.settings import MAX_BODY_BYTES, settings

_PORTS = {"http": 80, "https": 443}
_LONGEST = timedelta(days=30)
"""No portal is waited for longer, whatever it says: services here have a week."""

_NOT_KEPT = {"callback_url", "upload_url"}


def _moment(value: object) -> datetime:
    try:
        return clock.naive_utc(datetime.fromisoformat(value.strip() if isinstance(value, str) else ""))
    except ValueError:
        raise ValueError("must be a time such as 2026-11-22 10:31:07.000000, in UTC") from None


Moment = Annotated[datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string"})]


class Inputs(Body):
    """The data of the source, CSV texts, and the parameters of the analysis."""

    model_config = ConfigDict(frozen=True, extra="allow")

    analysis_parameters: dict[str, Any] | None = None
    photometry: str | None = None
    spectra: str | None = None
    redshift: str | None = None
    annotations: str | None = None
    comments: str | None = None
    classifications: str | None = None


class AskedBody(Body):
    """What SkyPortal sends to an analysis service; what else it sends goes on to the service as it is."""

    model_config = ConfigDict(frozen=True, extra="allow")

    callback_url: Annotated[str, Field(max_length=2000)]
    inputs: Inputs
    callback_method: Literal["POST"] = "POST"
    invalid_after: Moment = Field(description="naive UTC; no result is taken later")
    analysis_resource_type: Literal["obj"] = "obj"
    resource_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_\-;:+.]{1,255}$")]
    analysis_parameters: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted, apart."""

    document: dict[str, Any]
    """All that the service is to see."""
    key: str | None
    """A language model's key, that nobody but the service is to see."""
    callback_url: str
    callback_digest: str
    origin: str
    valid_until: datetime


def wanted_of(body: AskedBody, raw: dict[str, Any], callback_hosts: Collection[str]) -> Wanted:
    """Check a document against its relay and take it apart.

    Raises
    ------
    BadRequest
        It is invalid already, or its callback URL is not one that services may have.
    Forbidden
        Results may not be forwarded to its host.
    """
    if body.invalid_after <= clock.now():
        raise BadRequest("Token has expired: `invalid_after` is over.")
    origin = _origin(body.callback_url, callback_hosts)
    document = {name: value for name, value in raw.items() if name not in _NOT_KEPT}
    parameters = dict(document["inputs"].get("analysis_parameters") or {})
    key = parameters.pop(OPENAI_API_KEY, None)
    if key is not None:
        document["inputs"] = {**document["inputs"], "analysis_parameters": parameters}
    return Wanted(
        document=document,
        key=None if key is None else str(key),
        callback_url=body.callback_url,
        callback_digest=hashlib.sha256(body.callback_url.encode()).hexdigest(),
        origin=origin,
        valid_until=min(body.invalid_after, clock.now() + _LONGEST),
    )


def too_large(relay_id: str, size: object) -> TooLarge:  # noqa: ARG001 - a path parameter
    """Return the refusal of a document of so many bytes."""
    return TooLarge(
        f"The document has {size} bytes, and at most {MAX_BODY_BYTES} can be relayed. Nothing of it was kept. Register "
        "the service in the other portal with fewer input_data_types, or without the relay."
    )


def _origin(url: str, callback_hosts: Collection[str]) -> str:
    if problem := problem_with(url, settings().allowed_hosts):
        raise BadRequest(f"Invalid callback_url. {problem}")
    parts = urlsplit(url)
    host = str(parts.hostname).rstrip(".")
    host = f"[{host}]" if ":" in host else host
    port = parts.port or _PORTS[parts.scheme]
    if not {host, f"{host}:{port}"} & set(callback_hosts):
        raise Forbidden(f"This relay forwards to {', '.join(callback_hosts)}, and not to {host}:{port}.")
    return host if parts.port is None else f"{host}:{parts.port}"
