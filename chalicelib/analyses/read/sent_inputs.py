"""The document that a service was sent, for its author to read."""

import json

from chalicelib.analyses.items.run import Run
from chalicelib.analyses.read.product_file import MOST_INLINE_BYTES
from chalicelib.analyses.run import objects
from chalicelib.http.envelope import Reply, redirect, success
from chalicelib.http.errors import NotFound

_LINK_SECONDS = 300


def sent_inputs(run: Run) -> Reply:
    """Answer the document without callback, upload URL and keys; a large one by a redirect to compressed JSON.

    Raises
    ------
    NotFound
        Nothing was sent: the analysis waits, or was uploaded.
    """
    key = objects.inputs_key(run.id)
    is_ahead = run.keeps_inputs and not run.attempts
    if is_ahead or not objects.exists(key):
        raise NotFound("No inputs found for this Analysis: nothing has been sent to the service.")
    document = objects.get_json(key)
    if len(json.dumps(document)) > MOST_INLINE_BYTES:
        return redirect(objects.signed_link(key, _LINK_SECONDS))
    return success(document)
