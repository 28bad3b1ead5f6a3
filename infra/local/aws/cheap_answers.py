"""Makes moto's answers cheap: for each of the ten types of a value it tries a dozen spellings of the type's name."""

import functools
from typing import Any

from moto.core import responses
from moto.core.serialize import ResponseSerializer
from moto.core.utils import method_names_from_class

_TYPES = frozenset({"S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"})
_get_value = ResponseSerializer.get_value


def install() -> None:
    """Let a DynamoDB value be looked up by its type alone, and moto remember the methods of its classes."""
    ResponseSerializer.get_value = _value
    responses.method_names_from_class = functools.cache(method_names_from_class)


@functools.wraps(_get_value)
def _value(serializer: Any, value: Any, key: str, shape: Any) -> Any:  # noqa: ANN401 - moto has no types
    if key in _TYPES and type(value) is dict and len(value) == 1 and value.keys() <= _TYPES:
        return value.get(key)
    return _get_value(serializer, value, key, shape)
