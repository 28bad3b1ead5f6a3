"""Compressed chunks of HDF5 datasets, checked before the library unpacks them: it sets no limit itself."""

import math
import zlib
from typing import Any

import h5py

from chalicelib.products.errors import Unreadable

_CHECKSUM = 4  # bytes that fletcher32 adds to a chunk


def check_chunks(name: str, dataset: Any) -> None:  # noqa: ANN401 - h5py has no types
    """Inflate each chunk within its declared size; raises Unreadable for one that grows larger."""
    if dataset.chunks is None:
        return
    layout = dataset.id.get_create_plist()
    filters = [layout.get_filter(number)[0] for number in range(layout.get_nfilters())]
    if filters.count(h5py.h5z.FILTER_DEFLATE) > 1:
        raise Unreadable(f"{name[:100]} is compressed twice.")
    if h5py.h5z.FILTER_DEFLATE not in filters:
        return
    without_deflate = 1 << filters.index(h5py.h5z.FILTER_DEFLATE)
    limit = math.prod(dataset.chunks) * dataset.id.get_type().get_size() + _CHECKSUM
    for number in range(dataset.id.get_num_chunks()):
        offset = dataset.id.get_chunk_info(number).chunk_offset
        skipped, packed = dataset.id.read_direct_chunk(offset)
        if not skipped & without_deflate and len(zlib.decompressobj().decompress(packed, limit + 1)) > limit:
            raise Unreadable(f"A chunk of {name[:100]} is larger than it declares.")
