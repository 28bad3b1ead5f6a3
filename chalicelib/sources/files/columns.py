"""Which column of a table is what, by the names that the field uses."""

import re
from collections.abc import Iterable, Mapping, Sequence

from chalicelib.sources.files.layouts import Layout
from chalicelib.sources.files.table import Table, bare

Columns = dict[str, str]
"""The table's column by field."""

_FIELDS = """
    mjd: mjd mjd_obs obs_mjd mjdobs obsmjd mjd_utc mjd_tdb midpointmjdtai expmidptmjd mjd_start
    mjd: jd obsjd jd_obs jd_utc julian_date hjd bjd bjd_tdb time t date obsdate obs_date observation_date
    mjd: date_obs dateobs datetime date_utc utc obstime time_obs btjd bkjd
    filter: filter band filt fid filters filtercode passband bandpass flt filter_name filtername photometric_band fil f
    filter: bandname
    mag: mag magpsf magnitude psfmag psf_mag mag_psf mag_ab abmag ab_mag m magap mag_ap apmag mag_auto mag_calib
    mag: unforced_mag calibmag mag_corr magpsf_corr vmag gmag rmag imag zmag bmag
    magerr: magerr e_mag mag_err sigmapsf e_magnitude magnitude_error magnitude_err mag_error magerror emag merr dm dmag
    magerr: mag_unc magunc sigma_mag mag_sigma sigmag uncertainty uncert magpsferr psfmagerr psf_mag_err unc
    magerr: unforced_mag_error e_mag_corr sigmapsf_corr sigmapsf_corr_ext
    limiting_mag: limiting_mag limmag maglim diffmaglim limiting_magnitude lim_mag mag_lim mag5sig maglimit mag_limit
    limiting_mag: limit limitingmag limit_mag ulim upper_limit
    limiting_mag_nsigma: limiting_mag_nsigma nsigma limit_nsigma
    flux: flux ujy forcediffimflux psfflux psf_flux flux_ujy flux_njy flux_mjy flux_jy fnu f_nu flux_psf njy mjy fluxcal
    flux: pdcsap_flux sap_flux forced_ujy
    fluxerr: fluxerr flux_err e_flux dujy forcediffimfluxunc psffluxerr psf_flux_err flux_error fluxerror flux_unc
    fluxerr: fluxunc dflux sigma_flux ferr eflux flux_err_ujy fluxerr_ujy flux_ujy_err flux_error_ujy fluxcalerr
    fluxerr: pdcsap_flux_err sap_flux_err e_fnu fnu_err forced_ujy_error
    zp: zp zpdiff zeropoint zero_point magzp zpt zp_ab zpmag
    magsys: magsys mag_system magnitude_system system mag_sys magsystem
    obj_id: obj_id objectid object_id objid oid object source source_id target name star_name transient_name iau_name
    instrument: instrument instrument_name inst camera
    ra: ra raj2000 ra_deg radeg ra_j2000 meanra
    dec: dec dej2000 decj2000 dec_deg decdeg dec_j2000 meandec decl
    isdiffpos: isdiffpos unforced_mag_status
    upperlimit: upperlimit is_upper_limit isupperlimit is_limit
    origin: origin
    altdata: altdata
    flux_unit: flux_unit flux_units fluxunit
"""
"""Names by field, the more telling ones first."""


def _by_field(text: str) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for line in text.strip().splitlines():
        field, _, names = line.partition(":")
        fields.setdefault(field.strip(), []).extend(names.split())
    return fields


_NAMES = _by_field(_FIELDS)
_REDUCED = re.compile(r"m?[bh]?jd_\d+(_\w+)?")
"""A Julian Date less a number, as in `HJD-2450000`."""
_ERRORS = ("err", "error", "e", "sigma", "std")
"""Of whichever of magnitude and flux the table has."""

_SPECTRUM = _by_field("""
    wavelengths: wavelengths wavelength wave lambda lam wl wavelength_a wave_a angstrom lambda_a loglam log_lambda
    fluxes: fluxes flux flam f_lambda flux_lambda fnu f flux_density
    errors: errors error err fluxerr flux_err e_flux sigma flux_error uncertainty ivar variance var fluxerror
""")


def photometry_names() -> Mapping[str, Sequence[str]]:
    """Return the names that are recognised, by field of photometry, the more telling ones first."""
    return _NAMES


def spectrum_names() -> Mapping[str, Sequence[str]]:
    """Return the same of spectra."""
    return _SPECTRUM


def photometry_columns(table: Table, layout: Layout) -> Columns:
    """Find the columns of photometry; fields without a column are left out."""
    found = _Found(table)
    columns: dict[str, str | None] = {field: found.first(names) for field, names in layout.columns.items()}
    for field, names in _NAMES.items():
        columns[field] = columns.get(field) or found.first(
            name for name in names if not (field == "obj_id" and name in layout.not_objects)
        )
    columns["mjd"] = columns["mjd"] or found.matching(_REDUCED)
    error = found.first(_ERRORS)
    field = "magerr" if columns["mag"] else "fluxerr"
    if error and not columns[field] and not (columns["mag"] and columns["flux"]):
        columns[field] = error
    return {field: column for field, column in columns.items() if column is not None}


def spectrum_columns(table: Table) -> Columns | None:
    """Find the columns of a spectrum; None if the table holds no wavelengths."""
    found = _Found(table)
    columns = {field: found.first(names) for field, names in _SPECTRUM.items()}
    if columns["wavelengths"] is None:
        return None
    return {field: column for field, column in columns.items() if column is not None}


class _Found:
    """The columns of a table by their bare names; each is taken once."""

    def __init__(self, table: Table) -> None:
        self._left: dict[str, str] = {}
        for column in table.columns:
            self._left.setdefault(bare(column), column)

    def first(self, names: Iterable[str]) -> str | None:
        """Take the first of the names that there is."""
        name = next((name for name in names if name in self._left), None)
        return None if name is None else self._left.pop(name)

    def matching(self, pattern: re.Pattern[str]) -> str | None:
        """Take the first whose bare name has a form."""
        return self.first(name for name in list(self._left) if pattern.fullmatch(name))
