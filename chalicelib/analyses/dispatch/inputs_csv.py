"""The data of a source as the CSV that analysis services read: section 4.1 of the wire contract.

Written as pandas writes it with `to_csv(index=False)`: floats by their repr, missing values empty, arrays and objects
as Python text, times of a column all with the same digits.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any

from chalicelib.analyses.dispatch.csv_text import line
from chalicelib.analyses.dispatch.photometry_rows import Row
from chalicelib.sources.items.annotation import Annotation
from chalicelib.sources.items.classification import Classification
from chalicelib.sources.items.comment import Comment
from chalicelib.sources.items.source import Source
from chalicelib.sources.items.spectrum import Spectrum

PHOTOMETRY_COLUMNS = (
    "mjd",
    "flux",
    "fluxerr",
    "mag",
    "magerr",
    "filter",
    "magsys",
    "limiting_mag",
    "zp",
    "instrument_name",
    "predicted_mag",
)
_SPECTRUM_COLUMNS = (
    "observed_at",
    "wavelengths",
    "fluxes",
    "errors",
    "units",
    "altdata",
    "created_at",
    "origin",
    "modified",
    "type",
)
_REDSHIFT_COLUMNS = ("redshift", "redshift_error", "redshift_origin")
_ANNOTATION_COLUMNS = ("data", "modified", "origin", "created_at")
_COMMENT_COLUMNS = ("text", "bot", "modified", "origin", "created_at")
_CLASSIFICATION_COLUMNS = ("classification", "probability", "modified", "created_at")
COLUMNS = {
    "photometry": PHOTOMETRY_COLUMNS,
    "spectra": _SPECTRUM_COLUMNS,
    "redshift": _REDSHIFT_COLUMNS,
    "annotations": _ANNOTATION_COLUMNS,
    "comments": _COMMENT_COLUMNS,
    "classifications": _CLASSIFICATION_COLUMNS,
}
"""By input type."""
_MICROSECONDS_IN_MILLISECOND = 1000


def photometry_csv(rows: Sequence[Row]) -> str:
    """Return rows of photometry; without any, the header line alone."""
    return _table(PHOTOMETRY_COLUMNS, rows)


def redshift_csv(source: Source) -> str:
    """Return the redshift of a source: always one row."""
    return _table(_REDSHIFT_COLUMNS, [{name: getattr(source, name) for name in _REDSHIFT_COLUMNS}])


def spectra_csv(spectra: Iterable[Spectrum]) -> str:
    """Return spectra; the arrays are Python lists."""
    rows = [{**_attributes(one, _SPECTRUM_COLUMNS), **one.unpacked()} for one in spectra]
    return _table_or_nothing(_SPECTRUM_COLUMNS, rows)


def annotations_csv(annotations: Iterable[Annotation]) -> str:
    """Return annotations; the data is a Python dictionary."""
    rows = [{**_attributes(one, _ANNOTATION_COLUMNS), "data": one.unpacked()} for one in annotations]
    return _table_or_nothing(_ANNOTATION_COLUMNS, rows)


def comments_csv(comments: Iterable[Comment]) -> str:
    """Return comments."""
    return _table_or_nothing(_COMMENT_COLUMNS, [_attributes(one, _COMMENT_COLUMNS) for one in comments])


def classifications_csv(classifications: Iterable[Classification]) -> str:
    """Return classifications."""
    rows = [_attributes(one, _CLASSIFICATION_COLUMNS) for one in classifications]
    return _table_or_nothing(_CLASSIFICATION_COLUMNS, rows)


def _attributes(item: object, names: Iterable[str]) -> Row:
    return {name: getattr(item, name) for name in names if hasattr(item, name)}


def _table_or_nothing(columns: Sequence[str], rows: Sequence[Row]) -> str:
    """Return a table, or the empty line that pandas writes for a table without rows and columns."""
    return _table(columns, rows) if rows else "\n"


def _table(columns: Sequence[str], rows: Sequence[Row]) -> str:
    cells = zip(*(_cells([row.get(name) for row in rows]) for name in columns), strict=True)
    return "".join(map(line, (columns, *cells)))


def _cells(values: Sequence[Any]) -> list[Any]:
    moments = [value for value in values if isinstance(value, datetime)]
    if moments:
        return [_moment(value, moments) for value in values]
    return list(values)


def _moment(value: datetime | None, column: Sequence[datetime]) -> str | None:
    """Write a time with the digits that the column needs."""
    if value is None:
        return None
    if all(moment.time() == time() for moment in column):
        return value.date().isoformat()
    if not any(moment.microsecond for moment in column):
        return value.isoformat(" ", timespec="seconds")
    is_coarse = not any(moment.microsecond % _MICROSECONDS_IN_MILLISECOND for moment in column)
    return value.isoformat(" ", timespec="milliseconds" if is_coarse else "microseconds")
