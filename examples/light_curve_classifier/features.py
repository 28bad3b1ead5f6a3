"""Features of a light curve in one filter, by the light-curve package (Malanchev et al. 2021, MNRAS 502, 5147)."""

from dataclasses import dataclass

import light_curve
import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

LEAST_POINTS = 7


@dataclass(frozen=True)
class Features:
    """What the rules look at, and what else is reported.

    Parameters
    ----------
    points : int
        Epochs, each once.
    span : float
        Days from the first to the last.
    reduced_chi2 : float
        Of a constant flux.
    eta_e : float
        How much neighbouring points differ, for their distance in time: large if it changes faster than it is sampled.
    period : float
        Days; the highest peak of the Lomb-Scargle periodogram, which for one hump is about the span.
    period_signal_to_noise : float
        Of that peak.
    excess_variance, stetson_k, skew, amplitude : float
        As the package defines them, over fluxes.
    """

    points: int
    span: float
    reduced_chi2: float
    eta_e: float
    period: float
    period_signal_to_noise: float
    excess_variance: float
    stetson_k: float
    skew: float
    amplitude: float


_EXTRACTOR = light_curve.Extractor(
    light_curve.ReducedChi2(),
    light_curve.EtaE(),
    light_curve.Periodogram(peaks=1, max_freq_factor=10, resolution=10),
    light_curve.ExcessVariance(),
    light_curve.StetsonK(),
    light_curve.Skew(),
    light_curve.Amplitude(),
)


def features(mjd: FloatArray, flux: FloatArray, fluxerr: FloatArray) -> Features | None:
    """Compute the features; None of too few points.

    Parameters
    ----------
    mjd, flux, fluxerr : array of shape (n,)
        Days and microjansky, in any order; of points at the same time the first counts.
    """
    times, first = np.unique(mjd, return_index=True)
    if len(times) < LEAST_POINTS:
        return None
    values = _EXTRACTOR(times, flux[first], fluxerr[first], fill_value=np.nan)
    chi2, eta_e, period, peak, *others = (float(value) for value in values)
    return Features(len(times), float(times[-1] - times[0]), chi2, eta_e, period, peak, *others)
