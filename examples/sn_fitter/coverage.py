"""Which points of a light curve a model can be compared with."""

import numpy as np
import sncosmo

from failures import InputError
from measurements import LightCurve
from models import has_passband

MINIMUM_DETECTIONS = 5


def points_in_reach(light_curve: LightCurve, model: sncosmo.Model) -> tuple[LightCurve, tuple[str, ...]]:
    """Select the points in bands that the model covers at its redshift, and say what was left out and why.

    Raises
    ------
    InputError
        Fewer than five detections remain.
    """
    unknown = [band for band in light_curve.bands if not has_passband(band)]
    known = [band for band in light_curve.bands if band not in unknown]
    beyond = [band for band in known if not model.bandoverlap(band)]
    reasons = ((unknown, "no passband here"), (beyond, f"beyond the model's wavelengths at z = {model.get('z'):g}"))
    left_out = tuple(f"{', '.join(bands)} ({reason})" for bands, reason in reasons if bands)
    covered = light_curve.select(np.isin(light_curve.band, known) & ~np.isin(light_curve.band, beyond))
    if covered.detections < MINIMUM_DETECTIONS:
        without = f" without {'; '.join(left_out)}" if left_out else ""
        raise InputError(
            f"A fit needs {MINIMUM_DETECTIONS} detections above 3 sigma, and there are {covered.detections}{without}: "
            "add photometry and run again."
        )
    return covered, left_out
