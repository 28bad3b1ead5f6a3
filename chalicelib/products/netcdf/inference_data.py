"""Inference data: netCDF-4 files as arviz writes them, checked and read in a process of their own."""

from collections.abc import Mapping

from chalicelib.products import base64_data
from chalicelib.products.columns import ColumnsWanted
from chalicelib.products.errors import Unreadable
from chalicelib.products.netcdf.reader_request import CHECK, drawing, writing
from chalicelib.products.product import Product
from chalicelib.products.reader_process import WRITING_TIMEOUT, Readers
from chalicelib.products.samples import Chosen, unpack
from chalicelib.products.scratch import FilePart, new_file
from chalicelib.products.selection import Wanted

MAX_FILE_SIZE = 300_000_000

_READERS = Readers("chalicelib.products.netcdf.posterior_file")


def read_inference_data(inference_data: object) -> Product:
    """Check inference data and return the file to store.

    Raises
    ------
    Unreadable
        It is in another format, damaged, unsafe, or has no posterior group that can be read.
    """
    data = _decode(inference_data)
    _READERS.run(CHECK, data)
    return Product("inference_data", "inference_data.nc", "application/x-netcdf", data)


def choose_from_inference_data(inference_data: object, wanted: Wanted) -> Chosen:
    """Choose what is drawn of inference data.

    Raises
    ------
    BadArguments
        It has no parameter of a name that was asked for.
    Unreadable
        As `read_inference_data` does, or there is nothing to draw.
    """
    return unpack(_READERS.run(drawing(wanted), _decode(inference_data)))


def write_from_inference_data(inference_data: object, wanted: ColumnsWanted) -> FilePart:
    """Write the samples of inference data as text to a file; raises as `choose_from_inference_data` does."""
    file = new_file()
    _READERS.run(writing(wanted), _decode(inference_data), file, WRITING_TIMEOUT)
    return file.whole()


def _decode(inference_data: object) -> bytes | FilePart:
    """Return the file; its first bytes, not the declared format, say later what it is."""
    if isinstance(inference_data, FilePart):  # as it is stored, without a document around it
        return inference_data
    if not isinstance(inference_data, Mapping):
        raise Unreadable("It is not an object with a format and data.")
    return base64_data.decode_large(inference_data.get("data"), MAX_FILE_SIZE)
