"""A source as JSON."""

import uuid
from collections.abc import Iterable
from typing import Any

from chalicelib import clock
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.groups.groups import group_records
from chalicelib.accounts.users.users import remember_users, user_record
from chalicelib.sources.coordinates import galactic
from chalicelib.sources.healpix import cell
from chalicelib.sources.items.annotation import Annotation
from chalicelib.sources.items.classification import Classification
from chalicelib.sources.items.source import Source
from chalicelib.sources.read.distances import distances
from chalicelib.sources.records.annotations import annotation_record
from chalicelib.sources.records.classifications import classification_record
from chalicelib.sources.source.access import group_ids_of
from chalicelib.sources.source.body import SourceColumns
from chalicelib.sources.source.remarks import Remark

_DEFAULTS = {"offset": 0.0, "transient": False, "varstar": False, "is_roid": False}
"""What SkyPortal says of a source while nobody has said otherwise."""


def source_record(source: Source, caller: Caller, *, savers: bool = True) -> dict[str, Any]:
    """Return a source without its data.

    Parameters
    ----------
    caller : Caller
        Sees those of the source's groups that it is in.
    savers : bool
        Whether each group says who saved the source.
    """
    longitude, latitude = galactic(source.ra, source.dec)
    return {
        **_columns(source),
        "id": source.obj_id,
        "created_at": clock.iso(source.created_at),
        "modified": clock.iso(source.modified),
        "ra": source.ra,
        "dec": source.dec,
        "gal_lon": longitude,
        "gal_lat": latitude,
        "healpix": cell(source.ra, source.dec),
        "internal_key": source.internal_key or str(uuid.uuid5(uuid.NAMESPACE_OID, source.obj_id)),
        "redshift": source.redshift,
        "redshift_error": source.redshift_error,
        "redshift_origin": source.redshift_origin,
        "redshift_history": source.redshift_history,
        **distances(source),
        "summary": source.summary,
        "summary_history": source.summary_history,
        "altdata": source.altdata,
        "groups": _groups(source, caller, savers=savers),
        "tags": [],
    }


def remark_records(remarks: Iterable[Remark]) -> dict[str, Any]:
    """Return annotations and classifications, which every source comes with."""
    known = list(remarks)
    return {
        "annotations": [annotation_record(item) for item in known if isinstance(item, Annotation)],
        "classifications": [classification_record(item) for item in known if isinstance(item, Classification)],
    }


def _columns(source: Source) -> dict[str, Any]:
    given = {name: value for name, value in source.columns.items() if value is not None}
    return {**dict.fromkeys(SourceColumns.model_fields), **_DEFAULTS, **given}


def _groups(source: Source, caller: Caller, *, savers: bool) -> list[dict[str, Any]]:
    held = group_ids_of(source)
    seen = held if caller.is_admin else held & caller.group_ids
    if savers:
        remember_users(source.saves[str(number)][1] for number in seen)
    return [{**group, **_save(source, group["id"], savers=savers)} for group in group_records(seen)]


def _save(source: Source, group_id: int, *, savers: bool) -> dict[str, Any]:
    saved_at, user_id = source.saves[str(group_id)]
    who = {"saved_by": user_record(user_id)} if savers else {}
    return {"active": True, "requested": False, "saved_at": saved_at, **who}
