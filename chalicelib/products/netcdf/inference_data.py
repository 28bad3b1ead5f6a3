"""Inference data: netCDF-4 files as arviz writes them, checked and read in a process of their own."""

import sys
from collections.abc import Mapping

from chalicelib.products import base64_data
from chalicelib.products.errors import Unreadable
from chalicelib.products.product import Product
from chalicelib.products.reader_process import run_reader
from chalicelib.products.samples import Columns, unpack

MAX_FILE_SIZE = 100_000_000

_READER = (sys.executable, "-m", "chalicelib.products.netcdf.posterior_file")


def read_inference_data(inference_data: object) -> Product:
    """Check inference data and return the file to store.

    Raises
    ------
    Unreadable
        It is in another format, damaged, unsafe, or has no posterior group that can be read.
    """
    data = _decode(inference_data)
    run_reader((*_READER, "check"), data)
    return Product("inference_data", "inference_data.nc", "application/x-netcdf", data)


def read_posterior_group(inference_data: object) -> Columns:
    """Return the samples of each parameter of inference data; raises Unreadable as `read_inference_data` does."""
    return unpack(run_reader(_READER, _decode(inference_data)))


def _decode(inference_data: object) -> bytes:
    """Return the file; its first bytes, not the declared format, say later what it is."""
    if not isinstance(inference_data, Mapping):
        raise Unreadable("It is not an object with a format and data.")
    return base64_data.decode(inference_data.get("data"), MAX_FILE_SIZE)
