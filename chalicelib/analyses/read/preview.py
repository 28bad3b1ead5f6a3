"""What a service would be sent for an analysis, without starting one."""

from collections.abc import Mapping
from typing import Any

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.groups.groups import chosen_groups
from chalicelib.analyses.bodies import NewAnalysis
from chalicelib.analyses.dispatch.correct_extinction import correct
from chalicelib.analyses.dispatch.document import document_of
from chalicelib.analyses.dispatch.gather import gather
from chalicelib.analyses.dispatch.render_inputs import render
from chalicelib.analyses.limits import MAX_GROUPS
from chalicelib.analyses.start import extinction_option
from chalicelib.analyses.start.start import check_is_called, new_run, read_subject
from chalicelib.http.encoding import json_bytes
from chalicelib.services.parameters import check_parameters


def preview(caller: Caller, obj_id: str, service_id: int, wanted: NewAnalysis) -> dict[str, Any]:
    """Return the document as it would be sent now, without callback, upload URL and keys, its rows and its size.

    Raises
    ------
    ApiError
        As a start with this body does, but for the cap on the number of analyses.
    """
    subject = read_subject(caller, obj_id, service_id)
    check_is_called(subject.service)
    parameters = wanted.analysis_parameters or {}
    check_parameters(subject.service, parameters)
    extinction_option.check(subject.source, parameters)
    run = new_run(caller, subject, wanted, chosen_groups(caller, wanted.group_ids, most=MAX_GROUPS))
    kinds = subject.service.input_data_types
    document = document_of(run, render(correct(gather(run, parameters, kinds)), kinds))
    return {
        "document": document,
        "rows": {kind: _rows(kind, document["inputs"]) for kind in kinds},
        "bytes": len(json_bytes(document)),
    }


def _rows(kind: str, inputs: Mapping[str, Any]) -> int:
    """Count the rows of a CSV text without its header; a line break within quotes ends none."""
    outside_quotes: list[str] = inputs[kind].split('"')[::2]
    return max(0, sum(part.count("\n") for part in outside_quotes) - 1)
