"""JSON as it leaves us."""

import json
from typing import Any

from pydantic_core import PydanticSerializationError, to_json, to_jsonable_python


def json_bytes(value: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """Return JSON: NaN and infinities as null, times as ISO 8601.

    Half of a surrogate pair, which services can send as an escape, leaves as the escape that it came as.
    """
    try:
        return to_json(value, inf_nan_mode="null")
    except PydanticSerializationError:
        return json.dumps(to_jsonable_python(value, inf_nan_mode="null"), separators=(",", ":")).encode("ascii")
