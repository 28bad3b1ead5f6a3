"""The posterior group of a netCDF-4 file; run as a program, it reads one from standard input in a process of its own.

The HDF5 library is written in C and can be crashed by a damaged file. The program writes the columns as `samples.pack`
does, with the argument `check` none; for an unreadable file it writes the sentence to standard error and ends with
`UNREADABLE`.
"""

import resource
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from chalicelib.products.errors import Unreadable
from chalicelib.products.netcdf.attributes import Misdescribed
from chalicelib.products.netcdf.hdf5_chunks import check_chunks
from chalicelib.products.netcdf.hdf5_file import open_hdf5
from chalicelib.products.netcdf.packing import packing_of
from chalicelib.products.reader_process import TIMEOUT, UNREADABLE
from chalicelib.products.samples import Columns, pack

MAX_POSTERIOR_SIZE = 256_000_000  # bytes, as declared
MAX_COLUMNS = 10_000
MAX_MEMORY = 2_000_000_000

_LIMITS = {
    resource.RLIMIT_AS: MAX_MEMORY,
    resource.RLIMIT_CPU: TIMEOUT,  # also for a reader whose function has died
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_CORE: 0,
}
_SAMPLE_DIMENSIONS = ("chain", "draw")


def main(arguments: Sequence[str] = ()) -> int:
    """Read standard input and return the exit code."""
    for kind, most in _LIMITS.items():
        resource.setrlimit(kind, (most, most))
    only_checks = list(arguments) == ["check"]
    try:
        columns = read_posterior_file(sys.stdin.buffer.read())
    except Misdescribed as error:
        if only_checks:  # a sound file, whatever its attributes say of the values
            return 0
        return _refuse(error)
    except Unreadable as error:
        return _refuse(error)
    if not only_checks:
        sys.stdout.buffer.write(pack(columns))
    return 0


def _refuse(error: Unreadable) -> int:
    sys.stderr.write(str(error))
    return UNREADABLE


def read_posterior_file(data: bytes) -> Columns:
    """Read the posterior: one array of chain * draw samples for each parameter, in the file's order.

    A variable with further dimensions gives one column for each element, ``name[0]`` or ``name[0,1]``. Packed variables
    are unpacked, and what is missing is NaN. Files of arviz 0.x and 1.x look the same here.

    Raises
    ------
    Unreadable
        The file is damaged, unsafe, or has no posterior group that can be read.
    """
    with open_hdf5(data) as file:
        group = file.get("posterior")
        if not isinstance(group, h5py.Group):
            raise Unreadable("It has no posterior group.")
        variables = {name: item for name, item in group.items() if _is_variable(name, item)}
        if sum(item.size * 8 for item in variables.values()) > MAX_POSTERIOR_SIZE:
            raise Unreadable(f"Its posterior is larger than {MAX_POSTERIOR_SIZE // 1_000_000} MB.")
        for name, item in variables.items():
            check_chunks(name, item)
        columns = {name: values for key, item in variables.items() for name, values in _columns(key, item)}
    if not columns:
        raise Unreadable("Its posterior group holds no samples.")
    if len(columns) > MAX_COLUMNS:
        raise Unreadable(f"Its posterior has more than {MAX_COLUMNS} columns.")
    return columns


def _is_variable(name: str, item: Any) -> bool:  # noqa: ANN401 - h5py has no types
    """Tell a numeric variable from coordinates, which netCDF stores as dimension scales, and from text."""
    if not isinstance(item, h5py.Dataset) or item.dtype.kind not in "biuf" or not item.shape:
        return False
    return name not in _SAMPLE_DIMENSIONS and not item.is_scale


def _columns(name: str, item: Any) -> Iterator[tuple[str, NDArray[np.float64]]]:  # noqa: ANN401
    names = _dimension_names(item)
    sample_axes = [names.index(dimension) for dimension in _SAMPLE_DIMENSIONS if dimension in names]
    sample_axes = sample_axes or list(range(min(2, item.ndim)))
    values = np.moveaxis(packing_of(item).unpack(np.asarray(item[()])), sample_axes, range(len(sample_axes)))
    flat = values.reshape(-1, *values.shape[len(sample_axes) :])
    if flat.ndim == 1:
        yield name, flat
        return
    for index in np.ndindex(flat.shape[1:]):
        yield f"{name}[{','.join(map(str, index))}]", flat[(slice(None), *index)]


def _dimension_names(item: Any) -> list[str]:  # noqa: ANN401
    """Return the name of the dimension scale attached to each axis, empty where there is none."""
    return [scales[0].name.rpartition("/")[2] if len(scales) else "" for scales in item.dims]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
