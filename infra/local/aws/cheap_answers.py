"""Makes moto's answers cheap: for each of the ten types of a value it tries a dozen spellings of the type's name.

Before that it asks of each value in an item, six questions each, what it may be: text, numbers and the like need none.
"""

import functools
from types import NoneType
from typing import Any

from moto.core import responses
from moto.core.serialize import BaseJSONSerializer, ResponseSerializer
from moto.core.utils import method_names_from_class
from moto.dynamodb import responses as dynamodb_responses
from moto.dynamodb.models.dynamo_type import DynamoType, LimitedSizeDict
from moto.dynamodb.models.utilities import dynamo_to_dict

_TYPES = frozenset({"S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"})
_WRITTEN_AS_THEY_ARE = frozenset({"S", "N"})
_PLAIN = _WRITTEN_AS_THEY_ARE | {"SS", "NS", "BOOL", "NULL"}
"""Types whose content holds no further values, and no bytes."""
_WITH_VALUES = frozenset({"M", "L"})
_MAPPINGS = frozenset({dict, LimitedSizeDict})
_AS_THEY_ARE = frozenset({str, int, float, bool, NoneType})
_get_value = ResponseSerializer.get_value
_structure = BaseJSONSerializer._serialize_type_structure  # noqa: SLF001 - there is no other place


def install() -> None:
    """Let a DynamoDB value be looked up by its type alone, and moto remember the methods of its classes.

    Text and numbers, which are text as well, need no look at all.
    """
    ResponseSerializer.get_value = _value
    BaseJSONSerializer._serialize_type_structure = _value_as_it_is  # noqa: SLF001 - same
    dynamodb_responses.dynamo_to_dict = _result
    responses.method_names_from_class = functools.cache(method_names_from_class)


@functools.wraps(dynamo_to_dict)
def _result(result: Any) -> Any:  # noqa: ANN401 - moto has no types
    kind = type(result)
    if kind is DynamoType:
        if result.type in _PLAIN:
            return {result.type: result.value}
        return {result.type: _result(result.value)} if result.type in _WITH_VALUES else dynamo_to_dict(result)
    if kind in _MAPPINGS:
        return {
            name: {value.type: value.value} if type(value) is DynamoType and value.type in _PLAIN else _result(value)
            for name, value in result.items()
        }
    if kind is list:
        return [_result(value) for value in result]
    return result if kind in _AS_THEY_ARE else dynamo_to_dict(result)


@functools.wraps(_get_value)
def _value(serializer: Any, value: Any, key: str, shape: Any) -> Any:  # noqa: ANN401 - moto has no types
    if key in _TYPES and type(value) is dict and len(value) == 1 and value.keys() <= _TYPES:
        return value.get(key)
    return _get_value(serializer, value, key, shape)


@functools.wraps(_structure)
def _value_as_it_is(serializer: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:  # noqa: ANN401 - same
    if key and shape.name == "AttributeValue" and type(value) is dict and len(value) == 1:
        [(kind, content)] = value.items()
        if kind in _WRITTEN_AS_THEY_ARE and type(content) is str:
            serializer._default_serialize(serialized, value, shape, key)  # noqa: SLF001 - same
            return
    _structure(serializer, serialized, value, shape, key)
