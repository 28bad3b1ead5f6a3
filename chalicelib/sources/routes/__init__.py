"""The routes of sources and their data."""

from chalicelib.sources import vocabulary
from chalicelib.sources.routes import (
    annotations,
    classifications,
    comments,
    facilities,
    light_curve,
    own_data,
    periodogram,
    phot_stat,
    photometry,
    source_list,
    sources,
    spectra,
    taxonomies,
)
from chalicelib.sources.routes.blueprint import blueprint

__all__ = [
    "annotations",
    "blueprint",
    "classifications",
    "comments",
    "facilities",
    "light_curve",
    "own_data",
    "periodogram",
    "phot_stat",
    "photometry",
    "source_list",
    "sources",
    "spectra",
    "taxonomies",
    "vocabulary",
]
