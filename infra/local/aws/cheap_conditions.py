"""Makes moto's conditions cheap: it reads each anew, twice for a request, in a dozen passes over its words.

What a condition says depends on its text and on the names that placeholders stand for. That is read once and
remembered; values are put in each time. What cannot be read, or lacks a value, is left to moto, which says why.
"""

import functools
from typing import Any, NamedTuple

from moto.dynamodb.comparisons import AttributeValue, ConditionExpressionParser

_MOST_REMEMBERED = 512
_parse = ConditionExpressionParser.parse
_make_operand = ConditionExpressionParser._make_operand  # noqa: SLF001 - there is no other place
_VALUE = ConditionExpressionParser.Kind.EXPRESSION_ATTRIBUTE_VALUE


class _Read(NamedTuple):
    """A condition that was read: moto's tree, and what is found in it."""

    node: Any
    names: tuple[str, ...]
    values: tuple[str, ...]


class _Reader(ConditionExpressionParser):  # type: ignore[misc]  # moto has no types
    """moto's, which leaves it at reading."""

    def _make_op_condition(self, node: Any) -> Any:  # noqa: ANN401 - moto has no types
        return node

    def _lookup_expression_attribute_value(self, name: str) -> str:
        return name


def install() -> None:
    """Let what was read be remembered."""
    ConditionExpressionParser.parse = _parsed
    ConditionExpressionParser._make_operand = _operand  # noqa: SLF001 - there is no other place


@functools.wraps(_parse)
def _parsed(parser: Any) -> Any:  # noqa: ANN401 - moto has no types
    text, names, values = (
        parser.condition_expression,
        parser.expression_attribute_names or {},
        parser.expression_attribute_values or {},
    )
    try:
        read = _read(text, tuple(names.items())) if text else None
    except Exception:  # noqa: BLE001 - whatever it was, moto comes upon it as well
        read = None
    if read is None or not all(name in values for name in read.values):
        return _parse(parser)
    parser.expr_attr_names_found.extend(read.names)
    parser.expr_attr_values_found.extend(read.values)
    return parser._make_op_condition(read.node)  # noqa: SLF001 - there is no other place


@functools.lru_cache(_MOST_REMEMBERED)
def _read(text: str, names: tuple[tuple[str, str], ...]) -> _Read:
    reader = _Reader(text, dict(names), {})
    node = _parse(reader)
    return _Read(node, tuple(reader.expr_attr_names_found), tuple(reader.expr_attr_values_found))


@functools.wraps(_make_operand)
def _operand(parser: Any, node: Any) -> Any:  # noqa: ANN401 - moto has no types
    if node.kind == _VALUE:
        return AttributeValue(parser.expression_attribute_values[node.text])
    return _make_operand(parser, node)
