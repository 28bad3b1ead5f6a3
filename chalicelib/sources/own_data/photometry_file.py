"""Photometry from a file as it is: all of it or nothing, and the same file again changes nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.accounts.caller import Caller
from chalicelib.sources.files.photometry import Photometry, Point, read_photometry
from chalicelib.sources.files.read_table import read_table
from chalicelib.sources.files.spectra import read_spectra
from chalicelib.sources.files.table import Problem, Unreadable
from chalicelib.sources.magnitudes import ZERO_POINT
from chalicelib.sources.own_data.answer import answer
from chalicelib.sources.own_data.instruments import instrument_id_of
from chalicelib.sources.own_data.query import PhotometryFileQuery
from chalicelib.sources.photometry.post import MOST_ROWS, PhotometryPost
from chalicelib.sources.photometry.upload import put_photometry
from chalicelib.sources.source.access import readable_source


def photometry_of_file(caller: Caller, content: bytes, query: PhotometryFileQuery) -> dict[str, Any]:
    """Read a file and, unless it is a dry run or something is wrong with it, store its photometry.

    Raises
    ------
    NotFound
        The source does not exist or the caller may not see it.
    BadRequest
        The filters are not those of the instrument that was asked for.
    """
    readable_source(caller, query.obj_id)
    try:
        table = read_table(content)
    except Unreadable as error:
        return answer({}, 0, [error.problem])
    found = read_photometry(table, query.zp)
    if found.problems and read_spectra(table) is not None:
        place = Problem(table.header_line, "", "The file holds a spectrum: send it to /api/spectrum_file.")
        return answer(found.columns, 0, [place])
    problems = [*found.problems, *_refused(found)]
    ids = None if query.dry_run or problems else _stored(caller, query.obj_id, found, query.instrument_id)
    return answer(found.columns, found.rows, problems, left_out=found.left_out, ids=ids)


def _refused(found: Photometry) -> list[Problem]:
    """Name what a single call does not take."""
    if len(found.points) > MOST_ROWS:
        line = found.points[MOST_ROWS].line
        return [Problem(line, "", f"More than {MOST_ROWS} rows: split the file here.")]
    first = found.points[0].obj_id if found.points else None
    other = next((point for point in found.points if point.obj_id != first), None)
    if other is not None:
        text = f"{other.obj_id} is another object than {first}: one at a time."
        return [Problem(other.line, found.columns["obj_id"], text)]
    return []


def _stored(caller: Caller, obj_id: str, found: Photometry, instrument_id: int | None) -> list[int]:
    names = {point.instrument or found.layout.instrument for point in found.points}
    instruments = {name: instrument_id or instrument_id_of(name, _filters(found, name)) for name in names}
    post = PhotometryPost(**_columns(obj_id, found, instruments))
    ids: list[int] = put_photometry(caller, post)["ids"]
    return ids


def _filters(found: Photometry, name: str) -> set[str]:
    return {point.filter for point in found.points if (point.instrument or found.layout.instrument) == name}


def _columns(obj_id: str, found: Photometry, instruments: Mapping[str, int]) -> dict[str, Any]:
    """Return a post in fluxes."""
    points: Sequence[Point] = found.points
    named = ("mjd", "filter", "magsys", "flux", "fluxerr", "limiting_mag", "ra", "dec", "origin", "altdata")
    return {
        "obj_id": obj_id,
        "instrument_id": [instruments[point.instrument or found.layout.instrument] for point in points],
        "zp": ZERO_POINT,
        **{name: [getattr(point, name) for point in points] for name in named},
    }
