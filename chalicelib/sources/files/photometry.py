"""Photometry from a table: every row as a flux with its error, in microjansky, AB or Vega as it was measured."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chalicelib.sources import magnitudes
from chalicelib.sources.files.bands import band_of
from chalicelib.sources.files.columns import Columns, photometry_columns
from chalicelib.sources.files.layouts import Layout, layout_of
from chalicelib.sources.files.table import Problem, Row, Table, Unreadable, bare, is_nothing, number_of, text_of
from chalicelib.sources.files.times import mjd_of

MOST_PROBLEMS = 100
"""That are named; the rest is counted."""

_LIMIT = re.compile(r"^\s*[<>]\s*=?\s*(?P<mag>-?\d+(\.\d+)?)\s*$")
_ZERO_POINTS = {
    **dict.fromkeys(("ujy", "microjy", "mujy"), 23.9),
    "mjy": 16.4,
    "njy": 31.4,
    "jy": 8.9,
    **dict.fromkeys(("nmgy", "nanomaggy", "nanomaggies"), 22.5),
    **dict.fromkeys(("mgy", "maggy", "maggies"), 0.0),
}
"""AB, of a flux of 1 in a unit: 23.9 is the wire's for a microjansky, and the others follow it."""
_FAINTEST = 60.0
"""What is fainter, such as 99.9, stands for no magnitude."""
_FIVE_SIGMA = {"diffmaglim", "mag5sig"}
_YES = {"true", "t", "1", "yes", "y"}
_NEGATIVE = {"f", "false", "0", "-1", "n", "negative"}
_LIMITS = {"limit", "non-detection", "upper limit"}
"""Where other rows say whether the difference is positive."""


@dataclass(frozen=True, slots=True)
class Point:
    """One measurement: microjansky, zero point 23.9 in the system `magsys`; without a flux it is a limit."""

    line: int
    obj_id: str | None
    mjd: float
    filter: str
    magsys: str
    flux: float | None
    fluxerr: float
    limiting_mag: float | None
    instrument: str | None
    ra: float | None
    dec: float | None
    origin: str | None
    altdata: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Photometry:
    """What a file says.

    Parameters
    ----------
    columns : dict
        The file's column for each field that was found.
    points : list of Point
        Empty if there are problems.
    problems : list of Problem
        At most `MOST_PROBLEMS`, and one that counts the others.
    left_out : int
        Rows that are no measurements by the rules of their survey.
    layout : Layout
        Whose file it is.
    """

    columns: Columns
    points: list[Point]
    problems: list[Problem]
    left_out: int
    layout: Layout
    rows: int


def read_photometry(table: Table, zp: float | None = None) -> Photometry:
    """Read every row, and name all that is wrong.

    Parameters
    ----------
    zp : float, optional
        Of the fluxes, AB, where the file does not say it.
    """
    layout = layout_of(table)
    columns = photometry_columns(table, layout)
    problems = list(_missing(table, columns, zp))
    points: list[Point] = []
    kept = [row for row in table.rows if not layout.is_empty(row)]
    zero_point = _zero_point(table, columns["flux"]) if "flux" in columns else None
    reader = _Reader(table, columns, layout, zp, _filter_of_all(table), zero_point)
    for row in kept if not problems else ():
        try:
            points.append(reader.point(row))
        except Unreadable as error:
            problems.append(error.problem)
    if not kept and not problems:
        problems.append(Problem(table.header_line, "", f"No row of this {layout.name} is a measurement."))
    if len(problems) > MOST_PROBLEMS:
        more = f"{len(problems) - MOST_PROBLEMS} more lines have problems."
        problems = [*problems[:MOST_PROBLEMS], Problem(problems[MOST_PROBLEMS].line, "", more)]
    left_out = len(table.rows) - len(kept)
    return Photometry(columns, [] if problems else points, problems, left_out, layout, len(kept))


