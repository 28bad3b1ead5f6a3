"""What a job comes to: reads its inputs, fits and builds the document, or a failure with a sentence."""

import logging
from typing import Any

from document import success
from failures import Document, InputError, failure
from fit import fit_light_curve
from measurements import read_photometry, read_redshift
from parameters import read_parameters

logger = logging.getLogger(__name__)


def answer(object_id: str, inputs: dict[str, Any]) -> Document:
    """Fit an object; whatever goes wrong becomes a failure with a sentence."""
    try:
        parameters = read_parameters(inputs.get("analysis_parameters", {}))
        light_curve = read_photometry(inputs.get("photometry"))
        redshift = read_redshift(inputs.get("redshift"))
        logger.info("inputs read: %d points in %s, z = %g", len(light_curve.mjd), light_curve.bands, redshift)
        return success(fit_light_curve(light_curve, redshift, parameters), object_id)
    except InputError as error:
        return failure(str(error))
    except Exception as error:  # the sender must hear of it, and the next job must find this process alive
        logger.exception("the fit crashed")
        return failure(f"The fit crashed ({type(error).__name__}: {error}): report it to the service's contact.")
