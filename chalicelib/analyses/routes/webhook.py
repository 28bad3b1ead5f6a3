"""The endpoint that services post to."""

from typing import Any

from chalicelib.analyses.bodies import ResultBody
from chalicelib.analyses.results import uploading, webhook
from chalicelib.analyses.routes.blueprint import answers, blueprint
from chalicelib.http.endpoint import Incoming
from chalicelib.http.endpoint import endpoint as open_endpoint


@open_endpoint(
    blueprint,
    "POST",
    "/api/webhook/obj_analysis/{token}",
    too_large=uploading.too_large,
    answers=lambda: answers.Received,
    body=ResultBody,
)
def receive_result(token: str, incoming: Incoming) -> dict[str, Any]:
    """Accept a service's result, once; the token in the path is the only authentication."""
    return webhook.receive(token, incoming.body)


@open_endpoint(
    blueprint,
    "POST",
    "/api/webhook/obj_analysis/{token}/upload",
    answers=lambda: answers.UploadForm,
)
def make_upload_form(token: str) -> dict[str, Any]:
    """Answer a presigned form for a result that is too large to be posted; the token stays valid."""
    return webhook.form(token)
