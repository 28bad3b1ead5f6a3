"""HDF5 files from strangers: refused if they reach out of themselves or claim absurd sizes.

They are opened as Python's file objects, not by a name, so that a large one need not be in memory.
"""

import io
import math
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import h5py

from chalicelib.products.errors import Unreadable

MAX_OBJECTS = 10_000
MAX_DATASET_SIZE = 256_000_000  # bytes, as declared
MAX_CHUNK_SIZE = 64_000_000

Content = bytes | BinaryIO

_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_FILTERS = {
    h5py.h5z.FILTER_DEFLATE: "gzip",
    h5py.h5z.FILTER_SHUFFLE: "shuffle",
    h5py.h5z.FILTER_FLETCHER32: "fletcher32",
    h5py.h5z.FILTER_SZIP: "szip",
    h5py.h5z.FILTER_LZF: "lzf",
}


@contextmanager
def open_hdf5(content: Content) -> Iterator[Any]:
    """Open a file whose every object has been checked; what is not needed of it is not read into memory.

    Raises
    ------
    Unreadable
        It is no HDF5 file, is cut off or damaged, holds links other than hard ones, external or virtual storage,
        filters other than gzip, shuffle, fletcher32, szip and lzf, or more data than the limits allow.
    """
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    if stream.read(len(_SIGNATURE)) != _SIGNATURE:
        raise Unreadable("It is not a netCDF-4 (HDF5) file.")
    try:
        with h5py.File(stream, "r") as file:
            _check(file)
            yield file
    except _DAMAGE as error:
        raise Unreadable(f"The file is cut off or damaged: {str(error)[:200]}.") from error


def _check(file: Any) -> None:  # noqa: ANN401 - h5py has no types
    """Walk all hard links, each object once, without recursion."""
    waiting, seen = [file["/"]], set()
    while waiting:
        group = waiting.pop()
        for name in group:
            item = _hard_link(group, name)
            address = h5py.h5o.get_info(item.id).addr
            if address in seen:
                continue
            seen.add(address)
            if len(seen) > MAX_OBJECTS:
                raise Unreadable(f"The file holds more than {MAX_OBJECTS} objects.")
            if isinstance(item, h5py.Group):
                waiting.append(item)
            elif isinstance(item, h5py.Dataset):
                _check_dataset(name, item)


def _hard_link(group: Any, name: str) -> Any:  # noqa: ANN401
    if group.id.links.get_info(name.encode("utf-8", "surrogateescape")).type != h5py.h5l.TYPE_HARD:
        raise Unreadable(f"The file holds a link that is not a hard one ({name[:100]}).")
    return group[name]


def _check_dataset(name: str, dataset: Any) -> None:  # noqa: ANN401
    layout = dataset.id.get_create_plist()
    if layout.get_external_count() or dataset.is_virtual:
        raise Unreadable(f"The data of {name[:100]} lies outside of the file.")
    item_size = dataset.id.get_type().get_size()
    if math.prod(dataset.shape or ()) * item_size > MAX_DATASET_SIZE:
        raise Unreadable(f"{name[:100]} is larger than {MAX_DATASET_SIZE // 1_000_000} MB.")
    if math.prod(dataset.chunks or ()) * item_size > MAX_CHUNK_SIZE:
        raise Unreadable(f"{name[:100]} is stored in chunks larger than {MAX_CHUNK_SIZE // 1_000_000} MB.")
    for number in range(layout.get_nfilters()):
        if layout.get_filter(number)[0] not in _FILTERS:
            raise Unreadable(f"{name[:100]} is compressed in a way that is not supported.")


_DAMAGE = (
    OSError,
    RuntimeError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    OverflowError,
    MemoryError,
    zlib.error,
)
