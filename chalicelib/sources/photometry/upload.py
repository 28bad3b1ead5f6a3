"""Uploads photometry: POST stores all rows or none, PUT merges them with what exists.

A transaction holds at most 100 items, so a large upload takes several. While a POST is under way a marker, `Upload`,
says so. Its id is derived from the caller and the content and stands on every point: a call that died half-way is
repeated by posting the same again, which finds the marker, takes the points with its id as its own, and goes on. Every
transaction after the first demands the marker, and the last one removes it.

Duplicates are looked for before anything is written. If another caller stores one of the rows while the upload is under
way, the marker is turned to `withdrawn`, which stops every writer of this upload, and what it wrote is removed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from pynamodb.transactions import TransactWrite

from chalicelib import transactions
from chalicelib.accounts.caller import Caller
from chalicelib.http.errors import BadRequest
from chalicelib.sources.items.photometry import Photometry
from chalicelib.sources.items.upload import Upload
from chalicelib.sources.photometry.batch import Batch, Known, batch_of, read_known
from chalicelib.sources.photometry.change import Change, rewrite_points
from chalicelib.sources.photometry.post import PhotometryPost
from chalicelib.sources.photometry.write import write_points
from chalicelib.sources.source.access import group_ids_of
from chalicelib.sources.source.optimistic_update import again_on_conflict

_NAMED = 10
_REPLACED = ("altdata", "limiting_mag", "extinction_corrected")

Uploaded = dict[str, Any]


def post_photometry(caller: Caller, post: PhotometryPost) -> Uploaded:
    """Store new photometry and return `{"ids", "upload_id"}`.

    Raises
    ------
    BadRequest
        A row is wrong, or was posted or stored already: they are named, and nothing is stored.
    NotFound
        A source does not exist or the caller may not see it.
    """
    batch = batch_of(caller, post)
    if repeated := [key for key, count in Counter(batch.keys).items() if count > 1]:
        raise _refusal("was posted more than once", [str(batch.rows[key]) for key in repeated])
    own = again_on_conflict(lambda: _add(batch))
    return _uploaded(batch, own)


def _add(batch: Batch) -> Mapping[tuple[str, str], Photometry]:
    """Write what is missing and return the points that an interrupted call of the same content left."""
    known = _read_settled(batch)
    own = {key: point for key, point in known.points.items() if known.marker and point.upload_id == batch.upload_id}
    duplicates = [point for key, point in known.points.items() if key not in own]
    if duplicates:
        if known.marker is not None:
            _withdraw(batch, known.marker)
        raise _refusal(
            "exists already", [f"{batch.rows[point.obj_id, point.sk]} (id {point.id})" for point in duplicates]
        )
    write_points(batch, known, [row for key, row in batch.rows.items() if key not in own], marked=True)
    return own


def _read_settled(batch: Batch) -> Known:
    """Read what is known, after removing what a withdrawn upload left."""
    known = read_known(batch)
    if known.marker is None or not known.marker.withdrawn:
        return known
    _remove_written(batch, known.marker)
    return read_known(batch)


def _withdraw(batch: Batch, marker: Upload) -> None:
    def fill(transaction: TransactWrite) -> None:
        transaction.update(marker, [Upload.withdrawn.set(True)], Upload.sk.exists())

    transactions.write(fill)
    _remove_written(batch, marker)


def _remove_written(batch: Batch, marker: Upload) -> None:
    for obj_id in batch.obj_ids:
        rewrite_points(obj_id, lambda point: None if point.upload_id == batch.upload_id else {})
    marker.delete()


def put_photometry(caller: Caller, post: PhotometryPost) -> Uploaded:
    """Store what is new and merge the rest; return `{"ids", "upload_id"}` with the ids of all rows.

    A point that exists is shared with the groups of the call as well. Its altdata, its limiting magnitude, and whether
    it is corrected for extinction, are replaced by what the row gives, if the caller may see the point.

    Raises
    ------
    BadRequest, NotFound
        As for POST, but for duplicates.
    """
    batch = batch_of(caller, post)
    existing = again_on_conflict(lambda: _merge(batch))
    return _uploaded(batch, existing)


def _merge(batch: Batch) -> Mapping[tuple[str, str], Photometry]:
    known = _read_settled(batch)
    write_points(batch, known, [row for key, row in batch.rows.items() if key not in known.points], marked=False)
    for obj_id in {point.obj_id for key, point in known.points.items() if _change(batch, known, key, point)}:
        rewrite_points(obj_id, lambda point: _change(batch, known, (point.obj_id, point.sk), point))
    return known.points


def _change(batch: Batch, known: Known, key: tuple[str, str], point: Photometry) -> Change:
    if key not in known.points:
        return {}
    row, groups = batch.rows[key], group_ids_of(point)
    seen = batch.caller.reaches(groups)
    given = {name: getattr(row, name) for name in _REPLACED} if seen else {}
    changed = {name: value for name, value in given.items() if value is not None and value != getattr(point, name)}
    more = known.groups[point.obj_id] - groups
    return {**changed, **({"group_ids": set(groups | more)} if more else {})}


def _uploaded(batch: Batch, existing: Mapping[tuple[str, str], Photometry]) -> Uploaded:
    ids = {**batch.ids, **{key: point.id for key, point in existing.items()}}
    return {"ids": [ids[key] for key in batch.keys], "upload_id": batch.upload_id}


def _refusal(what: str, names: Iterable[str]) -> BadRequest:
    names = list(names)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return BadRequest(f"Nothing was stored, because this photometry {what}: {'; '.join(names[:_NAMED])}{more}.")
