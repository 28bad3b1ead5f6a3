"""Checks of the document that a service posts, by the readers of the products function, which run nothing of it."""

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from chalicelib.products.product import Outcome, Problem, Product
from chalicelib.products.reading import Options, read_kind
from chalicelib.products.scratch import space
from infra.check_service.findings import Finding, ok, skipped, warning, wrong
from infra.check_service.portal import MOST_POST_BYTES, MOST_UPLOAD_BYTES, Callback

_PRODUCTS = {"results": "results", "plots": "plots", "inference_data": "posterior group"}
_LISTS = {
    "annotations": list,
    "classifications": list,
    "plots": list,
    "model_lightcurve": dict,
    "posterior_samples": dict,
}
_SAMPLES = ("posterior_samples", "posteriors")
_GZIP = b"\x1f\x8b"
_FORMATS = {"svg": "svg+xml", "jpg": "jpeg", "pdf": "application/pdf"}
"""Names of image formats as media types have them."""
_CLASS = re.compile(rb'"__class__":"((?:[^"\\]|\\.)*)"')
"""How the reader writes down what is not plain data."""


def check_returned(callback: Callback) -> Iterator[Finding]:
    """Yield what is found about the post that was taken."""
    body = b"" if callback.taken is None else callback.taken.body
    commit = _object(body)
    if commit is None:
        yield wrong("document", "What was posted is not a JSON object: a portal answers 400 and waits for another.")
        return
    document = commit
    if commit.get("uploaded"):
        uploaded = _object(callback.uploads[-1]) if callback.uploads else None
        yield _size_of_upload(callback, commit, uploaded)
        document = {**(uploaded or {}), **commit}
    else:
        yield ok("size", f"{len(body)} bytes were posted.")
    yield from _outside(document)
    analysis = document.get("analysis")
    if not isinstance(analysis, Mapping) or not analysis:
        for name in _PRODUCTS.values():
            yield skipped(name, "There is no analysis in the document.")
        return
    yield from _inside(analysis)


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(gzip.decompress(body) if body.startswith(_GZIP) else body)
    except (ValueError, OSError, EOFError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _size_of_upload(callback: Callback, commit: Mapping[str, Any], uploaded: Mapping[str, Any] | None) -> Finding:
    if commit["uploaded"] is not True:
        return wrong("size", "`uploaded` must be true.")
    if not callback.uploads:
        return wrong("size", "`uploaded` was posted, but nothing was uploaded: a portal answers 400.")
    size = len(callback.uploads[-1])
    if size > MOST_UPLOAD_BYTES:
        return wrong("size", f"{size} bytes were uploaded; at most {MOST_UPLOAD_BYTES} are taken.")
    if uploaded is None:
        return wrong("size", "What was uploaded is not a JSON object, plain or gzip.")
    return ok("size", f"{size} bytes were uploaded through upload_url.")


def _outside(document: Mapping[str, Any]) -> Iterator[Finding]:
    status, message = document.get("status"), document.get("message")
    if not isinstance(status, str):
        yield wrong("status", "The document has no `status`: without one, every run counts as a failure.")
    elif status == "success":
        yield ok("status", "success")
    else:
        yield warning(
            "status", f"The sample data ended as {status[:40]!r}, so that products could not all be looked at."
        )
    if isinstance(message, str) and message.strip():
        yield ok("message", message[:200])
    else:
        yield warning("message", "There is no `message`: it is what an astronomer reads first.")


def _inside(analysis: Mapping[str, Any]) -> Iterator[Finding]:
    shapes = [
        f"{name} must be {'a list' if kind is list else 'an object'}"
        for name, kind in _LISTS.items()
        if name in analysis and analysis[name] is not None and not isinstance(analysis[name], kind)
    ]
    yield wrong("shape", "; ".join(shapes)) if shapes else ok("shape", f"analysis holds {', '.join(analysis)}.")
    with space():
        for kind, name in _PRODUCTS.items():
            outcomes = list(read_kind(kind, analysis, Options()))
            if kind == "inference_data" and not outcomes and any(map(analysis.get, _SAMPLES)):
                yield ok(name, "there are posterior samples instead.")
            else:
                yield _product(name, outcomes, (*_mistaken(analysis, outcomes, kind), *_foreign(outcomes)))


def _mistaken(analysis: Mapping[str, Any], outcomes: list[Outcome], kind: str) -> Iterator[str]:
    """Yield the plots that are of another format than they say."""
    plots = analysis.get("plots")
    if kind != "plots" or not isinstance(plots, list) or len(plots) != len(outcomes):
        return
    for number, (plot, outcome) in enumerate(zip(plots, outcomes, strict=True)):
        is_kind = getattr(outcome, "content_type", None)
        said = str(plot.get("format") or plot.get("type") or "png") if isinstance(plot, Mapping) else "png"
        if is_kind is not None and _FORMATS.get(said.lower(), said.lower()) != is_kind.removeprefix("image/"):
            yield f"Plot {number} says that it is {said[:20]}, and is {is_kind}."


def _foreign(outcomes: list[Outcome]) -> Iterator[str]:
    """Yield what is not plain data in a file of joblib: a portal that loads it runs, or misses, what it names."""
    if any(getattr(outcome, "name", "") == "results_original" for outcome in outcomes):
        names = sorted({name for outcome in outcomes for name in _classes(outcome)})
        if names:
            yield f"The file names {', '.join(names[:5])}: loading it runs that, or fails. Send plain data, or JSON."


def _classes(outcome: Outcome) -> Iterator[str]:
    found = _CLASS.finditer(outcome.data) if isinstance(outcome, Product) and isinstance(outcome.data, bytes) else ()
    return (one[1].decode() for one in found)


def _product(name: str, outcomes: list[Outcome], more: Iterable[str]) -> Finding:
    problems = [*(outcome.error for outcome in outcomes if isinstance(outcome, Problem)), *more]
    if problems:
        return wrong(name, " ".join(problems))
    if not outcomes:
        return skipped(name, "The document has none.")
    kinds = ", ".join(sorted({str(getattr(outcome, "content_type", "")) for outcome in outcomes}))
    return ok(name, f"readable without running anything of it ({kinds}).")


def too_large(callback: Callback) -> bool:
    """Say whether a post was larger than a portal takes."""
    return any(len(post.body) > MOST_POST_BYTES for post in callback.posts)
