"""`/api/photometry_file` and `/api/spectrum_file`: files as surveys, brokers and observers hand them out, and back."""

from typing import TYPE_CHECKING, Any

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.accounts.permissions import UPLOAD_DATA
from chalicelib.http.disposition import disposition
from chalicelib.http.endpoint import Content, Incoming
from chalicelib.http.envelope import Reply
from chalicelib.http.late import Late
from chalicelib.sources.own_data.photometry_file import photometry_of_file
from chalicelib.sources.own_data.query import PhotometryFileQuery, SpectrumFileQuery
from chalicelib.sources.own_data.spectrum_file import spectra_of_file
from chalicelib.sources.records.own_files import FILE, original_of, original_record, originals_of
from chalicelib.sources.routes.blueprint import blueprint

if TYPE_CHECKING:
    from chalicelib.sources.own_data import answer
else:
    answer = Late("chalicelib.sources.own_data.answer")


@endpoint(blueprint, "POST", "/api/photometry_file", permission=UPLOAD_DATA, answers=lambda: answer.ReadFile, file=True)
def post_photometry_file(caller: Caller, query: PhotometryFileQuery, incoming: Incoming) -> dict[str, Any]:
    """Store the photometry of a file: CSV and other text, ECSV, a FITS table or JSON, also compressed by gzip.

    Columns are recognised by the field's names and units, and so are the files of ZTF's and ATLAS's forced
    photometry, IRSA, ALeRCE, Fink, Lasair, AAVSO and TNS. With problems, which name line and column, nothing is stored,
    and on a dry run neither; the same file again changes nothing. At most 10 000 rows a call. The file is kept as well.
    """
    return photometry_of_file(caller, incoming.body, query)


@endpoint(blueprint, "POST", "/api/spectrum_file", permission=UPLOAD_DATA, answers=lambda: answer.ReadFile, file=True)
def post_spectrum_file(caller: Caller, query: SpectrumFileQuery, incoming: Incoming) -> dict[str, Any]:
    """Store the spectra of a file: columns of wavelength, flux and error, or a spectrum in each row.

    Wavelengths in Ångström unless the file names a unit. As with photometry: problems, dry run, and again.
    """
    return spectra_of_file(caller, incoming.body, query)


@endpoint(blueprint, "GET", "/api/sources/{obj_id}/files", answers=lambda: list[answer.KeptFile])
def get_source_files(caller: Caller, obj_id: str) -> list[dict[str, Any]]:
    """List the files that photometry and spectra of a source came in, oldest first.

    A file is shown to those who may see all that was read from it, and goes with the first point or spectrum of it.
    """
    return [original_record(file) for file in originals_of(caller, obj_id)]


@endpoint(
    blueprint, "GET", "/api/sources/{obj_id}/files/{file_id}", answers=lambda: Content((FILE,), large=True), large=True
)
def get_source_file(caller: Caller, obj_id: str, file_id: str) -> Reply:
    """Read a file as it came, byte for byte."""
    original = original_of(caller, obj_id, file_id)
    return Reply(original.content, FILE, headers=disposition(original.name))
