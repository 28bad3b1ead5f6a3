"""The results in a document: any of the forms that services use, as JSON and as the bytes that were sent."""

from collections.abc import Mapping

from chalicelib.products import base64_data
from chalicelib.products.document import TooLarge, read_value
from chalicelib.products.errors import Unreadable
from chalicelib.products.joblib import decode
from chalicelib.products.joblib.large_arrays import to_json
from chalicelib.products.joblib.plain import plain
from chalicelib.products.product import Outcome, Problem, Product
from chalicelib.products.scratch import FilePart

MAX_RESULTS_SIZE = 250_000_000
MAX_SUMMARY_SIZE = 65_536  # bytes of UTF-8

_ORIGINALS = {
    "joblib": ("results.joblib", "application/octet-stream"),
    "text": ("results.txt", "text/plain; charset=utf-8"),
}
_FORMATS = (*_ORIGINALS, "json")


def read_results(results: object) -> list[Outcome]:
    """Return what to store of the results.

    ``results`` is their JSON form; ``results_original`` the bytes of joblib and text results, kept even if they cannot
    be decoded. The summary is the text under the key `summary`, cut to 64 kB.
    """
    try:
        name, data = _format(results)
        original = base64_data.decode_large(data, MAX_RESULTS_SIZE) if name in _ORIGINALS else None
    except Unreadable as error:
        return [_problem(error)]
    kept = [] if original is None else [Product("results_original", *_ORIGINALS[name], original)]
    try:
        decoded = plain(_decoded(name, data if original is None else original))
    except Unreadable as error:
        return [_problem(error), *kept]
    as_json = Product("results", "results.json", "application/json", to_json(decoded), _summary(decoded))
    return [as_json, *kept]


def _decoded(name: str, data: object) -> object:
    if name == "joblib":
        return decode.load(_whole(data))
    if name == "text":
        return data.decode("utf-8", "replace") if isinstance(data, bytes) else data
    return _json(data) if name == "json" else data


def _whole(data: object) -> bytes:
    if isinstance(data, FilePart):
        return data.read()
    return data if isinstance(data, bytes) else b""


def _problem(error: Unreadable) -> Problem:
    return Problem("results", f"The results cannot be read. {error}")


def _format(results: object) -> tuple[str, object]:
    """Return the declared format and the data; results without a format are the data."""
    if not isinstance(results, Mapping) or not isinstance(results.get("format"), str):
        return "", results
    name = results["format"].strip().lower()
    if "data" not in results and name not in _FORMATS:
        return "", results
    if name not in _FORMATS:
        raise Unreadable(f"Their format is none of {', '.join(_FORMATS)}.")
    return name, results.get("data")


def _json(data: object) -> object:
    """Parse JSON text or base64 of it; anything else is JSON data already."""
    if not isinstance(data, str | FilePart):
        return data
    pieces = data.pieces() if isinstance(data, FilePart) else iter([data.encode("utf-8", "replace")])
    try:
        return read_value(pieces)
    except TooLarge:
        raise
    except Unreadable:
        content = base64_data.decode_large(data, MAX_RESULTS_SIZE)
    try:
        return read_value(content.pieces() if isinstance(content, FilePart) else iter([content]))
    except TooLarge:
        raise
    except Unreadable as error:
        raise Unreadable("They are declared as JSON, but are not.") from error


def _summary(decoded: object) -> str | None:
    summary = decoded.get("summary") if isinstance(decoded, dict) else None
    if not isinstance(summary, str):
        return None
    return summary.encode()[:MAX_SUMMARY_SIZE].decode("utf-8", "ignore")
