"""The SALT models and passbands that can be used offline; nothing is ever downloaded."""

import sncosmo

from wheel import wheel_directory

SOURCE_VERSIONS = {"salt3": "2.0", "salt2": "T23", "salt3-nir": "1.0"}
"""The sources whose files the wheel holds, in sncosmo's names and versions."""

BAND_FILES = {
    "ztfg": "ztf/P48_g.dat",
    "ztfr": "ztf/P48_R.dat",
    "atlasc": "atlas/Atlas.Cyan",
    "atlaso": "atlas/Atlas.Orange",
    "sdssg": "sdss/sdss_g.dat",
    "sdssr": "sdss/sdss_r.dat",
    "sdssi": "sdss/sdss_i.dat",
    "sdssz": "sdss/sdss_z.dat",
    "2massh": "2mass/2mass.H",
}
"""sncosmo's band name and the file behind it; sncosmo would fetch any other from the network."""

PACKAGED_BANDS = ("bessellux", "bessellb", "bessellv", "bessellr", "besselli")
"""The passbands that sncosmo itself brings along."""

MODEL_FILES = wheel_directory() / "sncosmo-modelfiles"

# sncosmo looks here before it asks the network; the wheel has the layout of its cache.
sncosmo.conf.data_dir = str(MODEL_FILES)


def load_source(name: str) -> sncosmo.Source:
    """Read one of the SALT sources named in `SOURCE_VERSIONS` from its files."""
    return sncosmo.get_source(name, version=SOURCE_VERSIONS[name])


def has_passband(band: str) -> bool:
    """Whether the transmission curve of a band is on this machine."""
    return band in PACKAGED_BANDS or (band in BAND_FILES and (MODEL_FILES / "bandpasses" / BAND_FILES[band]).is_file())


def effective_wavelength(band: str) -> float:
    """Effective wavelength of a band in angstrom, weighted by its transmission."""
    return float(sncosmo.get_bandpass(band).wave_eff)
