"""What arrives, as JSON, texts and numbers: before any model is asked, and without pydantic."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from chalicelib.http.errors import BadRequest, TooLarge
from chalicelib.settings import MAX_BODY_BYTES

MAX_JSON_DEPTH = 100
MAX_QUERY_PARAMETERS = 100
"""Several times what any endpoint takes."""
LARGEST_ID = 2**53 - 1

_ID_DIGITS = len(str(LARGEST_ID))
_MOST_DIGITS = 4000
_HALF_PAIR = re.compile(rb"\\u[dD][89a-fA-F]|\xed[\xa0-\xbf]")
_NUL = "\0"
_NUL_ESCAPE = b"\\u0000"
"""How NUL comes in JSON; as it is it is refused there already."""


def too_large(size: object) -> TooLarge:
    """Return the failure for a body of so many bytes: the limit, and what to do."""
    return TooLarge(
        f"The request body has {size} bytes; at most {MAX_BODY_BYTES} are accepted. "
        "Send photometry in several calls. Large results can be uploaded: see upload_url in the document that a "
        "service is sent, or add /form to the path of an analysis_upload."
    )


def json_object(raw: bytes, *, any_text: bool = False) -> dict[str, Any]:
    """Read a JSON object; an empty body is `{}` and a bare NaN is accepted.

    Parameters
    ----------
    raw : bytes
        UTF-8.
    any_text : bool
        Accept halves of surrogate pairs, which are no text, and NUL, at which many readers of text end: for results,
        which must not be lost for one.

    Raises
    ------
    TooLarge
        More than `MAX_BODY_BYTES`.
    BadRequest
        Not UTF-8, not JSON, nested deeper than `MAX_JSON_DEPTH`, not an object, or with half a surrogate pair or NUL.
    """
    if len(raw) > MAX_BODY_BYTES:
        raise too_large(len(raw))
    if not raw.strip():
        return {}
    try:
        value = json.loads(raw, parse_int=_integer)
    except RecursionError:
        raise BadRequest(f"Error parsing JSON: nested deeper than {MAX_JSON_DEPTH} levels") from None
    except ValueError as error:  # covers bad UTF-8 and JSON alike
        raise BadRequest(f"Error parsing JSON: {error}") from None
    if not isinstance(value, dict):
        raise BadRequest("Error parsing JSON: the body must be a JSON object")
    _check_depth(value)
    if not any_text and _HALF_PAIR.search(raw):
        _check_text(value)
    if not any_text and _NUL_ESCAPE in raw:
        _check_nul(value)
    return value


def _integer(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"an integer of {len(digits)} digits; at most {_MOST_DIGITS} are read")
    return int(digits)


def _check_text(value: object) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise BadRequest("Error parsing JSON: half of a surrogate pair is no text") from None


def _check_nul(value: Mapping[str, Any]) -> None:
    """Refuse NUL in any text or key, and name the field of the body that holds it."""
    for field, inner in value.items():
        nodes: list[object] = [field, inner]
        while nodes:
            node = nodes.pop()
            if isinstance(node, str) and _NUL in node:
                raise BadRequest(f"Error parsing JSON: a NUL character in {field[:100]!r} is no text")
            if isinstance(node, dict):
                nodes += [*node, *node.values()]
            elif isinstance(node, list):
                nodes += node


def _check_depth(value: object) -> None:
    level: list[object] = [value]
    for _ in range(MAX_JSON_DEPTH):
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
        if not level:
            return
    raise BadRequest(f"Error parsing JSON: nested deeper than {MAX_JSON_DEPTH} levels")


def query_values(parameters: Mapping[str, Sequence[str]] | None) -> dict[str, str]:
    """Take the last of each repeated query parameter.

    Raises
    ------
    BadRequest
        There are more than `MAX_QUERY_PARAMETERS`, repetitions counted, or one holds a NUL character.
    """
    given = parameters or {}
    if sum(map(len, given.values())) > MAX_QUERY_PARAMETERS:
        raise BadRequest(f"At most {MAX_QUERY_PARAMETERS} query parameters are accepted.")
    last = {name: values[-1] for name, values in given.items() if values}
    if named := next((name for name, value in last.items() if _NUL in value), None):
        raise BadRequest(f"A NUL character in the query parameter {named[:100]!r} is no text.")
    return last


def path_value(name: str, text: str, kind: type) -> str | int:
    """Decode a path parameter; ids are integers below 2**53."""
    decoded = unquote(text)
    if kind is not int:
        return decoded
    if not (decoded.isascii() and decoded.isdigit() and len(decoded) <= _ID_DIGITS and int(decoded) <= LARGEST_ID):
        raise BadRequest(f"Invalid {name}: {decoded[:100]!r} is not an integer.")
    return int(decoded)
