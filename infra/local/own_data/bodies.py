"""What of a file is sent for one object: the file as it is, its lines of a file of several, or its data in parts."""

import csv
import gzip
import io
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from chalicelib.settings import MAX_BODY_BYTES
from chalicelib.sources.files.fits_table import is_fits
from chalicelib.sources.files.json_table import is_json
from chalicelib.sources.files.photometry import Point
from chalicelib.sources.files.spectra import SpectrumOfFile
from infra.local.own_data.normalised import spectrum_text
from infra.local.own_data.reading import FileRead

MOST_ROWS = 2_000
"""In one request, so that a busy machine answers in time; the API takes 10 000."""
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Original:
    """What of a file is sent for an object and kept there; or why it is not."""

    body: bytes | None
    packed: bool = False
    """Whether it is compressed by gzip for the way."""
    missing: str = ""


def original(file: FileRead, name: str) -> Original:
    """Return the whole file, or an object's lines of it, compressed if it would not fit into a request otherwise."""
    is_whole = len(file.objects) == 1
    content = _lines(file, name) if not is_whole else file.content if len(file.named) <= 1 else None
    if content is None:
        return Original(None, missing="it holds several objects, and only tables of text can be divided")
    if len(content) <= MAX_BODY_BYTES:
        return Original(content)
    packed = gzip.compress(content, mtime=0)
    if len(packed) <= MAX_BODY_BYTES:
        return Original(packed, packed=True)
    return Original(None, missing=f"it has {len(packed) / 1e6:.1f} MB compressed, and a request carries 4.5")


def _lines(file: FileRead, name: str) -> bytes | None:
    """Return the lines of one object, with all that is no row: header, comments and what stands below."""
    content = gzip.decompress(file.content) if file.content.startswith(_GZIP) else file.content
    if is_fits(content) or is_json(content):
        return None
    text = content.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    mine = {one.line for one in (*file.points.get(name, ()), *file.spectra.get(name, ()))}
    kept, keep = [], True
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        if number in file.row_lines:
            keep = number in mine  # and the lines that its row goes on for
        elif line.lstrip().startswith("#"):
            keep = True
        kept += [line] if keep else []
    return "".join(kept).encode("utf-8", "surrogateescape")


def points_in_parts(points: Sequence[Point]) -> Iterator[bytes]:
    """Yield points as tables, as many as one request should hold at a time."""
    names = [field.name for field in fields(Point) if field.name not in {"line", "obj_id", "altdata"}]
    for start in range(0, len(points), MOST_ROWS):
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([*names, "zp", "altdata"])
        for point in points[start : start + MOST_ROWS]:
            altdata = "" if point.altdata is None else json.dumps(point.altdata)
            writer.writerow([*(getattr(point, name) for name in names), 23.9, altdata])
        yield text.getvalue().encode()


def spectra_one_by_one(name: str, spectra: Collection[SpectrumOfFile]) -> Iterator[bytes]:
    """Yield each spectrum as a table of its own."""
    for one in spectra:
        facts: Mapping[str, object] = {
            "obj_id": name,
            "observed_at": one.observed_at,
            "instrument_name": one.instrument,
            "units": one.units,
            "origin": one.origin,
            "type": one.type,
        }
        yield spectrum_text(facts, one.wavelengths, one.fluxes, one.errors).encode()
