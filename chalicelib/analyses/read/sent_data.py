"""Reading what a service sent, as it came."""

from typing import Any

from chalicelib.analyses.items.run import Run
from chalicelib.analyses.results.posted import analysis_of
from chalicelib.analyses.run import objects
from chalicelib.analyses.sent_values import analysis_object
from chalicelib.http.errors import BadRequest, TooLarge
from chalicelib.http.reading import json_object
from chalicelib.settings import MAX_BODY_BYTES


def data_of(run: Run) -> dict[str, Any]:
    """Return the `analysis` object exactly as the service sent it; empty if it sent none.

    Raises
    ------
    TooLarge
        It was uploaded, and is larger than an answer.
    """
    if run.receipt is None:
        return {}
    key = objects.document_of(run)
    if objects.is_uploaded(run.receipt):
        return _uploaded_data(run, key)
    return analysis_of(objects.get_json(key))


def _uploaded_data(run: Run, key: str) -> dict[str, Any]:
    """Read an upload as a post is read; what would have been refused as a post is told with the products."""
    try:
        raw = objects.get_uploaded(key, MAX_BODY_BYTES)
        if raw is None:
            raise too_large(run)
        return analysis_object(json_object(raw, any_text=True).get("analysis"))
    except BadRequest:
        return {}


def too_large(run: Run) -> TooLarge:
    """Return the refusal of data that are larger than an answer: it says where the products are to be had."""
    below = f"/api/obj/analysis/{run.id}"
    names = ["results", *(f"plots/{number}" for number in range(run.num_plots)), "inference_data"]
    urls = ", ".join(f"{below}/{name}" for name in names)
    return TooLarge(
        f"The data of this Analysis are larger than {MAX_BODY_BYTES} bytes. Read the products one by one: {urls}; "
        f"or all of them at once: {below}/archive"
    )
