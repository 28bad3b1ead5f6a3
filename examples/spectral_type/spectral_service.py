"""Spectral type and redshift of a source, by cross-correlation of its newest spectrum with templates."""

import numpy as np
from matplotlib.figure import Figure

from correlation import STEP, Match, lines_of, match
from siderostat_service import CannotAnalyse, Result, Source, Spectrum, analysis
from templates import templates

RELIABLE = 4.0
_LEAST_POINTS = 100


@analysis(
    parameters={"spectrum": {"type": "number", "min": 0}, "kinds": ["all", "galaxy", "star", "quasar"]},
    inputs=["spectra", "redshift"],
    analysis_type="spectrum_fitting",
    time_limit=120,
)
def spectral_type(source: Source) -> Result:
    """Find the template and the redshift at which it resembles a spectrum most."""
    spectrum = _chosen(source)
    kinds = source.parameters["kinds"]
    lines = lines_of(spectrum.wavelengths, spectrum.fluxes)
    wanted = [one for one in templates() if kinds == "all" or one.name.startswith(kinds)]
    matches = sorted(filter(None, (match(lines, one) for one in wanted)), key=lambda one: -one.r)
    if not matches:
        raise CannotAnalyse("No template reaches enough of this spectrum: it needs 3000 to 10000 Å.")
    best, reliable = matches[0], matches[0].r >= RELIABLE
    return Result(
        message=_message(best, source, reliable=reliable),
        results={
            "type": best.template.name,
            "redshift": best.redshift,
            "redshift_error": best.redshift_error,
            "r": best.r,
            "reliable": reliable,
            "observed_at": spectrum.observed_at,
            "others": [{"type": one.template.name, "redshift": one.redshift, "r": one.r} for one in matches[1:6]],
        },
        plots=[_figure(spectrum, best)],
        annotations=[{"data": {"type": best.template.name, "redshift": best.redshift, "r": best.r}}]
        if reliable
        else (),
    )


def _chosen(source: Source) -> Spectrum:
    spectra = source.spectra
    if not spectra:
        raise CannotAnalyse(
            "The source has no spectrum: add one, or register the service with the input type `spectra`."
        )
    number = source.parameters["spectrum"]
    if number is not None and not (isinstance(number, int) and number < len(spectra)):
        raise CannotAnalyse(
            f"There is no spectrum {number}: there are {len(spectra)}, counted from 0, the oldest first."
        )
    spectrum = spectra[-1 if number is None else number]
    good = np.isfinite(spectrum.fluxes) & (spectrum.wavelengths > 0)
    if good.sum() < _LEAST_POINTS:
        raise CannotAnalyse(f"The spectrum has {good.sum()} points; at least {_LEAST_POINTS} are needed.")
    return spectrum


def _message(best: Match, source: Source, *, reliable: bool) -> str:
    found = f"{best.template.name} at z = {best.redshift:.4f} ± {best.redshift_error:.4f} (r = {best.r:.1f})"
    if not reliable:
        return f"Nothing reliable: the best is {found}, and below r = {RELIABLE:g} that may be chance."
    known = source.redshift
    if known is not None and abs(known - best.redshift) > 0.01 * (1 + known):
        return f"{found}; the source's redshift is {known:.4f}."
    return f"{found}."


def _figure(spectrum: Spectrum, best: Match) -> Figure:
    figure = Figure(figsize=(8, 4))
    axes = figure.subplots()
    observed = lines_of(spectrum.wavelengths, spectrum.fluxes)
    at = best.template.wavelengths * (1 + best.redshift)
    inside = (at >= np.nanmin(spectrum.wavelengths)) & (at <= np.nanmax(spectrum.wavelengths))
    shown = lines_of(at[inside], best.template.fluxes[inside])
    axes.plot(
        np.exp((observed.start + np.arange(len(observed.values))) * STEP), observed.values, label="spectrum", lw=0.7
    )
    offset = 4 * np.std(observed.values)
    axes.plot(
        np.exp((shown.start + np.arange(len(shown.values))) * STEP),
        shown.values - offset,
        label=best.template.name,
        lw=0.7,
    )
    axes.set(xlabel="wavelength [Å]", ylabel="flux / continuum - 1", title=f"z = {best.redshift:.4f}")
    axes.legend()
    return figure


app = spectral_type.app if __name__ != "__main__" else None

if __name__ == "__main__":
    spectral_type.main()
