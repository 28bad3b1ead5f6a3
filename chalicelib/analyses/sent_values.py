"""Values of a result that services send in more than one form."""

import json
from typing import Any

from chalicelib.http.errors import BadRequest
from chalicelib.http.reading import json_object


def analysis_object(value: object) -> dict[str, Any]:
    """Return the `analysis` of a result, an object or JSON text of one; null is an empty one.

    Raises
    ------
    BadRequest
        Anything else: nothing of it could ever be read.
    """
    if isinstance(value, str):
        try:
            value = json_object(value.encode(errors="surrogatepass"), any_text=True)
        except BadRequest as error:
            raise BadRequest(f"Invalid analysis: it is text, but not that of a JSON object. {error.message}") from None
    if not isinstance(value, dict | None):
        raise BadRequest(f"Invalid analysis: it must be a JSON object, not {_JSON_NAMES[type(value)]}.")
    return value or {}


def text_of_message(value: object) -> str:
    """Return the `message` of a result as text, whatever was sent as one."""
    return value if isinstance(value, str) else "" if value is None else json.dumps(value)


_JSON_NAMES = {list: "an array", bool: "a boolean", int: "a number", float: "a number"}
