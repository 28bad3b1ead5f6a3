"""The results in a document: any of the forms that services use, as JSON and as the bytes that were sent."""

import json
from collections.abc import Iterator, Mapping

from chalicelib.products import base64_data
from chalicelib.products.errors import Unreadable
from chalicelib.products.joblib import decode
from chalicelib.products.joblib.plain import plain, to_json
from chalicelib.products.product import Outcome, Problem, Product

MAX_RESULTS_SIZE = 100_000_000
MAX_SUMMARY_SIZE = 65_536  # bytes of UTF-8

_ORIGINALS = {
    "joblib": ("results.joblib", "application/octet-stream"),
    "text": ("results.txt", "text/plain; charset=utf-8"),
}
_FORMATS = (*_ORIGINALS, "json")


def decode_results(results: object) -> object:
    """Decode results to plain JSON data.

    Raises
    ------
    Unreadable
        They cannot be decoded.
    """
    wrapped = _format(results)
    if wrapped is None:
        return plain(results)
    name, data = wrapped
    if name == "json":
        return plain(_json(data))
    content = base64_data.decode(data, MAX_RESULTS_SIZE)
    if name == "joblib":
        return plain(decode.load(content))
    return content.decode("utf-8", "replace")


def read_results(results: object) -> list[Outcome]:
    """Return what to store of the results.

    ``results`` is their JSON form; ``results_original`` the bytes of joblib and text results, kept even if they cannot
    be decoded. The summary is the text under the key `summary`, cut to 64 kB.
    """
    try:
        kept = list(_original(results))
    except Unreadable as error:
        return [_problem(error)]
    try:
        decoded = decode_results(results)
    except Unreadable as error:
        return [_problem(error), *kept]
    as_json = Product("results", "results.json", "application/json", to_json(decoded), _summary(decoded))
    return [as_json, *kept]


def _problem(error: Unreadable) -> Problem:
    return Problem("results", f"The results cannot be read. {error}")


def _format(results: object) -> tuple[str, object] | None:
    """Return the declared format and the data, None for results without a format: those are the data."""
    if not isinstance(results, Mapping) or not isinstance(results.get("format"), str):
        return None
    name = results["format"].strip().lower()
    if "data" not in results and name not in _FORMATS:
        return None
    if name not in _FORMATS:
        raise Unreadable(f"Their format is none of {', '.join(_FORMATS)}.")
    return name, results.get("data")


def _json(data: object) -> object:
    """Parse JSON text or base64 of it; anything else is JSON data already."""
    if not isinstance(data, str):
        return data
    try:
        return json.loads(data)
    except RecursionError as error:
        raise Unreadable("They are nested too deeply.") from error
    except ValueError:
        content = base64_data.decode(data, MAX_RESULTS_SIZE)
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Unreadable("They are declared as JSON, but are not.") from error


def _original(results: object) -> Iterator[Product]:
    name, data = _format(results) or ("", None)
    if name in _ORIGINALS:
        file, content_type = _ORIGINALS[name]
        yield Product("results_original", file, content_type, base64_data.decode(data, MAX_RESULTS_SIZE))


def _summary(decoded: object) -> str | None:
    summary = decoded.get("summary") if isinstance(decoded, dict) else None
    if not isinstance(summary, str):
        return None
    return summary.encode()[:MAX_SUMMARY_SIZE].decode("utf-8", "ignore")
