"""JSON as it leaves us."""

import json
import math
from typing import Any

from pydantic_core import PydanticSerializationError, to_json, to_jsonable_python


def json_bytes(value: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """Return JSON: NaN and infinities as null, times as ISO 8601.

    Half of a surrogate pair, which services can send as an escape, leaves as the escape that it came as.
    """
    try:
        return to_json(value, inf_nan_mode="null")
    except PydanticSerializationError:
        return json.dumps(_finite(value), separators=(",", ":"), default=to_jsonable_python).encode("ascii")


def _finite(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
