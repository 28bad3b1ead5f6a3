"""The endpoint of the documentation."""

from chalice.app import Blueprint
from pydantic_core import to_json

from chalicelib.http.endpoint import Content, endpoint
from chalicelib.http.envelope import Reply
from chalicelib.openapi.document import document

blueprint = Blueprint(__name__)


@endpoint(blueprint, "GET", "/api/openapi.json", answers=lambda: Content(("application/json",)), whole=True)
def get_openapi() -> Reply:
    """Describe the whole API as OpenAPI 3.1, to anyone."""
    return Reply(to_json(document()))