def _missing(table: Table, columns: Columns, zp: float | None) -> Iterator[Problem]:
    """Yield what the table lacks as a whole."""
    line, there = table.header_line, ", ".join(table.columns[:30])
    if "mjd" not in columns:
        yield Problem(line, "mjd", f"No column is a time (mjd, jd, bjd, time, date). The columns are: {there}.")
    if not {"mag", "flux", "limiting_mag"} & set(columns):
        yield Problem(line, "mag", f"No column is a magnitude or a flux (mag, flux, uJy). The columns are: {there}.")
    if "filter" not in columns and _filter_of_all(table) is None:
        yield Problem(line, "filter", f"No column is a filter (filter, band, fid). The columns are: {there}.")
    if "flux" in columns and "fluxerr" not in columns and "mag" not in columns:
        yield Problem(line, "fluxerr", f"{columns['flux']} has no error: add a column fluxerr.")
    if (
        "mag" in columns
        and "magerr" not in columns
        and "flux" not in columns
        and not _only_limits(table, columns["mag"])
    ):
        yield Problem(line, "magerr", f"{columns['mag']} has no error: add a column magerr.")
    is_flux = "flux" in columns and ("mag" not in columns or "fluxerr" in columns)
    if (
        is_flux
        and not {"zp", "flux_unit"} & set(columns)
        and zp is None
        and _zero_point(table, columns["flux"]) is None
    ):
        unit = table.unit(columns["flux"])
        what = f"{unit!r} is no unit that is known here" if unit else "The flux has no unit"
        advice = f"write it in the header, as in `{bare(columns['flux'])} [uJy]`, or add a column zp"
        yield Problem(line, columns["flux"], f"{what}: {advice} (23.9 for microjansky, AB).")


def _only_limits(table: Table, column: str) -> bool:
    return all(is_nothing(row.cells[column]) or _LIMIT.match(text_of(row.cells[column])) for row in table.rows)


def _zero_point(table: Table, column: str) -> float | None:
    """Return the AB zero point of a column by its unit, or by its name (uJy, flux_njy)."""
    for text in (table.unit(column), *bare(column).split("_")):
        plain = text.lower().replace("µ", "u").replace("μ", "u").replace(" ", "")
        if plain in _ZERO_POINTS and not (plain == "mjy" and text.startswith("M")):
            return _ZERO_POINTS[plain]
    return 31.4 if bare(column) == "psfflux" else None  # Rubin's, in nanojansky


