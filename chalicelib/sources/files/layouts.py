"""Files of surveys and archives that are more than their columns: whose they are, and which rows say nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from chalicelib.sources.files.table import Row, Table, bare, is_nothing, text_of

_ALERTS = "ZTF alerts (ALeRCE, Fink, Lasair)"
_TNS = "Transient Name Server"
_OF_TNS = {
    "mag": ("flux", "mag_flux"),
    "magerr": ("fluxerr", "flux_error", "err"),
    "limiting_mag": ("limflux", "lim_mag_flux"),
    "magsys": ("flux_unit", "units"),
    "filter": ("filters", "filter"),
}
"""What it calls a flux is in the unit beside it: ABMag or VegaMag."""
_ZTF_BAD_INFOBITS = 33_554_432
_ZTF_WORST_SIGMA = 25.0


@dataclass(frozen=True, slots=True)
class Layout:
    """What is known of all files of a kind.

    Parameters
    ----------
    name : str
        As messages call it.
    survey : str, optional
        Whose filters `g` or `1` are.
    instrument : str
        Telescope and instrument take this name, if the file names none.
    is_empty : callable
        Whether a row is no measurement, and left out.
    not_objects : tuple of str
        Columns that look like names of objects and are none.
    columns : mapping
        Bare names of columns by field, where they mean something else than in other files.
    """

    name: str
    survey: str | None = None
    instrument: str = "imported"
    is_empty: Callable[[Row], bool] = lambda _: False
    not_objects: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def layout_of(table: Table) -> Layout:
    """Tell the kind of a file by columns that no other has."""
    names = {bare(column): column for column in table.columns}
    known: tuple[tuple[set[str], Callable[[], Layout]], ...] = (
        ({"forcediffimflux"}, lambda: Layout("ZTF forced photometry", "ztf", "ZTF", _is_bad_forced(names))),
        ({"ujy", "dujy"}, lambda: Layout("ATLAS forced photometry", None, "ATLAS")),
        ({"filtercode", "catflags"}, lambda: Layout("ZTF light curve of IRSA", "ztf", "ZTF", not_objects=("oid",))),
        ({"fid"}, lambda: Layout(_ALERTS, "ztf", "ZTF", _is_bad_alert(names))),
        ({"magpsf", "sigmapsf"}, lambda: Layout(_ALERTS, "ztf", "ZTF", _is_bad_alert(names))),
        ({"unforced_mag", "unforced_mag_status"}, lambda: Layout("light curve of Lasair", "ztf", "ZTF")),
        ({"obsdate", "limmag"}, lambda: Layout(_TNS, None, "TNS")),
        ({"obsdate", "limflux"}, lambda: Layout(_TNS, None, "TNS", columns=_OF_TNS)),
        ({"obs_date", "mag_flux"}, lambda: Layout(_TNS, None, "TNS", columns=_OF_TNS)),
        ({"observer_code"}, lambda: Layout("AAVSO", None, "AAVSO", _is_visual(names.get("band")))),
        ({"merr", "filt"}, lambda: Layout("AAVSO", None, "AAVSO", _is_visual(names["filt"]))),
    )
    for columns, layout in known:
        if columns <= set(names):
            return layout()
    return Layout("table", None, table.facts.get("TELESCOP", "").strip()[:100] or "imported")


def _is_bad_forced(names: dict[str, str]) -> Callable[[Row], bool]:
    """Leave out epochs without a flux, and those that the guide calls unusable.

    https://irsa.ipac.caltech.edu/data/ZTF/docs/ztf_forced_photometry.pdf, section 13: infobitssci of 33554432 and more,
    scisigpix above 25.
    """

    def is_bad(row: Row) -> bool:
        if is_nothing(row.cells.get(names["forcediffimflux"])):
            return True
        return _above(row, names.get("infobitssci"), _ZTF_BAD_INFOBITS - 1) or _above(
            row, names.get("scisigpix"), _ZTF_WORST_SIGMA
        )

    return is_bad


def _is_bad_alert(names: dict[str, str]) -> Callable[[Row], bool]:
    """Leave out what Fink tags as of bad quality."""
    tag = names.get("tag")
    return lambda row: tag is not None and text_of(row.cells.get(tag)).lower() == "badquality"


def _is_visual(band: str | None) -> Callable[[Row], bool]:
    """Leave out what was estimated by eye: it has neither a filter nor an error."""
    return lambda row: band is not None and text_of(row.cells.get(band)).lower().rstrip(".") == "vis"


def _above(row: Row, column: str | None, most: float) -> bool:
    try:
        return column is not None and float(text_of(row.cells.get(column)) or 0) > most
    except ValueError:
        return False
