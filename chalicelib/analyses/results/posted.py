"""What a service posted, read without trusting any of it: section 4.2 of the wire contract."""

import gzip
import json
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.analyses.results.data_hash import data_hash
from chalicelib.analyses.sent_values import analysis_object, text_of_message
from chalicelib.http.errors import BadRequest

Posted = Mapping[str, Any]

POSTERIORS = frozenset({"inference_data", "posterior_samples", "posteriors"})
EFFECTS = frozenset({"annotations", "classifications"})
MOST_PLOTS = 100
"""As many as the products function stores."""

UPLOADED = "uploaded"
"""Stands for the contents of an uploaded result until they are known."""

_KNOWN = POSTERIORS | EFFECTS | {"plots", "results"}
_OTHER = "other"

_MODEL_KEYS: dict[str, type] = {
    "model_lightcurve": dict,
    "model_lightcurves": dict,
    "model_name": str,
    "n_detections": int,
}
"""What object lists show, and of which type it must be to be shown."""

MODEL_KEYS = tuple(_MODEL_KEYS)

_MOST_MODEL_BYTES = 100_000
"""Compressed; what is larger is read with includeAnalysisData."""


def checked(posted: Posted) -> Posted:
    """Return what a service posted with its analysis as an object.

    Raises
    ------
    BadRequest
        The analysis is something else, or the status no plain value: nothing is accepted, and the token stays valid.
    """
    if isinstance(posted.get("status"), dict | list):
        raise BadRequest("Invalid status: it must be text, such as 'success'.")
    return {**posted, "analysis": analysis_object(posted["analysis"])} if "analysis" in posted else posted


def succeeded(posted: Posted) -> bool:
    """Say whether the service reports success; a missing status is a failure."""
    return posted.get("status") == "success"


def message_of(posted: Posted) -> str:
    """Return the message as text, whatever was sent as one."""
    return text_of_message(posted.get("message"))


def analysis_of(posted: Posted) -> dict[str, Any]:
    """Return the analysis; what is not an object counts as none."""
    analysis = posted.get("analysis")
    return analysis if isinstance(analysis, dict) else {}


def facts_of(posted: Posted) -> dict[str, Any]:
    """Return what the record holds of an analysis, by the name of the run's attribute.

    data_hash : SHA-256 of the analysis as canonical JSON; num_plots; contents: the kinds of products that it holds;
    model: compressed JSON of what object lists show, or None.
    """
    analysis = analysis_of(posted)
    return {
        "data_hash": data_hash(analysis),
        "num_plots": _plots(analysis.get("plots")),
        "contents": _contents(analysis),
        "model": _model(analysis),
    }


def facts_of_uploaded(present: Iterable[str], plots: int, digest: str, small: Mapping[str, Any]) -> dict[str, Any]:
    """Return the same of a result that only the products function has read; data_hash is of the whole document."""
    known = {**dict.fromkeys(present, True), **small, "plots": [True] * min(plots, MOST_PLOTS) or None}
    return {**facts_of({"analysis": known}), "data_hash": digest}


def _plots(plots: object) -> int:
    """Count the plots that can be asked for; one may come without a list around it."""
    return min(len(plots), MOST_PLOTS) if isinstance(plots, list) else int(isinstance(plots, dict) and bool(plots))


def _contents(analysis: Mapping[str, Any]) -> list[str]:
    known = sorted(key for key in _KNOWN if analysis.get(key) is not None)
    return known or ([_OTHER] if analysis else [])


def _model(analysis: Mapping[str, Any]) -> bytes | None:
    values = {key: _whole(analysis.get(key)) for key in _MODEL_KEYS}
    shown = {key: value for key, value in values.items() if type(value) is _MODEL_KEYS[key]}
    if not shown:
        return None
    packed = gzip.compress(json.dumps(shown, separators=(",", ":")).encode())
    return packed if len(packed) <= _MOST_MODEL_BYTES else None


def _whole(value: object) -> object:
    """Return a whole number as an integer: counts that went through numpy or R arrive as 12.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
