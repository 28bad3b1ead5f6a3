"""Spectra to compare with, out of the grizli wheel (MIT License), which is read as the archive that it is.

The wheel is not installed: its compiled code and what that needs are not wanted, and so it serves on any machine. What
the templates are stands in `grizli/data/templates/README` in the wheel.
"""

import io
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

WHEELS = Path(__file__).parent / "wheels"
_FOLDER = "grizli/data/templates"
_GALAXY, _STAR, _QUASAR = (-0.002, 1.2), (-0.004, 0.004), (0.02, 4.5)
_FILES = {
    "galaxy, old": ("alf_SSP.dat", _GALAXY),
    "galaxy, intermediate": ("eazy_intermediate.dat", _GALAXY),
    **{f"galaxy, model {number}": (f"fsps/fsps_QSF_12_v3_{number:03}.dat", _GALAXY) for number in (1, 3, 5, 8, 10)},
    "galaxy, starburst": ("erb2010.dat", _GALAXY),
    "quasar": ("quasar_lines.txt", _QUASAR),
    **{f"star, {kind}": (f"stars/{kind}.txt", _STAR) for kind in ("M6.5", "M8.0", "L1.0", "L3.5", "T2.0")},
    "star, carbon": ("stars/carbon_star.txt", _STAR),
}


@dataclass(frozen=True)
class Template:
    """A spectrum at rest: wavelengths in Ångström (vacuum), fluxes per wavelength in any unit; both of shape (n,)."""

    name: str
    wavelengths: FloatArray
    fluxes: FloatArray
    redshifts: tuple[float, float]
    """Where it is looked for."""


@cache
def templates() -> tuple[Template, ...]:
    """Read all of them.

    Raises
    ------
    FileNotFoundError
        The wheel is not there.
    """
    wheel = next(WHEELS.glob("grizli-*.whl"), None)
    if wheel is None:
        raise FileNotFoundError("The templates are missing: fetch them as the README says.")
    with zipfile.ZipFile(wheel) as archive:
        return tuple(_template(archive, name, *facts) for name, facts in _FILES.items())


def _template(archive: zipfile.ZipFile, name: str, file: str, redshifts: tuple[float, float]) -> Template:
    text = archive.read(f"{_FOLDER}/{file}").decode()
    wavelengths, fluxes = np.loadtxt(io.StringIO(text), usecols=(0, 1), unpack=True)
    inside = (wavelengths > 900) & (wavelengths < 12_000)  # noqa: PLR2004 - what optical spectra reach, redshifted or not
    return Template(name, wavelengths[inside], fluxes[inside], redshifts)
