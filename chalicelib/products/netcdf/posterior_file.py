"""The posterior group of a netCDF-4 file; run as a program, it reads one from standard input in a process of its own.

The HDF5 library is written in C and can be crashed by a damaged file. The program writes the columns as `samples.pack`
does, with the argument `check` none; for an unreadable file it writes the sentence to standard error and ends with
`UNREADABLE`.
"""

import resource
import sys
from collections.abc import Sequence

import h5py

from chalicelib.products.errors import Unreadable
from chalicelib.products.netcdf.attributes import Misdescribed
from chalicelib.products.netcdf.hdf5_chunks import check_chunks
from chalicelib.products.netcdf.hdf5_file import open_hdf5
from chalicelib.products.netcdf.sampled import sampled_variables
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
    """Read the posterior: one array of chain * draw samples for each parameter that was sampled, in the file's order.

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
        variables = sampled_variables(group)
        if sum(variable.dataset.size * 8 for variable in variables) > MAX_POSTERIOR_SIZE:
            raise Unreadable(f"Its posterior is larger than {MAX_POSTERIOR_SIZE // 1_000_000} MB.")
        if sum(variable.elements for variable in variables) > MAX_COLUMNS:
            raise Unreadable(f"Its posterior has more than {MAX_COLUMNS} columns.")
        for variable in variables:
            check_chunks(variable.name, variable.dataset)
        columns = {name: values for variable in variables for name, values in variable.columns()}
    if not columns:
        raise Unreadable("Its posterior group holds no samples.")
    return columns


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
