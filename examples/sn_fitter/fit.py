"""Fits a SALT model to a light curve: the best parameters, their posterior, and the curve in each band."""

import logging
from dataclasses import dataclass

import numpy as np
import sncosmo

from coverage import points_in_reach
from measurements import FloatArray, LightCurve
from models import load_source
from parameters import Parameters
from posterior import Posterior, sample_posterior
from salt import PHASE_RANGE, SHAPE_BOUNDS, BestFit, minimize, model_flux, pulls

T0_RANGE_DAYS = 20.0
CURVE_POINTS = 80
CURVE_DRAWS = 150
CURVE_MARGIN_DAYS = 5.0
INTERVAL_68 = (0.16, 0.5, 0.84)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class BandCurve:
    """A band's model flux in microjansky, all of shape (points,): median and 68 % interval of the posterior."""

    mjd: FloatArray
    median: FloatArray
    low: FloatArray
    high: FloatArray


@dataclass(frozen=True)
class Fit:
    """A fitted light curve.

    pulls are the residuals of the best fit in units of the flux errors, of shape (n,); left_out names bands and
    points that could not be used, with the reason.
    """

    model_name: str
    model_version: str
    redshift: float
    best: BestFit
    pulls: FloatArray
    posterior: Posterior
    curves: dict[str, BandCurve]
    left_out: tuple[str, ...]


def fit_light_curve(light_curve: LightCurve, redshift: float, parameters: Parameters) -> Fit:
    """Fit t0, x0, x1 and c at a fixed redshift, and sample their posterior.

    Raises
    ------
    InputError
        Too little of the light curve can be used, or the fit does not converge.
    """
    model = sncosmo.Model(source=load_source(parameters.source))
    model.set(z=redshift)
    covered, left_out = points_in_reach(light_curve, model)
    best = minimize(covered, model)
    points = best.points
    low, high = PHASE_RANGE
    dropped = len(covered.mjd) - len(points.mjd)
    logger.info("chi-square fit: chi2/dof = %.1f/%d, %d points", best.chisq, best.ndof, len(points.mjd))
    posterior = _sample(model, best, parameters)
    logger.info("posterior: %d samples, %.0f %% of steps accepted", len(posterior.flat), 100 * posterior.acceptance)
    return Fit(
        model_name=parameters.source.upper(),
        model_version=model.source.version,
        redshift=redshift,
        best=best,
        pulls=pulls(model, best.parameters, points),
        posterior=posterior,
        curves=_curves(model, points, posterior),
        left_out=(*left_out, *([f"{dropped} points outside the phases {low:+g} to {high:+g} d"] if dropped else [])),
    )


def _sample(model: sncosmo.Model, best: BestFit, parameters: Parameters) -> Posterior:
    def chisq(values: FloatArray) -> float:
        return float(np.sum(pulls(model, values, best.points) ** 2))

    t0 = best.parameters[0]
    bounds = ((t0 - T0_RANGE_DAYS, t0 + T0_RANGE_DAYS), (0.0, np.inf), SHAPE_BOUNDS["x1"], SHAPE_BOUNDS["c"])
    return sample_posterior(
        chisq, best, np.array(bounds), steps=(parameters.nburn, parameters.nsamples), seed=parameters.seed
    )


def _curves(model: sncosmo.Model, points: LightCurve, posterior: Posterior) -> dict[str, BandCurve]:
    """Compute the model in each band, from evenly chosen samples, over the time of the points and a margin."""
    samples = posterior.flat
    first_peak, last_peak = np.quantile(samples[:, 0], [0.02, 0.98])
    stretch = 1 + model.get("z")
    # Beyond its phases a model is zero: the curves end where the first samples do.
    start = max(points.mjd.min() - CURVE_MARGIN_DAYS, last_peak + stretch * model.source.minphase())
    end = min(points.mjd.max() + CURVE_MARGIN_DAYS, first_peak + stretch * model.source.maxphase())
    mjd = np.linspace(start, end, CURVE_POINTS)
    chosen = samples[np.linspace(0, len(samples) - 1, min(CURVE_DRAWS, len(samples))).astype(int)]
    # A walker that has not moved gives the same curve again.
    different, places = np.unique(chosen, axis=0, return_inverse=True)
    curves = {}
    for band in points.bands:
        draws = np.array([model_flux(model, draw, np.full(CURVE_POINTS, band), mjd) for draw in different])
        low, median, high = np.quantile(draws[places], INTERVAL_68, axis=0)
        curves[band] = BandCurve(mjd, median, low, high)
    return curves
