"""Cross-correlation in the logarithm of the wavelength, after Tonry & Davis 1979 (AJ 84, 1511).

With numpy alone: scipy, which can smooth and correlate too, takes longer to load than all else together.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from templates import FloatArray, Template

STEP = 2.3e-4
"""Of ln(wavelength): 69 km/s, as SDSS samples it."""
_CONTINUUM_STEPS = 100.0
"""What is smoother than that, is the continuum (and the flux calibration), and says nothing here."""
_GAUSSIAN = np.exp(-0.5 * np.linspace(-4, 4, int(8 * _CONTINUUM_STEPS) + 1) ** 2)
_KERNEL = _GAUSSIAN / _GAUSSIAN.sum()
"""That standard deviation, cut off at four."""
_EDGE = 0.05
_LEAST_OVERLAP = 0.5
"""Of the spectrum, that a template must reach at a redshift."""
_TOP = 3.0


@dataclass(frozen=True)
class Match:
    """How well a template fits, and where.

    r is the height of the peak over the noise of the correlation (Tonry & Davis); below about 4 it may be chance.
    """

    template: Template
    redshift: float
    redshift_error: float
    r: float
    correlation: float


@dataclass(frozen=True)
class Lines:
    """A spectrum without its continuum, on a grid of ln(wavelength) that begins at `start`; both of shape (n,)."""

    start: float
    values: FloatArray
    known: FloatArray
    """1 where there is a measurement, falling to 0 at the edges."""


def lines_of(wavelengths: FloatArray, fluxes: FloatArray) -> Lines:
    """Resample a spectrum, divide it by its continuum and taper its ends; missing values are bridged."""
    order = np.argsort(wavelengths)
    logarithms, fluxes = np.log(wavelengths[order]), fluxes[order]
    good = np.isfinite(fluxes)
    first, last = logarithms[good][[0, -1]]
    grid = np.arange(np.ceil(first / STEP), np.floor(last / STEP) + 1)
    resampled = np.interp(grid * STEP, logarithms[good], fluxes[good])
    continuum = np.convolve(np.pad(resampled, _KERNEL.size // 2, "edge"), _KERNEL, "valid")
    floor = 0.05 * np.median(np.abs(continuum))
    values = resampled / np.maximum(continuum, floor) - 1
    spread = 1.4826 * np.median(np.abs(values - np.median(values))) or 1.0
    values = np.clip(values, -_TOP * 10 * spread, _TOP * 10 * spread)  # no cosmic ray, and no line, decides alone
    ramp = np.minimum(1, np.minimum(np.arange(len(grid)), np.arange(len(grid))[::-1]) / max(1, _EDGE * len(grid)))
    return Lines(float(grid[0]), (values - values.mean()) * ramp, ramp)


def match(spectrum: Lines, template: Template) -> Match | None:
    """Find the redshift at which a template fits best; None if it nowhere reaches enough of the spectrum."""
    other = lines_of(template.wavelengths, template.fluxes)
    products = _correlate(spectrum.values, other.values)
    of_spectrum = _correlate(spectrum.values**2, other.known)
    of_template = _correlate(spectrum.known, other.values**2)
    overlap = _correlate(spectrum.known, (other.known > 0).astype(float)) / spectrum.known.sum()
    lags = np.arange(-len(other.values) + 1, len(spectrum.values)) + spectrum.start - other.start
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = products / np.sqrt(np.maximum(of_spectrum, 1e-12) * np.maximum(of_template, 1e-12))
    allowed = (overlap >= _LEAST_OVERLAP) & np.isfinite(correlation)
    low, high = (np.log1p(redshift) / STEP for redshift in template.redshifts)
    searched = np.flatnonzero(allowed & (lags >= low) & (lags <= high))
    if not len(searched):
        return None
    best = searched[np.argmax(correlation[searched])]
    top, shift, width = _peak(correlation, best)
    r = top / (np.sqrt(2) * _noise(correlation, allowed, best))
    redshift = float(np.expm1((lags[best] + shift) * STEP))
    error = float(3 / 8 * width / (1 + r) * STEP * (1 + redshift))
    return Match(template, redshift, error, float(r), float(top))


def _correlate(first: FloatArray, second: FloatArray) -> FloatArray:
    """Correlate two arrays, of shape (n,) and (m,), at all lags from 1 - m to n - 1."""
    size = len(first) + len(second) - 1
    padded = 1 << (size - 1).bit_length()
    product = np.fft.rfft(first, padded) * np.fft.rfft(second[::-1], padded)
    correlation: FloatArray = np.fft.irfft(product, padded)[:size]
    return correlation


def _peak(correlation: FloatArray, best: int) -> tuple[float, float, float]:
    """Return height, place beside `best` and width at half maximum, in steps: by a parabola, and by walking down."""
    last = len(correlation) - 1
    left, middle, right = (correlation[min(last, max(0, best + step))] for step in (-1, 0, 1))
    curvature = left - 2 * middle + right
    shift = 0.0 if curvature >= 0 else float(np.clip(0.5 * (left - right) / curvature, -0.5, 0.5))
    below = np.flatnonzero(correlation < middle / 2)
    after, before = below[below > best], below[below < best]
    width = (after[0] if len(after) else best + 10) - (before[-1] if len(before) else best - 10)
    return float(middle), shift, float(width)


def _noise(correlation: FloatArray, allowed: npt.NDArray[np.bool_], best: int) -> float:
    """Return the r.m.s. of the antisymmetric part around the peak: a true peak is symmetric."""
    reach = min(best, len(correlation) - 1 - best, 1000)
    offsets = np.arange(1, reach + 1)
    both = allowed[best + offsets] & allowed[best - offsets] if reach else np.zeros(0, dtype=bool)
    if both.sum() < 20:  # noqa: PLR2004 - too few to say
        return float(np.std(correlation[allowed])) or 1.0
    difference = (correlation[best + offsets] - correlation[best - offsets])[both]
    return float(np.sqrt(np.mean(difference**2)) / 2) or 1.0