def _filter_of_all(table: Table) -> str | None:
    """Return the filter of a file that holds only one: its header says it, or the telescope has no other."""
    for keyword in ("FILTER", "BAND", "TELESCOP"):
        found = band_of(table.facts.get(keyword, "").strip()) if table.facts.get(keyword) else None
        if found:
            return found[0]
    return None


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads rows of one table."""

    table: Table
    columns: Columns
    layout: Layout
    zp: float | None
    """As it was given for the whole file."""
    filter_of_all: str | None
    zero_point: float | None
    """Of the column of fluxes, by its unit or name."""

    def point(self, row: Row) -> Point:
        """Read one row; raises Unreadable with its line and column."""
        band, system = self._band(row)
        flux, fluxerr, limit = self._brightness(row)
        return Point(
            line=row.line,
            obj_id=self._text(row, "obj_id") or None,
            mjd=mjd_of(self.table, row, self.columns["mjd"]),
            filter=band,
            magsys=self._system(row, system, band),
            flux=flux,
            fluxerr=fluxerr,
            limiting_mag=limit,
            instrument=self._text(row, "instrument") or None,
            ra=self._number(row, "ra") if self._is_degrees(row) else None,
            dec=self._number(row, "dec") if self._is_degrees(row) else None,
            origin=self._text(row, "origin") or None,
            altdata=self._altdata(row),
        )

    def _text(self, row: Row, field: str) -> str:
        return text_of(row.cells.get(self.columns[field])) if field in self.columns else ""

    def _number(self, row: Row, field: str) -> float | None:
        return number_of(row, self.columns[field]) if field in self.columns else None

    def _altdata(self, row: Row) -> dict[str, Any] | None:
        text = self._text(row, "altdata")
        try:
            value = json.loads(text) if text else None
        except ValueError:
            value = text
        if not (value is None or isinstance(value, dict)):
            raise Unreadable(row.line, self.columns["altdata"], "This is not a JSON object.")
        return value

    def _is_degrees(self, row: Row) -> bool:
        return ":" not in self._text(row, "ra") + self._text(row, "dec")

    def _band(self, row: Row) -> tuple[str, str]:
        if "filter" not in self.columns:
            return self.filter_of_all or "", "ab"
        column = self.columns["filter"]
        text = self._text(row, "filter")
        found = band_of(text.removesuffix(".0") if self.layout.survey else text, self.layout.survey)
        if found is None:
            what = f"{text[:40]!r} is no filter that is known here" if text else "The filter is missing"
            raise Unreadable(row.line, column, f"{what}: use sncosmo's names (ztfg, sdssr, bessellv, atlaso).")
        return found

    def _system(self, row: Row, implied: str, band: str) -> str:
        text = self._text(row, "magsys").lower()
        if not text:
            return "ab" if self._is_flux(row) else implied
        if text.startswith("ab"):
            return "ab"
        if text.startswith("vega") and magnitudes.ab_offset(band, "vega") is not None:
            return "vega"
        raise Unreadable(
            row.line, self.columns["magsys"], f"{text[:40]!r} is not a system that is known for {band}: ab or vega."
        )

    def _is_flux(self, row: Row) -> bool:
        """Say whether the row is a flux: also one that is missing, whose error says how deep it was looked."""
        if not self._has(row, "flux"):
            return self._has(row, "fluxerr") and not self._has(row, "mag") and "flux" in self.columns
        return self._has(row, "fluxerr") or not self._has(row, "mag")

    def _has(self, row: Row, field: str) -> bool:
        return field in self.columns and not is_nothing(row.cells.get(self.columns[field]))

    def _brightness(self, row: Row) -> tuple[float | None, float, float | None]:
        """Return flux, its error and the limit; a flux, where there is one, says more than the magnitude beside it."""
        limit = self._limit(row)
        if self._is_flux(row):
            scale = magnitudes.flux_of_mag(self._zero_point(row))
            flux, fluxerr = self._number(row, "flux"), self._number(row, "fluxerr")
            if fluxerr is None or fluxerr <= 0:
                column = self.columns.get("fluxerr", self.columns["flux"])
                raise Unreadable(row.line, column, "The error of the flux is missing, or not positive.")
            return None if flux is None else flux * scale, fluxerr * scale, limit
        written = _LIMIT.match(self._text(row, "mag"))
        if written or self._is_upper_limit(row):
            limit = float(written["mag"]) if written else self._number(row, "mag")
        mag = None if written or self._is_upper_limit(row) else self._number(row, "mag")
        if mag is None or mag > _FAINTEST:
            return self._only_limit(row, limit)
        magerr = self._number(row, "magerr")
        if magerr is None or magerr <= 0:
            column = self.columns.get("magerr", self.columns["mag"])
            raise Unreadable(row.line, column, "The error of the magnitude is missing, or not positive.")
        sign = -1.0 if self._text(row, "isdiffpos").lower() in _NEGATIVE else 1.0
        return sign * magnitudes.flux_of_mag(mag), magnitudes.fluxerr_of_mag(mag, magerr), limit

    def _limit(self, row: Row) -> float | None:
        text = self._text(row, "limiting_mag")
        written = _LIMIT.match(text)
        limit = float(written["mag"]) if written else self._number(row, "limiting_mag")
        return None if limit is None or limit > _FAINTEST else limit

    def _is_upper_limit(self, row: Row) -> bool:
        return self._text(row, "upperlimit").lower() in _YES or self._text(row, "isdiffpos").lower() in _LIMITS

    def _only_limit(self, row: Row, limit: float | None) -> tuple[None, float, float]:
        if limit is None:
            column = self.columns.get("mag", self.columns.get("flux", self.columns.get("limiting_mag", "mag")))
            raise Unreadable(row.line, column, "Neither a magnitude, nor a flux, nor a limit (as >20.1) stands here.")
        sigma = self._number(row, "limiting_mag_nsigma")
        if sigma is None or sigma <= 0:
            column = bare(self.columns.get("limiting_mag", ""))
            sigma = magnitudes.LIMIT_SIGMA if column in _FIVE_SIGMA else magnitudes.POSTED_LIMIT_SIGMA
        return None, magnitudes.fluxerr_of_limit(limit, sigma), limit

    def _zero_point(self, row: Row) -> float:
        if (zp := self._number(row, "zp")) is not None:
            return zp
        unit = self._text(row, "flux_unit").lower().replace("µ", "u")
        found = _ZERO_POINTS.get(unit) if unit else self.zero_point
        if found is None and self.zp is None:
            raise Unreadable(
                row.line, self.columns.get("zp", self.columns["flux"]), "The zero point of the flux is missing."
            )
        return self.zp if found is None else found  # type: ignore[return-value] # one of them is a number
