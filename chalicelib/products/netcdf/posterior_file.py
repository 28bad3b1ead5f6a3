"""The posterior group of a netCDF-4 file; `main` reads one from standard input in a process of its own.

The HDF5 library is written in C and can be crashed by a damaged file. The argument is a `reader_request`; nothing is
written for a check, what is drawn as `samples.pack` does, and columns as text. For an unreadable file the sentence is
written to standard error and `UNREADABLE` returned, for names that it lacks `BAD_ARGUMENTS`.
"""

import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import h5py

from chalicelib.products.columns import ColumnsWanted, write_columns
from chalicelib.products.errors import BadArguments, Unreadable
from chalicelib.products.netcdf.attributes import Misdescribed
from chalicelib.products.netcdf.hdf5_chunks import check_chunks
from chalicelib.products.netcdf.hdf5_file import Content, open_hdf5
from chalicelib.products.netcdf.parameters import parameters_of
from chalicelib.products.netcdf.reader_request import CHECK, wanted_of
from chalicelib.products.netcdf.sampled import Sampled, sampled_variables
from chalicelib.products.reader_process import BAD_ARGUMENTS, TIMEOUT, UNREADABLE, WRITING_TIMEOUT
from chalicelib.products.samples import Chosen, pack
from chalicelib.products.selection import Wanted, choose

MAX_VARIABLE_SIZE = 256_000_000  # bytes, as doubles
MAX_POSTERIOR_SIZE = 1_000_000_000
MAX_COLUMNS = 10_000
MAX_MEMORY = 2_000_000_000
MAX_TEXT = 1_200_000_000  # bytes of columns


def main(argument: str) -> int:
    """Read standard input and return the exit code."""
    wanted = None if argument == CHECK else wanted_of(argument)
    for kind, most in _limits(wanted).items():
        allowed = resource.getrlimit(kind)[1]
        limit = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
        resource.setrlimit(kind, (limit, limit))
    try:
        _answer(sys.stdin.buffer, wanted)
    except BadArguments as error:
        sys.stderr.write(str(error))
        return BAD_ARGUMENTS
    except Unreadable as error:
        sys.stderr.write(str(error))
        return UNREADABLE
    return 0


def _limits(wanted: Wanted | ColumnsWanted | None) -> dict[int, int]:
    """Return what the process may use: columns alone are written to a file."""
    is_writing = isinstance(wanted, ColumnsWanted)
    return {
        resource.RLIMIT_AS: MAX_MEMORY,
        # also for a reader whose function has died
        resource.RLIMIT_CPU: WRITING_TIMEOUT if is_writing else TIMEOUT,
        resource.RLIMIT_FSIZE: MAX_TEXT if is_writing else 0,
        resource.RLIMIT_CORE: 0,
    }


def _answer(content: Content, wanted: Wanted | ColumnsWanted | None) -> None:
    output = sys.stdout.buffer
    if wanted is None:
        check_posterior(content)
    elif isinstance(wanted, ColumnsWanted):
        with open_posterior(content) as variables:
            write_columns(parameters_of(variables), wanted, output.write)
        output.flush()
    else:
        output.write(pack(choose_from_file(content, wanted)))


def choose_from_file(content: Content, wanted: Wanted) -> Chosen:
    """Choose what is drawn; raises Unreadable, or BadArguments, as `open_posterior` and `choose` do."""
    with open_posterior(content) as variables:
        return choose(parameters_of(variables), wanted)


def check_posterior(content: Content) -> None:
    """Read all that was sampled and keep nothing of it; what attributes say of the values does not matter.

    Raises
    ------
    Unreadable
        As `open_posterior` does.
    """
    with open_posterior(content) as variables:
        for variable in variables:
            try:
                variable.read()
            except Misdescribed:
                variable.dataset[()]


@contextmanager
def open_posterior(content: Content) -> Iterator[list[Sampled]]:
    """Open a file and give the variables of its posterior that were sampled, each of them small enough to be read.

    Files of arviz 0.x and 1.x look the same here.

    Raises
    ------
    Unreadable
        The file is damaged, unsafe, or has no posterior group that can be read.
    """
    with open_hdf5(content) as file:
        group = file.get("posterior")
        if not isinstance(group, h5py.Group):
            raise Unreadable("It has no posterior group.")
        variables = sampled_variables(group)
        _check_sizes(variables)
        for variable in variables:
            check_chunks(variable.name, variable.dataset)
        yield variables


def _check_sizes(variables: list[Sampled]) -> None:
    if not variables:
        raise Unreadable("Its posterior group holds no samples.")
    if sum(variable.elements for variable in variables) > MAX_COLUMNS:
        raise Unreadable(f"Its posterior has more than {MAX_COLUMNS} columns.")
    for variable in variables:
        if variable.dataset.size * 8 > MAX_VARIABLE_SIZE:
            name = variable.name[:100]
            raise Unreadable(f"{name} is larger than {MAX_VARIABLE_SIZE // 1_000_000} MB.")
    if sum(variable.dataset.size * 8 for variable in variables) > MAX_POSTERIOR_SIZE:
        raise Unreadable(f"Its posterior is larger than {MAX_POSTERIOR_SIZE // 1_000_000} MB.")
