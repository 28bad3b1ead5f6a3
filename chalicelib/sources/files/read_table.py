"""Which kind of file it is: told by its first bytes, never by its name."""

import zlib

from chalicelib.sources.files.fits_table import is_fits, read_fits
from chalicelib.sources.files.json_table import is_json, read_json
from chalicelib.sources.files.table import Table, Unreadable
from chalicelib.sources.files.text_table import is_ecsv, read_text

MOST_BYTES = 50_000_000
"""Of a file, unpacked."""
_GZIP = b"\x1f\x8b"
_VOTABLE = b"<"


def read_table(content: bytes) -> Table:
    """Read CSV, ECSV and other text, FITS and JSON, also compressed by gzip.

    Raises
    ------
    Unreadable
        With the line and the column.
    """
    if content.startswith(_GZIP):
        content = unpacked(content)
    if len(content) > MOST_BYTES:
        raise Unreadable(1, "", f"The file is larger than {MOST_BYTES // 1_000_000} MB.")
    if not content.strip():
        raise Unreadable(1, "", "The file is empty.")
    if is_fits(content):
        return read_fits(content)
    if is_json(content):
        return read_json(content)
    if content.lstrip().startswith(_VOTABLE):
        raise Unreadable(1, "", "XML and HTML are not read: save the table as CSV, ECSV, FITS or JSON.")
    return read_text(content)


def default_name(stem: str, content: bytes) -> str:
    """Return what to call a file that came without a name, by what it is."""
    is_packed = content.startswith(_GZIP)
    plain = unpacked(content) if is_packed else content
    ending = ".fits" if is_fits(plain) else ".json" if is_json(plain) else ".ecsv" if is_ecsv(plain) else ".csv"
    return stem + ending + (".gz" if is_packed else "")


def unpacked(content: bytes) -> bytes:
    """Return a file that came in the wrapping of gzip, as it was before; of a larger one than is read the beginning.

    Raises
    ------
    Unreadable
        It did not, or the wrapping is damaged.
    """
    unpacker = zlib.decompressobj(zlib.MAX_WBITS + 16)
    try:
        return unpacker.decompress(content, MOST_BYTES + 1)
    except zlib.error:
        raise Unreadable(1, "", "The gzip file is damaged.") from None
