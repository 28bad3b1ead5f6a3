"""Spectra from a table: one in its rows, or one in each row whose cells are arrays."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.sources.files.columns import Columns, spectrum_columns
from chalicelib.sources.files.table import Cell, Problem, Row, Table, Unreadable, bare, number_of, text_of

_ANGSTROM = {"nm": 10.0, "um": 1e4, "micron": 1e4, "microns": 1e4, "m": 1e10, "cm": 1e8, "mm": 1e7}
_INVERSE = {"ivar", "inverse_variance"}
_VARIANCE = {"variance", "var"}
_LOGARITHM = {"loglam", "log_lambda"}
_DATE_KEYS = ("OBSERVED_AT", "DATE-OBS", "DATE_OBS", "OBSDATE", "OBS-DATE", "OBS_DATE", "DATE")
_MJD_KEYS = ("MJD-OBS", "MJD_OBS", "MJD")
_MJD_ZERO = datetime(1858, 11, 17)  # noqa: DTZ001 - naive UTC is the wire's time
_LIST = re.compile(r"^\s*\[(?P<inside>.*)\]\s*$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SpectrumOfFile:
    """One spectrum: wavelengths in Ångström, fluxes in `units`, None where a value is missing."""

    line: int
    wavelengths: list[float]
    fluxes: list[float | None]
    errors: list[float | None] | None
    observed_at: str | None
    units: str | None
    instrument: str | None
    origin: str | None
    obj_id: str | None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Spectra:
    """What a file says; without spectra if there are problems."""

    columns: Columns
    spectra: list[SpectrumOfFile]
    problems: list[Problem]


def read_spectra(table: Table) -> Spectra | None:
    """Read the spectra of a table, None if it has no wavelengths."""
    columns = spectrum_columns(table)
    if columns is None:
        return None
    if "fluxes" not in columns:
        problem = Problem(table.header_line, "flux", f"{columns['wavelengths']} stands without a flux.")
        return Spectra(columns, [], [problem])
    try:
        first = table.rows[0].cells.get(columns["wavelengths"])
        if _is_array(first):
            return Spectra(columns, [_of_row(table, columns, row) for row in table.rows], [])
        return Spectra(columns, [_of_rows(table, columns)], [])
    except Unreadable as error:
        return Spectra(columns, [], [error.problem])


def _is_array(cell: Cell) -> bool:
    return isinstance(cell, list) or (isinstance(cell, str) and bool(_LIST.match(cell)))


def _of_rows(table: Table, columns: Columns) -> SpectrumOfFile:
    cells: dict[str, list[float | None]] = {
        field: [number_of(row, column) for row in table.rows] for field, column in columns.items()
    }
    for row, wavelength in zip(table.rows, cells["wavelengths"], strict=True):
        if wavelength is None:
            raise Unreadable(row.line, columns["wavelengths"], "The wavelength is missing.")
    return _spectrum(table, columns, cells, table.rows[0])


def _of_row(table: Table, columns: Columns, row: Row) -> SpectrumOfFile:
    cells = {field: _array(row, column) for field, column in columns.items() if row.cells.get(column) not in (None, "")}
    for field, values in cells.items():
        if len(values) != len(cells["wavelengths"]):
            raise Unreadable(
                row.line, columns[field], f"There are {len(values)} values and {len(cells['wavelengths'])} wavelengths."
            )
    return _spectrum(table, columns, cells, row)


def _array(row: Row, column: str) -> list[float | None]:
    cell = row.cells[column]
    if isinstance(cell, list):
        return [None if value is None or not math.isfinite(value) else value for value in cell]
    found = _LIST.match(str(cell))
    if found is None:
        raise Unreadable(row.line, column, "This is not a list of numbers.")
    parts = [part.strip() for part in re.split(r"[,\s]+", found["inside"].strip()) if part.strip()]
    return [number_of(Row(row.line, {column: part}), column) for part in parts]


def _spectrum(table: Table, columns: Columns, cells: dict[str, list[float | None]], row: Row) -> SpectrumOfFile:
    angstrom = _to_angstrom(table, columns["wavelengths"])
    return SpectrumOfFile(
        line=row.line,
        wavelengths=[angstrom(value) for value in cells["wavelengths"] if value is not None],
        fluxes=cells["fluxes"],
        errors=_errors(columns, cells),
        observed_at=_observed_at(table, row),
        units=_fact(table, row, "units") or table.unit(columns["fluxes"]) or None,
        instrument=_fact(table, row, "instrument_name", "instrument", "instrume"),
        origin=_fact(table, row, "origin"),
        obj_id=_fact(table, row, "obj_id", "object"),
        type=_fact(table, row, "type"),
    )


def _to_angstrom(table: Table, column: str) -> Callable[[float], float]:
    """Return what makes angstroms of the values of a column, by its name and unit."""
    if bare(column) in _LOGARITHM:
        return lambda value: float(10**value) if abs(value) < 10 else math.inf  # noqa: PLR2004 - a metre is 10
    factor = _ANGSTROM.get(table.unit(column).lower().replace("µ", "u"), 1.0)
    return lambda value: value * factor


def _errors(columns: Columns, cells: dict[str, list[float | None]]) -> list[float | None] | None:
    """Return errors that are positive, None where they are not known."""
    if "errors" not in cells:
        return None
    name = bare(columns["errors"])
    return [None if value is None or value <= 0 else _error(name, value) for value in cells["errors"]]


def _error(name: str, value: float) -> float:
    if name in _INVERSE:
        return float(value**-0.5)
    return float(value**0.5) if name in _VARIANCE else value


def _fact(table: Table, row: Row, *names: str) -> str | None:
    """Return what a row, or else the header, says under one of the names."""
    by_name = {bare(column): column for column in table.columns}
    for name in names:
        text = text_of(row.cells.get(by_name[name])) if name in by_name else table.facts.get(name.upper(), "").strip()
        if text:
            return text
    return None


def _observed_at(table: Table, row: Row) -> str | None:
    if text := _fact(table, row, "observed_at"):
        return text
    for keyword in _DATE_KEYS:
        if text := table.facts.get(keyword, "").strip(" '\""):
            return text
    for keyword in _MJD_KEYS:
        try:
            return (_MJD_ZERO + timedelta(days=float(table.facts[keyword]))).isoformat()
        except (KeyError, ValueError, OverflowError):
            continue
    return None
