"""The chi-square fit of a SALT model (Guy et al. 2007, Kenworthy et al. 2021) at a fixed redshift."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import sncosmo

from failures import InputError
from measurements import ZERO_POINT, FloatArray, LightCurve, StringArray

VARIED = ("t0", "x0", "x1", "c")
"""Maximum in the rest-frame B band (mjd), amplitude, stretch, colour: the order of every parameter array."""

PHASE_RANGE = (-20.0, 45.0)
"""Rest-frame days that are fitted; the models end at 50, and samples with an earlier maximum must cover them."""

SHAPE_BOUNDS = {"x1": (-5.0, 5.0), "c": (-1.0, 1.0)}


@dataclass(frozen=True)
class BestFit:
    """The minimum of chi-square: parameters of shape (4,), covariance (4, 4), and the points within the phases."""

    parameters: FloatArray
    covariance: FloatArray
    chisq: float
    ndof: int
    points: LightCurve

    @property
    def errors(self) -> FloatArray:
        """Standard deviations of the parameters, of shape (4,)."""
        deviations: FloatArray = np.sqrt(np.diag(self.covariance))
        return deviations


def model_flux(model: sncosmo.Model, parameters: FloatArray, band: StringArray, mjd: FloatArray) -> FloatArray:
    """Flux in microjansky, of shape (n,), that the model predicts in the bands at the times; sets the parameters."""
    model.set(**dict(zip(VARIED, parameters, strict=True)))
    flux: FloatArray = model.bandflux(band, mjd, ZERO_POINT, "ab")
    return flux


def pulls(model: sncosmo.Model, parameters: FloatArray, points: LightCurve) -> FloatArray:
    """Residuals in units of the flux errors, of shape (n,)."""
    return (points.flux - model_flux(model, parameters, points.band, points.mjd)) / points.fluxerr


def minimize(light_curve: LightCurve, model: sncosmo.Model) -> BestFit:
    """Find the best t0, x0, x1 and c; the model's own covariance is not added to the errors.

    Raises
    ------
    InputError
        No start value can be guessed, the minimum is not found, or too few points lie near the maximum.
    """
    try:
        with warnings.catch_warnings():
            # sncosmo announces dropped points; the caller counts them.
            warnings.simplefilter("ignore", RuntimeWarning)
            result, _ = sncosmo.fit_lc(
                _columns(light_curve), model, VARIED, bounds=SHAPE_BOUNDS, phase_range=PHASE_RANGE
            )
    except (sncosmo.fitting.DataQualityError, RuntimeError) as error:
        raise InputError(f"The fit could not start ({error}): add photometry around the maximum.") from error
    if not result.success or result.covariance is None or not np.all(np.diag(result.covariance) > 0):
        raise InputError(f"The fit does not converge ({result.message}): check the redshift and the photometry.")
    if result.ndof < 1:
        raise InputError(f"Too few points lie within {PHASE_RANGE} days from maximum: add photometry around it.")
    order = [result.param_names.index(name) for name in VARIED]
    return BestFit(
        parameters=result.parameters[order],
        covariance=np.asarray(result.covariance),
        chisq=float(result.chisq),
        ndof=int(result.ndof),
        points=light_curve.select(result.data_mask),
    )


def _columns(light_curve: LightCurve) -> dict[str, npt.NDArray[Any]]:
    """Name the columns in the way that sncosmo expects."""
    size = len(light_curve.mjd)
    return {
        "time": light_curve.mjd,
        "band": light_curve.band,
        "flux": light_curve.flux,
        "fluxerr": light_curve.fluxerr,
        "zp": np.full(size, ZERO_POINT),
        "zpsys": np.full(size, "ab"),
    }
