"""The document that a service is sent, but for callback, upload URL and credentials."""

from datetime import datetime
from typing import Any

from chalicelib.analyses.items.run import Run
from chalicelib.analyses.run import objects


def document_of(run: Run, inputs: dict[str, Any]) -> dict[str, Any]:
    """Return the document of a run with these inputs."""
    return {
        "inputs": inputs,
        "callback_method": "POST",
        "invalid_after": _written(run.invalid_after),
        "analysis_resource_type": "obj",
        "resource_id": run.obj_id,
        "analysis_parameters": {},
    }


def passed_on(run: Run) -> dict[str, Any]:
    """Return the document that came through a relay, with all its keys, valid as long as the run's own token."""
    return {**objects.get_json(objects.inputs_key(run.id)), "invalid_after": _written(run.invalid_after)}


def _written(moment: datetime) -> str:
    return moment.isoformat(" ", timespec="microseconds")
