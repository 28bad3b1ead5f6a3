"""The document that a service is sent, but for callback, upload URL and credentials."""

from typing import Any

from chalicelib.analyses.items.run import Run


def document_of(run: Run, inputs: dict[str, Any]) -> dict[str, Any]:
    """Return the document of a run with these inputs."""
    return {
        "inputs": inputs,
        "callback_method": "POST",
        "invalid_after": run.invalid_after.isoformat(" ", timespec="microseconds"),
        "analysis_resource_type": "obj",
        "resource_id": run.obj_id,
        "analysis_parameters": {},
    }
