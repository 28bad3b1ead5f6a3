"""Photometry from a file as it is: all of it or nothing, and the same file again changes nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.accounts.caller import Caller
from chalicelib.http.errors import BadRequest
from chalicelib.sources.files.layouts import Layout
from chalicelib.sources.files.photometry import Photometry, Point, read_photometry
from chalicelib.sources.files.read_table import default_name, read_table, unpacked
from chalicelib.sources.files.spectra import read_spectra
from chalicelib.sources.files.table import Problem, Unreadable
from chalicelib.sources.magnitudes import ZERO_POINT
from chalicelib.sources.own_data.answer import answer
from chalicelib.sources.own_data.instruments import instrument_id_of
from chalicelib.sources.own_data.limits import MOST_KEPT_ROWS
from chalicelib.sources.own_data.query import PhotometryFileQuery
from chalicelib.sources.photometry.batch import batch_of
from chalicelib.sources.photometry.post import MOST_ROWS, PhotometryPost
from chalicelib.sources.photometry.upload import put_photometry
from chalicelib.sources.records.own_files import Original, keep_original
from chalicelib.sources.source.access import readable_source
from chalicelib.sources.source.partition import data_of


def photometry_of_file(caller: Caller, content: bytes, query: PhotometryFileQuery) -> dict[str, Any]:
    """Read a file and, unless it is a dry run or something is wrong with it, store its photometry.

    Raises
    ------
    NotFound
        The source does not exist or the caller may not see it.
    BadRequest
        The filters are not those of the instrument that was asked for, or not all is there of a file that is only to
        be kept.
    """
    readable_source(caller, query.obj_id)
    try:
        content = unpacked(content) if query.packed else content
        table = read_table(content)
    except Unreadable as error:
        return answer({}, 0, [error.problem])
    found = read_photometry(table, query.zp)
    if found.problems and read_spectra(table) is not None:
        place = Problem(table.header_line, "", "The file holds a spectrum: send it to /api/spectrum_file.")
        return answer(found.columns, 0, [place])
    problems = [*found.problems, *_refused(found, MOST_KEPT_ROWS if query.keep_only else MOST_ROWS)]
    store = _found_again if query.keep_only else _stored
    ids = None if query.dry_run or problems else store(caller, query.obj_id, found, query.instrument_id)
    if ids and query.keep:
        keep_original(
            query.obj_id, Original("photometry", query.name or default_name("photometry", content), content), ids
        )
    return answer(found.columns, found.rows, problems, left_out=found.left_out, ids=ids)


def _refused(found: Photometry, most: int) -> list[Problem]:
    """Name what a single call does not take."""
    if len(found.points) > most:
        line = found.points[most].line
        return [Problem(line, "", f"More than {most} rows: split the file here.")]
    first = found.points[0].obj_id if found.points else None
    other = next((point for point in found.points if point.obj_id != first), None)
    if other is not None:
        text = f"{other.obj_id} is another object than {first}: one at a time."
        return [Problem(other.line, found.columns["obj_id"], text)]
    return []


def _stored(caller: Caller, obj_id: str, found: Photometry, instrument_id: int | None) -> list[int]:
    post = PhotometryPost(**_columns(obj_id, found.points, found.layout, _instruments(found, instrument_id)))
    ids: list[int] = put_photometry(caller, post)["ids"]
    return ids


def _found_again(caller: Caller, obj_id: str, found: Photometry, instrument_id: int | None) -> list[int]:
    """Return the numbers of points that are there already, for all rows."""
    known = {point.sk: point.id for point in data_of(caller, obj_id, {"photometry"}).photometry}
    instruments = _instruments(found, instrument_id)
    ids = []
    for start in range(0, len(found.points), MOST_ROWS):
        points = found.points[start : start + MOST_ROWS]
        post = PhotometryPost(**_columns(obj_id, points, found.layout, instruments))
        for point, (_, sk) in zip(points, batch_of(caller, post).keys, strict=True):
            if sk not in known:
                raise BadRequest(f"Line {point.line} is not among the photometry of {obj_id}: store it first.")
            ids.append(known[sk])
    return ids


def _instruments(found: Photometry, instrument_id: int | None) -> dict[str, int]:
    names = {point.instrument or found.layout.instrument for point in found.points}
    return {name: instrument_id or instrument_id_of(name, _filters(found, name)) for name in names}


def _filters(found: Photometry, name: str) -> set[str]:
    return {point.filter for point in found.points if (point.instrument or found.layout.instrument) == name}


def _columns(obj_id: str, points: Sequence[Point], layout: Layout, instruments: Mapping[str, int]) -> dict[str, Any]:
    """Return a post in fluxes."""
    named = ("mjd", "filter", "magsys", "flux", "fluxerr", "limiting_mag", "ra", "dec", "origin", "altdata")
    return {
        "obj_id": obj_id,
        "instrument_id": [instruments[point.instrument or layout.instrument] for point in points],
        "zp": ZERO_POINT,
        **{name: [getattr(point, name) for point in points] for name in named},
    }
