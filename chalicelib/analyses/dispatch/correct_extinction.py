"""Corrects gathered photometry for the dust of the Milky Way, if the parameters of the run ask for it."""

from dataclasses import replace

from chalicelib.analyses.dispatch.gather import Gathered
from chalicelib.sources.photometry import extinction

REPORT = "extinction_correction"
"""The key beside the parameters under which a service reads what was done."""


def correct(gathered: Gathered) -> Gathered:
    """Return the photometry without dust, with a report of it among the parameters."""
    if gathered.ebv is None:
        return gathered
    before = extinction.corrected_before(gathered.photometry)
    report = {
        "ebv": gathered.ebv,
        "law": extinction.LAW,
        "uncorrected_filters": extinction.uncorrected_filters(gathered.photometry),
        **({"already_corrected": before} if before else {}),
    }
    return replace(
        gathered,
        photometry=extinction.corrected(gathered.photometry, gathered.ebv),
        parameters={**gathered.parameters, REPORT: report},
    )
