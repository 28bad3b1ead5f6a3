"""The document that a service gets: section 4.1 of the wire contract."""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.permissions import SYSTEM_ADMIN
from chalicelib.analyses.dispatch import correction
from chalicelib.analyses.dispatch import inputs_csv as csv
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.run import objects, webhook_token
from chalicelib.analyses.start import extinction_option
from chalicelib.settings import settings
from chalicelib.sources.source.partition import SourceData, data_of

Filters = Mapping[str, Any]

PHOTOMETRY = "photometry"

_TEXTS: dict[str, Callable[[SourceData], str]] = {
    "redshift": lambda data: csv.redshift_csv(data.source),
    "spectra": lambda data: csv.spectra_csv(data.spectra),
    "annotations": lambda data: csv.annotations_csv(data.annotations),
    "comments": lambda data: csv.comments_csv(data.comments),
    "classifications": lambda data: csv.classifications_csv(data.classifications),
}
"""How each input type but photometry becomes CSV."""


def author(run: Run) -> Caller:
    """Return the person who started a run, with the sight that they had at the start."""
    return Caller(
        user_id=run.author_id,
        username="",
        permissions=frozenset({SYSTEM_ADMIN}) if run.author_is_admin else frozenset(),
        group_ids=frozenset(run.author_group_ids),
    )


def assemble(run: Run, input_types: list[str]) -> dict[str, Any]:
    """Return the inputs of a run: its parameters and one CSV text for each type that the service asks for.

    Only what the author of the run may see is in them.

    Raises
    ------
    NotFound
        The object is gone, or the author may not see it any more.
    BadRequest
        The photometry cannot be corrected for extinction any more.
    """
    parameters = run.analysis_parameters if run.parameters_key is None else objects.get_json(run.parameters_key)
    data = data_of(author(run), run.obj_id, input_types)
    rows = _photometry(data, run.input_filters or {})
    if extinction_option.is_wanted(parameters):
        rows, report = correction.correct(data.source, rows)
        parameters = {**parameters, correction.REPORT: report}
    texts = {kind: csv.rows_csv(rows) if kind == PHOTOMETRY else _TEXTS[kind](data) for kind in input_types}
    return {"analysis_parameters": parameters, **texts}


def _photometry(data: SourceData, filters: Filters) -> list[csv.Row]:
    wanted = filters.get(PHOTOMETRY, {})
    return csv.photometry_rows(data.photometry, wanted.get("filters"), wanted.get("instruments"))


def of_run(run: Run, input_types: list[str]) -> dict[str, Any]:
    """Return the inputs of a run: those of the run that it repeats, or assembled now.

    Raises
    ------
    NotFound
        See `assemble`.
    """
    if run.keeps_inputs:
        stored: dict[str, Any] = objects.get_json(objects.inputs_key(run.id))["inputs"]
        return stored
    return assemble(run, input_types)


def document(run: Run, inputs: dict[str, Any]) -> dict[str, Any]:
    """Return what is posted to the service, but for its credentials."""
    return {
        "callback_url": f"{settings().public_url}{WEBHOOK_PATH}/{webhook_token.token_of(run.id)}",
        "inputs": inputs,
        "callback_method": "POST",
        "invalid_after": run.invalid_after.isoformat(" ", timespec="microseconds"),
        "analysis_resource_type": "obj",
        "resource_id": run.obj_id,
        "analysis_parameters": {},
    }


WEBHOOK_PATH = "/api/webhook/obj_analysis"
_OURS = {"callback_url"}


def kept(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of the document that is stored: all but the callback, which holds the token."""
    return {key: value for key, value in sent.items() if key not in _OURS}
