"""DynamoDB's attribute values: how large they are, and which ones it stores.

Sizes and rules are those of the developer guide ("Item sizes and formats", "Data types"), to the byte as DynamoDB Local
applies them: tests/faults/test_dynamodb_limits.py compares the two.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import Any

from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.models.dynamo_type import DynamoType

MOST_ITEM_BYTES = 400 * 1024
MOST_NAME_BYTES = 65_535
MOST_LEVELS = 32
MOST_DIGITS = 38
_LARGEST = Decimal("9.9999999999999999999999999999999999999E+125")
_SMALLEST = Decimal("1E-130")

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_TYPE_AND_CONTENT = attrgetter("type", "value")
_INVALID = "One or more parameter values were invalid:"
_TYPES = frozenset({"S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"})
_ONE_TYPE = "must contain exactly one of the supported datatypes"
_EMPTY_SETS = {
    "SS": f"{_INVALID} An string set  may not be empty",
    "NS": f"{_INVALID} An number set  may not be empty",
    "BS": f"{_INVALID} Binary sets should not be empty",
}

Value = Any
"""A mapping of one type to the content, as requests hold it, or moto's `DynamoType`."""

Item = Mapping[str, Value]


def item_size(item: Item) -> int:
    """Return the size of an item in bytes, the names of its attributes included."""
    total = 0
    for name, value in item.items():
        kind, content = (value.type, value.value) if type(value) is DynamoType else next(iter(value.items()))
        total += len(name) if name.isascii() else text_size(name)
        total += len(content) if kind == "S" and content.isascii() else _SIZES.get(kind, _one)(content)
    return total


def size_of(value: Value) -> int:
    """Return the size of an attribute value in bytes, as it comes in a request or as moto stores it."""
    kind, content = (value.type, value.value) if type(value) is DynamoType else next(iter(value.items()))
    return _SIZES.get(kind, _one)(content)


def text_size(text: str) -> int:
    """Return the bytes of a text in UTF-8."""
    return len(text) if text.isascii() else len(text.encode(errors="surrogatepass"))


