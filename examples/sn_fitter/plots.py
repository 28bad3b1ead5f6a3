"""Draws a fit: the light curve with its model in every band, and below it the residuals of each band."""

import io
import math
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fit import Fit
from models import effective_wavelength

COLOURS = ("#0072b2", "#009e73", "#e69f00", "#d55e00", "#cc79a7", "#56b4e9", "#000000")
"""Okabe & Ito's palette, which colour-blind eyes tell apart; bands take it in order of wavelength."""

MARKERS = "osD^vPX"
WIDTH, CURVES_HEIGHT, RESIDUALS_HEIGHT = 7.2, 3.9, 0.75
LEFT, RIGHT, TOP, BOTTOM, GAP = 0.95, 0.06, 0.68, 0.48, 0.04
LABELS, TITLE = 0.34, 0.48
"""Inches; labels end so far from the left, which leaves room for six digits (larger fluxes get an exponent), and the
title stands so far above the curves. To have all that found takes as long as to draw."""

DOTS_PER_INCH = 180


def light_curve_png(fit: Fit, object_id: str) -> bytes:
    """Draw a PNG of the fit, fluxes above and one panel of residuals for each band below."""
    bands = sorted(fit.curves, key=effective_wavelength)
    heights = [CURVES_HEIGHT] + [RESIDUALS_HEIGHT] * len(bands)
    height = TOP + sum(heights) + GAP * len(bands) + BOTTOM
    figure = Figure(figsize=(WIDTH, height), dpi=DOTS_PER_INCH)
    figure.subplots_adjust(
        left=LEFT / WIDTH,
        right=1 - RIGHT / WIDTH,
        top=1 - TOP / height,
        bottom=BOTTOM / height,
        hspace=GAP * len(heights) / sum(heights),
    )
    fluxes, *residuals = figure.subplots(1 + len(bands), 1, sharex=True, height_ratios=heights)
    for axis in (fluxes, *residuals):
        axis.minorticks_on()
        axis.tick_params(direction="in", which="both", right=True, top=axis is not fluxes)
    _draw_fluxes(fluxes, fit, bands)
    for number, (axis, band) in enumerate(zip(residuals, bands, strict=True)):
        _draw_residuals(axis, fit, band, number)
    residuals[-1].set_xlabel("Modified Julian date")
    best = fit.best
    title = f"{object_id}    z = {fit.redshift:.5g}    χ²/dof = {best.chisq:.1f}/{best.ndof} ({fit.model_name})"
    # Otherwise an id that holds dollar signs would be read as a formula.
    fluxes.set_title(title, fontsize=11, parse_math=False, y=1 + TITLE / CURVES_HEIGHT, pad=0)
    for axis in (fluxes, *residuals):
        axis.yaxis.set_label_coords((LABELS - LEFT) / (WIDTH - LEFT - RIGHT), 0.5)
    image = io.BytesIO()
    figure.savefig(image, format="png")
    return image.getvalue()


def _draw_fluxes(axis: Axes, fit: Fit, bands: list[str]) -> None:
    points = fit.best.points
    for number, band in enumerate(bands):
        colour, curve, chosen = _colour(number), fit.curves[band], points.select(points.band == band)
        axis.fill_between(curve.mjd, curve.low, curve.high, color=colour, alpha=0.25, linewidth=0)
        axis.plot(curve.mjd, curve.median, color=colour, linewidth=1.3)
        axis.errorbar(chosen.mjd, chosen.flux, chosen.fluxerr, label=band, **_marker_style(number))
    axis.axhline(0, color="0.6", linewidth=0.7, zorder=0)
    axis.set_ylabel("Flux density (µJy)")
    mjd = fit.curves[bands[0]].mjd
    axis.set_xlim(float(mjd[0]), float(mjd[-1]))
    axis.legend(frameon=False, loc="upper left", fontsize=9)
    axis.text(0.98, 0.96, _parameter_text(fit), transform=axis.transAxes, ha="right", va="top", fontsize=9)

    t0, stretch = fit.best.parameters[0], 1 + fit.redshift
    to_phase_and_back = (lambda mjd: (np.asarray(mjd) - t0) / stretch, lambda days: np.asarray(days) * stretch + t0)
    phase = axis.secondary_xaxis("top", functions=to_phase_and_back)
    phase.set_xlabel("Rest-frame days from maximum in B", fontsize=9)
    phase.minorticks_on()
    phase.tick_params(direction="in", which="both")


def _draw_residuals(axis: Axes, fit: Fit, band: str, number: int) -> None:
    chosen = fit.best.points.band == band
    axis.axhspan(-1, 1, color="0.93", zorder=0)
    axis.axhline(0, color="0.4", linewidth=0.8, zorder=1)
    axis.errorbar(fit.best.points.mjd[chosen], fit.pulls[chosen], 1.0, **_marker_style(number))
    reach = max(3.5, 1.3 + float(abs(fit.pulls).max()))
    axis.set_ylim(-reach, reach)
    axis.set_ylabel(r"$\Delta/\sigma$")
    axis.text(0.985, 0.88, band, transform=axis.transAxes, ha="right", va="top", color=_colour(number), fontsize=9)


def _parameter_text(fit: Fit) -> str:
    """Write the parameters with their errors, the amplitude as a multiple of a power of ten."""
    power = math.floor(math.log10(fit.best.parameters[1]))
    labels = ("t_0", f"x_0 / 10^{{{power}}}", "x_1", "c")
    rows = zip(labels, fit.best.parameters, fit.best.errors, (1, 10.0**power, 1, 1), (2, 2, 2, 3), strict=True)
    return "\n".join(
        rf"${name} = {value / unit:.{n}f} \pm {error / unit:.{n}f}$" for name, value, error, unit, n in rows
    )


def _colour(number: int) -> str:
    return COLOURS[number % len(COLOURS)]


def _marker_style(number: int) -> dict[str, Any]:
    return {
        "fmt": MARKERS[number % len(MARKERS)],
        "color": _colour(number),
        "markersize": 4.5,
        "markeredgecolor": "white",
        "markeredgewidth": 0.5,
        "elinewidth": 0.9,
        "capsize": 0,
    }
