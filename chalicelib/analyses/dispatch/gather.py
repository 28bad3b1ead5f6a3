"""What the inputs of a run are made from: its parameters, and what its author may see of the object."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.permissions import SYSTEM_ADMIN
from chalicelib.analyses.dispatch.photometry_rows import Row, photometry_rows
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.start import extinction_option
from chalicelib.sources.photometry.reddening import reddening
from chalicelib.sources.source.partition import SourceData, data_of


@dataclass(frozen=True, slots=True)
class Gathered:
    """Values, on their way into the document."""

    parameters: Mapping[str, Any]
    photometry: list[Row]
    """One row for each time and filter: what `input_filters` leaves."""
    data: SourceData
    """The source and its other data."""
    ebv: float | None
    """E(B-V) in magnitudes, if the photometry is to be corrected for extinction."""


def gather(run: Run, parameters: Mapping[str, Any], kinds: Collection[str]) -> Gathered:
    """Read what the author of a run may see of its object: never more, and as of the start.

    Raises
    ------
    NotFound
        The object is gone, or the author may not see it any more.
    BadRequest
        The photometry cannot be corrected for extinction any more.
    """
    author = Caller(
        user_id=run.author_id,
        username="",
        permissions=frozenset({SYSTEM_ADMIN}) if run.author_is_admin else frozenset(),
        group_ids=frozenset(run.author_group_ids),
    )
    data = data_of(author, run.obj_id, kinds)
    wanted = (run.input_filters or {}).get("photometry", {})
    return Gathered(
        parameters=parameters,
        photometry=photometry_rows(data.photometry, wanted.get("filters"), wanted.get("instruments")),
        data=data,
        ebv=reddening(data.source) if extinction_option.is_wanted(parameters) else None,
    )
