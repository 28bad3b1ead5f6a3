"""Makes moto's conditions of queries cheap: it reads each anew, letter by letter.

What is compared with what depends on a condition's text, on the names that placeholders stand for and on the schema.
That is read once, with a stand-in for each value, and remembered; values are put in each time. What cannot be read, and
empty texts, which are no keys, are left to moto, which says why.
"""

import functools
from typing import Any, NamedTuple

from moto.dynamodb import responses
from moto.dynamodb.parsing.key_condition_expression import parse_expression as _parse

_MOST_REMEMBERED = 512

Value = dict[str, Any]
Parsed = tuple[list[tuple[str, Value]], list[tuple[str, str, list[Value]]], list[str]]
"""Conditions of hash keys, conditions of range keys, and the placeholders of names that were met."""


class _Read(NamedTuple):
    """A condition that was read, with the placeholders of its values in their places."""

    hashes: tuple[tuple[str, str], ...]
    ranges: tuple[tuple[str, str, tuple[str, ...]], ...]
    names: tuple[str, ...]
    values: tuple[str, ...]


def install() -> None:
    """Let what was read be remembered."""
    responses.parse_expression = parse_expression


@functools.wraps(_parse)
def parse_expression(
    key_condition_expression: str,
    expression_attribute_values: dict[str, Value],
    expression_attribute_names: dict[str, str],
    schema: list[dict[str, str]],
) -> Parsed:
    """Return what a condition says."""
    values = expression_attribute_values
    try:
        read = _read(
            key_condition_expression,
            tuple(values),
            tuple(expression_attribute_names.items()),
            tuple(tuple(key.items()) for key in schema),
        )
    except Exception:  # noqa: BLE001 - whatever it was, moto comes upon it as well
        read = None
    if read is None or any(type(values[name]) is not dict or values[name].get("S") == "" for name in read.values):
        parsed: Parsed = _parse(key_condition_expression, values, expression_attribute_names, schema)
        return parsed
    return (
        [(key, values[name]) for key, name in read.hashes],
        [(key, comparison, [values[name] for name in names]) for key, comparison, names in read.ranges],
        list(read.names),
    )


@functools.lru_cache(_MOST_REMEMBERED)
def _read(
    text: str,
    values: tuple[str, ...],
    names: tuple[tuple[str, str], ...],
    schema: tuple[tuple[tuple[str, str], ...], ...],
) -> _Read | None:
    """Return what a condition says; None if there is more in it than placeholders."""
    stand_ins = {name: {"S": name} for name in values}
    hashes, ranges, found = _parse(text, stand_ins, dict(names), [dict(key) for key in schema])
    compared = [*(value for _, value in hashes), *(value for *_, those in ranges for value in those)]
    if not all(any(value is one for one in stand_ins.values()) for value in compared):
        return None
    return _Read(
        tuple((key, value["S"]) for key, value in hashes),
        tuple((key, comparison, tuple(value["S"] for value in those)) for key, comparison, those in ranges),
        tuple(found),
        tuple(value["S"] for value in compared),
    )
