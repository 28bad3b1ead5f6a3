"""`/api/spectrum`, `/api/spectra` and `/api/sources/<id>/spectra`."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.accounts.permissions import UPLOAD_DATA
from chalicelib.http.late import record
from chalicelib.http.parsing import Query
from chalicelib.sources.items.spectrum import Spectrum
from chalicelib.sources.records.spectra import SpectrumPost, add_spectrum, remove_spectrum, spectrum_records
from chalicelib.sources.routes.blueprint import answers, blueprint
from chalicelib.sources.source.find_record import find_record
from chalicelib.sources.source.partition import data_of


class SpectraQuery(Query):
    """Order and scale."""

    normalization: Literal["median"] | None = None
    sort_by: Annotated[Literal["observed_at", "created_at"], Field(alias="sortBy")] = "observed_at"
    sort_order: Annotated[Literal["asc", "desc"], Field(alias="sortOrder")] = "asc"


@endpoint(blueprint, "POST", "/api/spectrum", permission=UPLOAD_DATA, answers=lambda: record.NewId)
def post_spectrum(caller: Caller, body: SpectrumPost) -> dict[str, int]:
    """Add a spectrum."""
    return {"id": add_spectrum(caller, body)}


@endpoint(blueprint, "POST", "/api/spectra", permission=UPLOAD_DATA, answers=lambda: record.NewId)
def post_spectra(caller: Caller, body: SpectrumPost) -> dict[str, int]:
    """Add a spectrum, under SkyPortal's other name."""
    return {"id": add_spectrum(caller, body)}


@endpoint(blueprint, "GET", "/api/spectrum/{spectrum_id}", answers=lambda: answers.Spectrum, large=True)
def get_spectrum(caller: Caller, spectrum_id: int) -> dict[str, Any]:
    """Read one spectrum."""
    (record,) = spectrum_records([find_record(caller, Spectrum, spectrum_id)])
    return record


@endpoint(blueprint, "GET", "/api/sources/{obj_id}/spectra", answers=lambda: answers.Spectra, large=True)
def get_source_spectra(caller: Caller, obj_id: str, query: SpectraQuery) -> dict[str, Any]:
    """Read the spectra of a source."""
    spectra = sorted(
        data_of(caller, obj_id, {"spectra"}).spectra,
        key=lambda spectrum: getattr(spectrum, query.sort_by),
        reverse=query.sort_order == "desc",
    )
    return {"obj_id": obj_id, "spectra": spectrum_records(spectra, normalized=bool(query.normalization))}


@endpoint(blueprint, "DELETE", "/api/spectrum/{spectrum_id}")
def delete_spectrum(caller: Caller, spectrum_id: int) -> None:
    """Remove a spectrum; its owner may, and who manages sources."""
    remove_spectrum(caller, spectrum_id)
