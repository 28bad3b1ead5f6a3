"""The source that an analysis is about, read from the document that its sender posts."""

import ast
import functools
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from siderostat_service.failures import CannotAnalyse

if TYPE_CHECKING:
    import pandas as pd
    from astropy.table import Table

FloatArray = npt.NDArray[np.float64]

_PHOTOMETRY = {
    "mjd": float,
    "flux": float,
    "fluxerr": float,
    "mag": float,
    "magerr": float,
    "filter": str,
    "magsys": str,
    "limiting_mag": float,
    "zp": float,
    "instrument_name": str,
    "predicted_mag": float,
}
_UNITS = {"mjd": "d", "flux": "uJy", "fluxerr": "uJy", "mag": "mag", "magerr": "mag", "limiting_mag": "mag"}
_NO_NUMBER = re.compile(r"\b(nan|inf)\b")


@dataclass(frozen=True)
class Spectrum:
    """One spectrum; all arrays have the shape (n,), wavelengths are in Ångström, missing values are NaN."""

    wavelengths: FloatArray
    fluxes: FloatArray
    errors: FloatArray | None
    observed_at: str
    units: str | None
    origin: str | None
    type: str | None
    altdata: dict[str, Any] | None


@dataclass(frozen=True)
class Source:
    """What came with a run; each part is read when it is asked for.

    Parameters
    ----------
    id : str
        The object's name.
    inputs : mapping
        What the sender posted under `inputs`: CSV text by input type.
    parameters : mapping
        Every declared parameter with its value.
    """

    id: str
    inputs: Mapping[str, Any]
    parameters: Mapping[str, Any]

    @functools.cached_property
    def photometry(self) -> "pd.DataFrame":
        """The photometry, AB, fluxes in microjansky with zero point 23.9; NaN in flux and mag is a non-detection."""
        frame = self._frame("photometry").reindex(columns=list(_PHOTOMETRY))
        for name, kind in _PHOTOMETRY.items():
            frame[name] = frame[name].astype(float) if kind is float else frame[name].fillna("").astype(str)
        return frame.sort_values("mjd", ignore_index=True)

    @property
    def detections(self) -> "pd.DataFrame":
        """The photometry with a measured magnitude."""
        frame = self.photometry
        return frame[frame["mag"].notna() & frame["magerr"].notna()].reset_index(drop=True)

    @property
    def photometry_table(self) -> "Table":
        """The photometry as an astropy table with units, missing values NaN."""
        from astropy.table import Table  # noqa: PLC0415 - an extra that not every service needs

        columns = {name: self.photometry[name].to_numpy() for name in _PHOTOMETRY}
        return Table(
            {name: np.asarray(column, dtype=_PHOTOMETRY[name]) for name, column in columns.items()}, units=_UNITS
        )

    @functools.cached_property
    def spectra(self) -> list[Spectrum]:
        """The spectra, oldest first."""
        rows = self._frame("spectra").to_dict("records")
        return sorted((_spectrum(row) for row in rows), key=lambda one: one.observed_at)

    @property
    def redshift(self) -> float | None:
        """The source's redshift, None if it is not known."""
        return self._redshift("redshift")

    @property
    def redshift_error(self) -> float | None:
        """One standard deviation."""
        return self._redshift("redshift_error")

    @property
    def annotations(self) -> list[dict[str, Any]]:
        """Rows of data (a dictionary), origin, created_at and modified."""
        return [{**row, "data": _literal(row.get("data"))} for row in self._rows("annotations")]

    @property
    def comments(self) -> list[dict[str, Any]]:
        """Rows of text, bot, origin, created_at and modified."""
        return self._rows("comments")

    @property
    def classifications(self) -> list[dict[str, Any]]:
        """Rows of classification, probability, created_at and modified."""
        return self._rows("classifications")

    def _redshift(self, name: str) -> float | None:
        rows = self._rows("redshift")
        value = rows[0].get(name) if rows else None
        return None if value is None else float(value)

    def _rows(self, kind: str) -> list[dict[str, Any]]:
        rows = self._frame(kind).to_dict("records")
        return [{str(name): None if _is_missing(value) else value for name, value in row.items()} for row in rows]

    def _frame(self, kind: str) -> "pd.DataFrame":
        import pandas as pd  # noqa: PLC0415 - takes half a second, and who only serves or describes reads no data

        text = self.inputs.get(kind)
        if text is None or (isinstance(text, str) and not text.strip()):
            return pd.DataFrame()
        if not isinstance(text, str):
            raise CannotAnalyse(f"The {kind} must be CSV text.")
        try:
            return pd.read_csv(io.StringIO(text), keep_default_na=False, na_values=["", "nan", "NaN"])
        except (ValueError, pd.errors.ParserError) as error:
            raise CannotAnalyse(f"The {kind} cannot be read as CSV: {error}.") from error


def _spectrum(row: Mapping[Any, Any]) -> Spectrum:
    known = {str(name): None if _is_missing(value) else value for name, value in row.items()}
    errors = known.get("errors")
    return Spectrum(
        wavelengths=_array(known.get("wavelengths")),
        fluxes=_array(known.get("fluxes")),
        errors=None if errors is None else _array(errors),
        observed_at=str(known.get("observed_at") or ""),
        units=known.get("units"),
        origin=known.get("origin"),
        type=known.get("type"),
        altdata=_literal(known.get("altdata")),
    )


def _array(text: object) -> FloatArray:
    """Read a Python list such as `[1.0, nan]`."""
    written = _NO_NUMBER.sub(lambda found: {"nan": "NaN", "inf": "Infinity"}[found[0]], str(text or "[]"))
    try:
        return np.array(json.loads(written.replace("None", "NaN")), dtype=float)
    except (ValueError, TypeError) as error:
        raise CannotAnalyse("A spectrum is not a list of numbers.") from error


def _literal(text: object) -> dict[str, Any] | None:
    """Read a Python dictionary; numbers that are none become None."""
    if text is None:
        return None
    try:
        value = ast.literal_eval(_NO_NUMBER.sub("None", str(text)))
    except (ValueError, SyntaxError):
        return None
    return value if isinstance(value, dict) else None


def _is_missing(value: object) -> bool:
    return isinstance(value, float) and np.isnan(value)
