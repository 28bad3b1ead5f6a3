"""Puts the fields that a caller gave onto a source, with their history."""

from collections.abc import Mapping
from typing import Any

from chalicelib.http.errors import BadRequest
from chalicelib.sources.items.source import Source
from chalicelib.sources.source import history
from chalicelib.sources.source.body import SourceColumns, SourceFields

_POSITION = ("ra", "dec")
_REDSHIFT = ("redshift", "redshift_error", "redshift_origin")


def apply_fields(source: Source, fields: SourceFields, user_id: int) -> bool:
    """Change what was given, null included, and say whether anything is different now.

    Raises
    ------
    BadRequest
        The position cannot be null.
    """
    given = fields.model_dump(exclude_unset=True)
    if any(given.get(name, 0) is None for name in _POSITION):
        raise BadRequest("`ra` and `dec` cannot be null.")
    changed = [
        _set(source, {name: given[name] for name in (*_POSITION, "altdata") if name in given}),
        _set_redshift(source, given, user_id),
        _set_columns(source, given),
        _set_summary(source, given, user_id),
    ]
    return any(changed)


def _set(source: Source, values: Mapping[str, Any]) -> bool:
    changed = {name: value for name, value in values.items() if getattr(source, name) != value}
    for name, value in changed.items():
        setattr(source, name, value)
    return bool(changed)


def _set_redshift(source: Source, given: Mapping[str, Any], user_id: int) -> bool:
    if not _set(source, {name: given[name] for name in _REDSHIFT if name in given}):
        return False
    entries = [*source.redshift_history, history.redshift_entry(source, user_id)]
    source.redshift_history = entries[-history.MOST_REDSHIFTS :]
    return True


def _set_columns(source: Source, given: Mapping[str, Any]) -> bool:
    columns = {**source.columns, **{name: given[name] for name in SourceColumns.model_fields if name in given}}
    return _set(source, {"columns": columns})


def _set_summary(source: Source, given: Mapping[str, Any], user_id: int) -> bool:
    if "summary" not in given or (given["summary"] is None and source.summary is None):
        return False
    entry = history.summary_entry(given["summary"], user_id, analysis_id=None)
    history.keep_summaries(source, [entry, *source.summary_history])
    return True
