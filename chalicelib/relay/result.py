"""What a portal is told of a run: the decoded result as it may be read safely, or why there is none."""

import base64
import json
import math
import pickle
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.analyses.items.run import Run
from chalicelib.analyses.results.posted import analysis_of, checked
from chalicelib.analyses.run import objects
from chalicelib.analyses.run.transitions import shortened
from chalicelib.analyses.states import State
from chalicelib.http.encoding import json_bytes
from chalicelib.http.errors import ApiError
from chalicelib.settings import settings

_SUCCESS, _FAILURE = "success", "failure"
_RESULTS, _PLOTS, _INFERENCE_DATA = "results", "plots", "inference_data"
_JOBLIB = "joblib"
_PICKLE_PROTOCOL = 4
"""What joblib itself writes with the oldest Python that it supports."""

_NUMBERS_AND_NONE = {int, float, type(None)}

_SENTENCES = {
    State.TIMED_OUT: "The analysis timed out.",
    State.CANCELLED: "The analysis was cancelled.",
    State.DELETED: "The analysis was deleted.",
}

Rows = Mapping[str, Mapping[str, Any]]


def body_of(run: Run, *, as_links: bool) -> bytes:
    """Return what is posted to the portal's callback.

    Parameters
    ----------
    run : Run
        One that has ended, and whose products are stored if it brought a result.
    as_links : bool
        Whether the portal gets links, because it does not take the result itself.
    """
    status = _SUCCESS if run.state is State.COMPLETED else _FAILURE
    message = " ".join(filter(None, (_SENTENCES.get(run.state), run.status_message)))
    if run.state is State.DELETED or run.receipt is None:
        return json_bytes({"status": status, "message": message or "The analysis failed.", "analysis": {}})
    try:
        found = None if as_links else _found(run)
    except (ValueError, RecursionError, ApiError):
        reason = "What the service sent is no result that can be read. It is kept here as it came."
        return json_bytes({"status": status, "message": _with(message, [reason]), "analysis": {}})
    if found is not None:
        analysis, left_out = found
        body = json_bytes({"status": status, "message": _with(message, left_out), "analysis": analysis})
        if len(body) <= settings().relay_most_bytes:
            return body
    return json_bytes({"status": status, "message": _with(message, [_links(run)]), "analysis": {}})


def plain_joblib(text: bytes) -> str:
    """Return JSON as a joblib file, in base64: a pickle of plain values, whose reading runs nothing."""
    return base64.b64encode(pickle.dumps(with_nan(json.loads(text)), _PICKLE_PROTOCOL)).decode()


def with_nan(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Put NaN back where JSON has null among numbers: what was an array with gaps can be made one again."""
    if isinstance(value, dict):
        return {name: with_nan(inner) for name, inner in value.items()}
    if not isinstance(value, list):
        return value
    kinds = {type(inner) for inner in value}
    if kinds <= _NUMBERS_AND_NONE and kinds != {type(None)}:
        return [math.nan if inner is None else inner for inner in value] if type(None) in kinds else value
    return [with_nan(inner) for inner in value]


def _found(run: Run) -> tuple[dict[str, Any], list[str]] | None:
    """Return what can be forwarded of a result, and what is left out; None if it is too large.

    Raises
    ------
    ValueError, RecursionError, BadRequest
        An upload that is no JSON object, or whose analysis is none.
    """
    posted = objects.get_uploaded(objects.document_key(run.id), settings().relay_most_bytes)
    if posted is None:
        return None
    document = json.loads(posted)
    if not isinstance(document, dict):
        raise ValueError("a result is an object")  # noqa: TRY004 - it is a value that came
    return _safe(run, analysis_of(checked(document)))


def _safe(run: Run, analysis: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return what was read successfully, and a sentence for each thing that was not."""
    rows: Rows = {row["name"]: row for row in run.products or []}
    kept = {name: value for name, value in analysis.items() if name not in {_RESULTS, _PLOTS, _INFERENCE_DATA}}
    left_out = []
    if analysis.get(_RESULTS) is not None:
        if _is_read(rows, _RESULTS):
            kept[_RESULTS] = _results(analysis[_RESULTS], rows[_RESULTS])
        else:
            left_out.append(_unread("results", rows.get(_RESULTS)))
    if analysis.get(_INFERENCE_DATA) is not None:
        if _is_read(rows, _INFERENCE_DATA):
            kept[_INFERENCE_DATA] = analysis[_INFERENCE_DATA]
        else:
            left_out.append(_unread("inference data", rows.get(_INFERENCE_DATA)))
    plots = analysis.get(_PLOTS)
    if plots is not None:
        listed = plots if isinstance(plots, list) else [plots]
        readable = [_is_read(rows, f"{_PLOTS}/{number}") for number in range(len(listed))]
        kept[_PLOTS] = [plot for plot, is_read in zip(listed, readable, strict=True) if is_read]
        lacking = [number for number, is_read in enumerate(readable) if not is_read]
        left_out += [_unread(f"plot {number}", rows.get(f"{_PLOTS}/{number}")) for number in lacking]
    return kept, left_out


def _results(sent: Any, row: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON value
    """Return results as they came, but those whose reading would run what is in them from their plain values."""
    is_object = isinstance(sent, dict) and isinstance(sent.get("format"), str)
    if not is_object or sent["format"].strip().lower() != _JOBLIB:
        return sent
    return {**sent, "format": _JOBLIB, "data": plain_joblib(objects.get_bytes(row["key"]))}


def _is_read(rows: Rows, name: str) -> bool:
    row = rows.get(name)
    return row is not None and row["error"] is None and row["key"] is not None


def _unread(name: str, row: Mapping[str, Any] | None) -> str:
    return f"Left out: {name}. {'' if row is None else row['error'] or ''}".strip()


def _links(run: Run) -> str:
    """Say where the result is that was too large."""
    path = f"{settings().public_url}/api/obj/analysis/{run.id}"
    names = [row["name"] for row in run.products or [] if row["error"] is None and row["key"] is not None]
    urls = [f"{path}/{name}" for name in names if name in {_RESULTS, _INFERENCE_DATA, "corner"} or "/" in name]
    shown = ", ".join(urls[:10]) or path
    return f"The result is too large to be forwarded. It is kept at {settings().public_url}/analyses/{run.id}: {shown}"


def _with(message: str, sentences: Iterable[str]) -> str:
    return shortened(" ".join(filter(None, (message, *sentences))))
