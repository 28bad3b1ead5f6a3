"""`/api/photometry_file` and `/api/spectrum_file`: files as surveys, brokers and observers hand them out."""

from typing import Any

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.accounts.permissions import UPLOAD_DATA
from chalicelib.http.endpoint import Incoming
from chalicelib.sources.own_data.answer import ReadFile
from chalicelib.sources.own_data.photometry_file import photometry_of_file
from chalicelib.sources.own_data.query import PhotometryFileQuery, SpectrumFileQuery
from chalicelib.sources.own_data.spectrum_file import spectra_of_file
from chalicelib.sources.routes.blueprint import blueprint


@endpoint(blueprint, "POST", "/api/photometry_file", permission=UPLOAD_DATA, answers=ReadFile, file=True)
def post_photometry_file(caller: Caller, query: PhotometryFileQuery, incoming: Incoming) -> dict[str, Any]:
    """Store the photometry of a file: CSV and other text, ECSV, a FITS table or JSON, also compressed by gzip.

    Columns are recognised by the field's names and units, and so are the files of ZTF's and ATLAS's forced
    photometry, IRSA, ALeRCE, Fink, Lasair, AAVSO and TNS. With problems, which name line and column, nothing is stored,
    and on a dry run neither; the same file again changes nothing. At most 10 000 rows a call.
    """
    return photometry_of_file(caller, incoming.body, query)


@endpoint(blueprint, "POST", "/api/spectrum_file", permission=UPLOAD_DATA, answers=ReadFile, file=True)
def post_spectrum_file(caller: Caller, query: SpectrumFileQuery, incoming: Incoming) -> dict[str, Any]:
    """Store the spectra of a file: columns of wavelength, flux and error, or a spectrum in each row.

    Wavelengths in Ångström unless the file names a unit. As with photometry: problems, dry run, and again.
    """
    return spectra_of_file(caller, incoming.body, query)
