"""Makes moto's values cheap: it asks of each four times what it is, and copies what lies within it over and over.

A list may hold a hundred thousand of them, and an item has thirty.
"""

import functools
from typing import Any

from moto.dynamodb.models.dynamo_type import DynamoType

SCALARS = frozenset({"S", "N", "B", "BOOL", "NULL"})
"""Types whose values are replaced, never changed."""
_SHOWN_AS_THEY_ARE = frozenset({"S", "N", "BOOL", "NULL"})
_USUAL_DIGITS = 38
"""Zeros before a number may be more than Python makes an integer of."""
_make = DynamoType.__init__
_copy = DynamoType.__deepcopy__
_show = DynamoType.to_regular_json
_equal = DynamoType.__eq__
_hash = DynamoType.__hash__


def install() -> None:
    """Let a value be made, copied, shown and looked up by its type, which is looked at once."""
    DynamoType.__init__ = _made
    DynamoType.__deepcopy__ = _copied
    DynamoType.to_regular_json = _shown
    DynamoType.__eq__ = _is_equal
    DynamoType.__hash__ = _hashed


@functools.wraps(_make)
def _made(value: Any, given: Any) -> None:  # noqa: ANN401 - moto has no types
    if type(given) is DynamoType:
        kind, content = given.type, given.value
    elif type(given) is dict and len(given) == 1:
        [(kind, content)] = given.items()
    else:
        _make(value, given)
        return
    value.type = kind
    if kind == "L":
        content = [DynamoType(one) for one in content]
    elif kind == "M":
        content = {name: DynamoType(one) for name, one in content.items()}
    value.value = content


@functools.wraps(_copy)
def _copied(value: Any, memo: dict[int, Any]) -> Any:  # noqa: ANN401 - same
    """Copy a value; text, numbers and the like within it are shared."""
    kind, content = value.type, value.value
    if kind == "L":
        content = [one if one.type in SCALARS else _copied(one, memo) for one in content]
    elif kind == "M":
        content = {name: one if one.type in SCALARS else _copied(one, memo) for name, one in content.items()}
    elif kind not in SCALARS:
        return _copy(value, memo)
    clone = object.__new__(type(value))
    clone.type, clone.value = kind, content
    return clone


@functools.wraps(_show)
def _shown(value: Any) -> dict[str, Any]:  # noqa: ANN401 - same
    kind, content = value.type, value.value
    if kind in _SHOWN_AS_THEY_ARE:
        return {kind: content}
    if kind == "L":
        return {kind: [_shown(one) for one in content]}
    if kind == "M":
        return {kind: {name: _shown(one) for name, one in content.items()}}
    shown: dict[str, Any] = _show(value)
    return shown


@functools.wraps(_equal)
def _is_equal(value: Any, other: Any) -> bool:  # noqa: ANN401 - same
    if value.type == "S" == other.type:
        return bool(value.value == other.value)
    return bool(_equal(value, other))


@functools.wraps(_hash)
def _hashed(value: Any) -> int:  # noqa: ANN401 - same
    if value.type == "S":
        return hash(("S", value.value))
    if value.type == "N" and len(value.value) <= _USUAL_DIGITS and value.value.isdecimal():
        return hash(("N", int(value.value)))  # as that of the Decimal
    return int(_hash(value))
