"""The summarizer's endpoint: an analysis service like any other, for this site and for SkyPortals."""

import hmac

from chalice.app import Blueprint

from chalicelib.http.endpoint import Content, Incoming, endpoint
from chalicelib.http.envelope import Reply
from chalicelib.http.errors import Unauthorized
from chalicelib.settings import SUMMARIZE_PATH, settings
from chalicelib.site_secrets import site_secret
from chalicelib.summaries import tasks
from chalicelib.summaries.document import Document

blueprint = Blueprint(__name__)


@endpoint(blueprint, "POST", SUMMARIZE_PATH, raises=(Unauthorized,))
def post_summarize(body: Document, incoming: Incoming) -> dict[str, str]:
    """Have a summary of a source written; it goes to the callback URL."""
    _admit(incoming)
    tasks.accept(body)
    return {"message": "The summary is being written."}


@endpoint(blueprint, "GET", SUMMARIZE_PATH, answers=lambda: Content(("application/json",)))
def get_summarize() -> Reply:
    """Say that the summarizer is there, as analysis services do."""
    return Reply(b'{"status": "active"}')


def _admit(incoming: Incoming) -> None:
    """Let in only who knows the site's token, if the site has one."""
    wanted = site_secret(settings().summarizer_token)
    if wanted is None:
        return
    given = incoming.headers.get("authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {wanted}".encode()):
        raise Unauthorized('This summarizer needs the header "Authorization: Bearer <its token>".')
