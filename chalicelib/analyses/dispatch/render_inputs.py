"""Renders what was gathered as the inputs of the document."""

from collections.abc import Callable, Iterable
from typing import Any

from chalicelib.analyses.dispatch import inputs_csv as csv
from chalicelib.analyses.dispatch.gather import Gathered

_TEXTS: dict[str, Callable[[Gathered], str]] = {
    "photometry": lambda gathered: csv.photometry_csv(gathered.photometry),
    "redshift": lambda gathered: csv.redshift_csv(gathered.data.source),
    "spectra": lambda gathered: csv.spectra_csv(gathered.data.spectra),
    "annotations": lambda gathered: csv.annotations_csv(gathered.data.annotations),
    "comments": lambda gathered: csv.comments_csv(gathered.data.comments),
    "classifications": lambda gathered: csv.classifications_csv(gathered.data.classifications),
}
"""How each input type becomes CSV."""


def render(gathered: Gathered, kinds: Iterable[str]) -> dict[str, Any]:
    """Return the inputs: the parameters, and one CSV text for each type that the service asks for."""
    return {"analysis_parameters": gathered.parameters, **{kind: _TEXTS[kind](gathered) for kind in kinds}}
