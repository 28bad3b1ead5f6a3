"""`/api/telescope` and `/api/instrument`."""

from typing import Any

from chalicelib.accounts.endpoint import endpoint
from chalicelib.accounts.permissions import MANAGE_SOURCES, UPLOAD_DATA
from chalicelib.http.late import record
from chalicelib.http.parsing import Query
from chalicelib.sources.records import facilities
from chalicelib.sources.routes.blueprint import answers, blueprint


class NameQuery(Query):
    """A list may be limited to one name."""

    name: str | None = None


@endpoint(blueprint, "POST", "/api/telescope", permission=UPLOAD_DATA, answers=lambda: record.NewId)
def post_telescope(body: facilities.TelescopePost) -> dict[str, int]:
    """Add a telescope."""
    return {"id": facilities.add_telescope(body)}


@endpoint(blueprint, "GET", "/api/telescope", answers=lambda: list[answers.Telescope])
def get_telescopes(query: NameQuery) -> list[dict[str, Any]]:
    """List telescopes."""
    return facilities.telescopes(query.name)


@endpoint(blueprint, "GET", "/api/telescope/{telescope_id}", answers=lambda: answers.Telescope)
def get_telescope(telescope_id: int) -> dict[str, Any]:
    """Read a telescope."""
    return facilities.telescope(telescope_id)


@endpoint(blueprint, "DELETE", "/api/telescope/{telescope_id}", permission=MANAGE_SOURCES)
def delete_telescope(telescope_id: int) -> None:
    """Remove a telescope without instruments."""
    facilities.remove_telescope(telescope_id)


@endpoint(blueprint, "POST", "/api/instrument", permission=UPLOAD_DATA, answers=lambda: record.NewId)
def post_instrument(body: facilities.InstrumentPost) -> dict[str, int]:
    """Add an instrument to a telescope."""
    return {"id": facilities.add_instrument(body)}


@endpoint(blueprint, "GET", "/api/instrument", answers=lambda: list[answers.Instrument])
def get_instruments(query: NameQuery) -> list[dict[str, Any]]:
    """List instruments."""
    return facilities.instruments(query.name)


@endpoint(blueprint, "GET", "/api/instrument/{instrument_id}", answers=lambda: answers.Instrument)
def get_instrument(instrument_id: int) -> dict[str, Any]:
    """Read an instrument."""
    return facilities.instrument(instrument_id)


@endpoint(blueprint, "DELETE", "/api/instrument/{instrument_id}", permission=MANAGE_SOURCES)
def delete_instrument(instrument_id: int) -> None:
    """Remove an instrument; what was taken with it stays."""
    facilities.remove_instrument(instrument_id)