@lru_cache(maxsize=65_536)
def number_size(text: str) -> int:
    """Return the bytes of a number: one, one for two digits counted from the point, and one for a minus sign."""
    mantissa, _, power = text.lower().partition("e")
    whole, _, fraction = mantissa.lstrip("+-").partition(".")
    written = whole + fraction
    significant = written.rstrip("0")
    if not significant:
        return 1
    exponent = int(power or 0) - len(fraction)
    padded = len(significant.lstrip("0")) + (exponent + len(written) - len(significant)) % 2
    return 1 + -(-padded // 2) + mantissa.startswith("-")


def check_item(item: Item) -> None:
    """Check what is to be stored; raise MockValidationException for what DynamoDB does not store."""
    for name, value in item.items():
        if not name:
            raise MockValidationException(f"{_INVALID} Empty attribute name")
        if text_size(name) > MOST_NAME_BYTES:
            raise MockValidationException(f"{_INVALID} Attribute name is too large, must be less than 64Kb")
        check_value(value)
    if item_size(item) > MOST_ITEM_BYTES:
        raise MockValidationException("Item size has exceeded the maximum allowed size")


def check_value(value: Value, level: int = 1) -> None:
    """Check one attribute value of a request, and those within it."""
    # a list may hold a hundred thousand: `type` before `isinstance`, which is slow where a class is abstract
    if (type(value) is not dict and not isinstance(value, Mapping)) or not value:
        raise MockValidationException(f"Supplied AttributeValue is empty, {_ONE_TYPE}")
    kind, content = next(iter(value.items()))
    if len(value) > 1 or kind not in _TYPES:
        raise MockValidationException(f"Supplied AttributeValue has more than one datatypes set, {_ONE_TYPE}")
    check_levels(level)
    if kind in _SCALARS:
        _SCALARS[kind](content)
    elif kind in {"L", "M"}:
        for element in _distinct(content) if kind == "L" else content.values():
            check_value(element, level + 1)
    elif kind in _EMPTY_SETS:
        _check_set(kind, content)


def _distinct(elements: Collection[Value]) -> Iterable[Value]:
    """Return the elements of a list without those that are there twice, if they are scalars."""
    pairs = _pairs(elements)
    if pairs is None:
        return elements
    try:
        distinct = dict.fromkeys((kind, type(content), content) for kind, content in pairs)  # True equals 1
    except TypeError:  # there are lists within the list
        return elements
    return [{kind: content} for kind, _, content in distinct]


def _pairs(elements: Collection[Value]) -> Iterable[tuple[str, Any]] | None:
    """Return type and content of each element, quickly, for they may be many; None if one is odd."""
    kinds = set(map(type, elements))
    if kinds == {DynamoType}:
        return map(_TYPE_AND_CONTENT, elements)
    if kinds == {dict} and set(map(len, elements)) == {1}:
        return chain.from_iterable(map(dict.items, elements))
    return None


def check_levels(levels: int) -> None:
    """Check how deep a value is, from 1 for a scalar."""
    if levels > MOST_LEVELS:
        raise MockValidationException(
            "Nesting Levels have exceeded supported limits: "
            "Attributes in the item have nested levels beyond supported limit"
        )


def levels_of(value: Value) -> int:
    """Return how deep one of moto's values is, from 1 for a scalar."""
    if value.type not in {"L", "M"}:
        return 1
    elements = value.value if value.type == "L" else value.value.values()
    nested = [element for element in elements if element.type in {"L", "M"}]
    return 1 + max(map(levels_of, nested), default=min(1, len(elements)))


def check_number(text: Any) -> None:  # noqa: ANN401 - whatever a request holds
    """Check a number: 38 significant digits, and magnitudes from 1E-130 to 9.99…E+125."""
    if not isinstance(text, str):
        raise MockValidationException(f"The parameter cannot be converted to a numeric value: {text}")
    _check_written_number(text)


@lru_cache(maxsize=65_536)
def _check_written_number(text: str) -> None:
    if not _NUMBER.fullmatch(text):
        raise MockValidationException(f"The parameter cannot be converted to a numeric value: {text}")
    number = Decimal(text)
    if not number:
        return
    if len("".join(map(str, number.as_tuple().digits)).strip("0")) > MOST_DIGITS:
        raise MockValidationException(
            "Attempting to store more than 38 significant digits in a Number: "
            f"DynamoDB only supports precision up to {MOST_DIGITS} digits"
        )
    if number.copy_abs() > _LARGEST:  # abs() would round it
        raise MockValidationException(
            "Number overflow. Attempting to store a number with magnitude larger than supported range"
        )
    if number.copy_abs() < _SMALLEST:
        raise MockValidationException(
            "Number underflow. Attempting to store a number with magnitude smaller than supported range"
        )


def _check_null(content: object) -> None:
    if content is not True:
        raise MockValidationException(f"{_INVALID} Null attribute value types must have the value of true")


def _check_text(text: Any) -> None:  # noqa: ANN401 - whatever a request holds
    try:
        str(text).encode()
    except UnicodeEncodeError:  # half of a surrogate pair: moto would fail on it
        raise MockValidationException(f"{_INVALID} a string is not valid UTF-8") from None


def _check_set(kind: str, elements: Collection[Any]) -> None:
    if not elements:
        raise MockValidationException(_EMPTY_SETS[kind])
    check = _SCALARS.get(kind[0])
    if check is not None:
        for element in elements:
            check(element)
    distinct = {Decimal(element) for element in elements} if kind == "NS" else set(elements)
    if len(distinct) < len(elements):
        listed = ", ".join(map(str, elements))
        raise MockValidationException(f"{_INVALID} Input collection [{listed}] contains duplicates.")


def _binary_size(content: str | bytes) -> int:
    """Return the bytes of a binary value, which requests carry as base64."""
    if isinstance(content, bytes):
        return len(content)
    return len(content) * 3 // 4 - content[-2:].count("=")


def _one(_content: object) -> int:
    return 1


def _list_size(elements: Collection[Value]) -> int:
    pairs = _pairs(elements)
    try:
        counts = Counter(pairs or ()).items()
    except TypeError:  # there are lists within the list
        pairs = None
    if pairs is None:
        return 3 + sum(1 + size_of(element) for element in elements)
    return 3 + sum(count * (1 + _SIZES.get(kind, _one)(content)) for (kind, content), count in counts)


def _map_size(content: Item) -> int:
    return 3 + sum(1 + text_size(name) + size_of(element) for name, element in content.items())


_SIZES: dict[str, Callable[[Any], int]] = {
    "S": text_size,
    "N": number_size,
    "B": _binary_size,
    "SS": lambda elements: sum(map(text_size, elements)),
    "NS": lambda elements: sum(map(number_size, elements)),
    "BS": lambda elements: sum(map(_binary_size, elements)),
    "L": _list_size,
    "M": _map_size,
}
_SCALARS: dict[str, Callable[[Any], None]] = {"S": _check_text, "N": check_number, "NULL": _check_null}
