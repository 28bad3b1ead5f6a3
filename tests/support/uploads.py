"""Large results as a service uploads them: a form from the API, the document to S3, then the commit."""

import json
from typing import Any

import requests

from tests.support.api import Answer, Api


def form_of(token: str) -> dict[str, Any]:
    """Ask for a form as the service does."""
    return ask(token).data


def ask(token: str) -> Answer:
    return Api(None).post(f"/api/webhook/obj_analysis/{token}/upload")


def send(form: dict[str, Any], document: Any, **changed_fields: str) -> requests.Response:
    """POST a document, or bytes as they are, to a form."""
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    fields = {**form["fields"], **changed_fields}
    return requests.post(form["url"], data=fields, files={"file": ("result.json", content)}, timeout=60)


def commit(token: str, **changes: Any) -> Answer:
    """Tell the API that the result lies there."""
    body = {"status": "success", "message": "fit converged", "uploaded": True, **changes}
    return Api(None).post(f"/api/webhook/obj_analysis/{token}", body)
