"""The answer to the sender: what a fit looks like on the wire."""

import base64
import io

import h5netcdf
import joblib
import numpy as np

from failures import Document
from fit import BandCurve, Fit
from measurements import ZERO_POINT
from plots import light_curve_png
from salt import VARIED

POOR_CHISQ_PER_DOF = 3.0


def success(fit: Fit, object_id: str) -> Document:
    """Build the document of a fit: posterior, plot, results and model light curve."""
    return {
        "status": "success",
        "message": _message(fit),
        "analysis": {
            "inference_data": _product("netcdf4", _inference_data(fit)),
            "plots": [_product("png", light_curve_png(fit, object_id))],
            "results": _product("joblib", _results(fit)),
            "model_lightcurve": {band: _magnitudes(curve) for band, curve in fit.curves.items()},
            "model_name": fit.model_name,
            "n_detections": fit.best.points.detections,
        },
    }


def _message(fit: Fit) -> str:
    points = fit.best.points
    sentence = (
        f"{fit.model_name} fits {len(points.mjd)} points in {', '.join(points.bands)} at z = {fit.redshift:.5g} "
        f"with chi2/dof = {fit.best.chisq:.1f}/{fit.best.ndof}."
    )
    poor = fit.best.chisq > POOR_CHISQ_PER_DOF * fit.best.ndof
    verdict = " The fit is poor: check the redshift, the photometry and whether this is a type Ia." if poor else ""
    left_out = f" Left out: {'; '.join(fit.left_out)}." if fit.left_out else ""
    return sentence + verdict + left_out


def _product(kind: str, data: bytes) -> dict[str, str]:
    return {"format": kind, "data": base64.b64encode(data).decode("ascii")}


def _inference_data(fit: Fit) -> bytes:
    """Write an arviz file with the posterior group, a chain for each walker; arviz itself takes a second to import."""
    walkers, steps, _ = fit.posterior.samples.shape
    sizes = {"chain": walkers, "draw": steps}
    attributes = {"model": f"{fit.model_name} {fit.model_version}", "redshift": fit.redshift, "sampler": "emcee"}
    buffer = io.BytesIO()
    with h5netcdf.File(buffer, "w") as file:
        posterior = file.create_group("posterior")
        posterior.attrs.update(attributes)
        posterior.dimensions = sizes
        for name, size in sizes.items():
            posterior.create_variable(name, (name,), data=np.arange(size))
        for index, name in enumerate(VARIED):
            posterior.create_variable(name, tuple(sizes), data=fit.posterior.samples[:, :, index])
    return buffer.getvalue()


def _results(fit: Fit) -> bytes:
    best = fit.best
    phases = (best.points.mjd - best.parameters[0]) / (1 + fit.redshift)
    results = {
        "model": fit.model_name,
        "model_version": fit.model_version,
        "redshift": fit.redshift,
        "parameters": dict(zip(VARIED, best.parameters.tolist(), strict=True)),
        "errors": dict(zip(VARIED, best.errors.tolist(), strict=True)),
        "covariance": best.covariance,
        "covariance_order": list(VARIED),
        "chisq": best.chisq,
        "ndof": best.ndof,
        "phase_range": [float(phases.min()), float(phases.max())],
        "bands": list(best.points.bands),
        "left_out": list(fit.left_out),
        "acceptance_fraction": fit.posterior.acceptance,
    }
    buffer = io.BytesIO()
    joblib.dump(results, buffer, compress=3)
    return buffer.getvalue()


def _magnitudes(curve: BandCurve) -> list[list[float]]:
    """Turn a curve into rows of mjd and AB magnitudes (median, low, high) where the whole interval is above zero."""
    seen = curve.low > 0
    median, low, high = (ZERO_POINT - 2.5 * np.log10(flux[seen]) for flux in (curve.median, curve.high, curve.low))
    rows: list[list[float]] = np.column_stack([curve.mjd[seen], median, low, high]).round(5).tolist()
    return rows
