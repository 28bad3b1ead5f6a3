"""Parameters that are files: sent whole, recorded by name."""

import json
import re
from collections.abc import Mapping
from typing import Any

_DATA_URL = re.compile(r"data:[^,;]*(?:;[^,;=]+=[^,;]*)*;base64,", re.IGNORECASE)
_NAME = re.compile(r";name=([^;,]+)", re.IGNORECASE)
_MOST_CHARACTERS_ON_RECORD = 50_000


def is_file(value: object) -> bool:
    """Say whether a parameter's value is a data URL such as `data:image/fits;name=cube.fits;base64,…`."""
    return isinstance(value, str) and _DATA_URL.match(value) is not None


def shown(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters as the record shows them: files by their names, long texts by their length."""
    whole = {key: _shown(value, _MOST_CHARACTERS_ON_RECORD) for key, value in parameters.items()}
    if len(json.dumps(whole)) <= 2 * _MOST_CHARACTERS_ON_RECORD:
        return whole
    return {key: _shown(value, _MOST_CHARACTERS_ON_RECORD // len(parameters)) for key, value in parameters.items()}


def sent_whole(parameters: Mapping[str, Any]) -> bool:
    """Say whether the record does not hold all that the service must get."""
    return shown(parameters) != dict(parameters)


def _shown(value: Any, most: int) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, str) and is_file(value):
        head = value[: value.index(",")]
        name = _NAME.search(head)
        return name.group(1) if name else "file"
    if len(json.dumps(value)) > most:
        return f"({len(str(value))} characters, sent whole)"
    return value
