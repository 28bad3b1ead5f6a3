"""The SALT models and passbands that can be used offline; nothing is ever downloaded."""

import io
from functools import cache

import sncosmo

from wheel import wheel_directory

SOURCE_VERSIONS = {"salt3": "2.0", "salt2": "T23", "salt3-nir": "1.0"}
"""The sources whose files the wheel holds, in sncosmo's names and versions."""

SOURCE_FOLDERS = {"salt3": "salt3/salt3-f22", "salt2": "salt2/salt2-k21-frag", "salt3-nir": "salt3-nir/salt3nir-p22"}
"""Where sncosmo keeps these versions."""

VARIANCE_FILES: tuple[str, ...] = ("lcrv00file", "lcrv11file", "lcrv01file")
UNKNOWN_VARIANCE = "".join(
    f"{phase} {wave} nan\n" for phase in range(-900, 901, 600) for wave in range(0, 90001, 30000)
)
"""Stands for such a file: at any phase (d) and wavelength (angstrom) no number."""

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


@cache
def load_source(name: str) -> sncosmo.Source:
    """Read one of the SALT sources named in `SOURCE_VERSIONS` from its files.

    Those of the model's own variance, which no fit here uses, would take longer than all others.
    """
    kind, unused = sncosmo.SALT3Source, VARIANCE_FILES
    if name == "salt2":
        kind, unused = sncosmo.SALT2Source, (*VARIANCE_FILES, "errscalefile")
    folder = str(MODEL_FILES / "models" / SOURCE_FOLDERS[name])
    without = {file: io.StringIO(UNKNOWN_VARIANCE) for file in unused}
    return kind(folder, name=name, version=SOURCE_VERSIONS[name], **without)


def has_passband(band: str) -> bool:
    """Whether the transmission curve of a band is on this machine."""
    return band in PACKAGED_BANDS or (band in BAND_FILES and (MODEL_FILES / "bandpasses" / BAND_FILES[band]).is_file())


def effective_wavelength(band: str) -> float:
    """Effective wavelength of a band in angstrom, weighted by its transmission."""
    return float(sncosmo.get_bandpass(band).wave_eff)
