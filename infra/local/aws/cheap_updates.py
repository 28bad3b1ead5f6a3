"""Makes moto's updates cheap: it parses each expression twice, copies the tree, and walks it ten times for each update.

Most updates set, remove and add to whole attributes by values alone. These are done at once, if moto would not object;
if it would, and for all other expressions, its own way is gone, so that it says why.
"""

import copy
import functools
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from moto.dynamodb import models, responses
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.parsing.ast_nodes import Node
from moto.dynamodb.parsing.executors import UpdateExpressionExecutor
from moto.dynamodb.parsing.expressions import UpdateExpressionParser
from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords
from moto.dynamodb.parsing.validators import UpdateExpressionValidator

from infra.local.aws.cheap_values import SCALARS

_MOST_REMEMBERED = 512
_SETS = frozenset({"SS", "NS", "BS"})
_CLAUSE = re.compile(r"(?:^|\s)(SET|REMOVE|ADD|DELETE)\s")
_NAME = r"\s*(#\w+|[A-Za-z]\w*)"
_ACTIONS = {
    "SET": re.compile(rf"{_NAME}\s*=\s*(:\w+)\s*", re.ASCII),
    "ADD": re.compile(rf"{_NAME}\s+(:\w+)\s*", re.ASCII),
    "REMOVE": re.compile(rf"{_NAME}()\s*", re.ASCII),
}
_copy_item = Item.__deepcopy__


class Action(NamedTuple):
    """Part of a plain expression: SET, ADD or REMOVE, a name or its placeholder, and the placeholder of a value."""

    kind: str
    name: str
    value: str


class Plan(list[tuple[str, DynamoType | None]]):
    """What attributes become; None for those that are removed."""

    def normalize(self) -> None:
        """Be as moto's tree is: nothing is to be sorted."""


def install() -> None:
    """Let trees of expressions be remembered, plain updates done at once, and copies share what is fixed."""
    for module in (models, responses):
        module.UpdateExpressionParser = _Parser
    models.UpdateExpressionValidator = _Validator
    models.UpdateExpressionExecutor = _Executor
    Item.__deepcopy__ = _copy_what_changes


class _Parser:
    """moto's, which remembers trees; what it returns is not changed, for moto works on copies."""

    @staticmethod
    def make(expression: str) -> Any:  # noqa: ANN401 - moto's
        return _tree(expression)


@functools.lru_cache(_MOST_REMEMBERED)
def _tree(expression: str) -> Any:  # noqa: ANN401 - moto's
    tree = UpdateExpressionParser.make(expression)
    plain = _plain(expression)
    return tree if plain is None else _PlainTree(tree, plain)


class _PlainTree:
    """A tree of a plain expression."""

    def __init__(self, tree: Node, actions: tuple[Action, ...]) -> None:
        self.tree, self.actions = tree, actions
        self._clauses: dict[tuple[type[Node], ...], list[Any]] = {}

    def find_clauses(self, kinds: list[type[Node]]) -> list[Any]:
        """Return the nodes of these kinds, in a list of their own."""
        if tuple(kinds) not in self._clauses:
            self._clauses[tuple(kinds)] = self.tree.find_clauses(kinds)
        return list(self._clauses[tuple(kinds)])


def _plain(expression: str) -> tuple[Action, ...] | None:
    """Return the actions of an expression that has each clause once, and nothing in them but names and placeholders."""
    _, *parts = _CLAUSE.split(expression)
    actions = []
    for kind, clause in zip(parts[::2], parts[1::2], strict=True):
        for text in clause.split(","):
            match = _ACTIONS[kind].fullmatch(text) if kind in _ACTIONS else None
            if match is None or match[1].upper() in _reserved():
                return None
            actions.append(Action(kind, *match.groups()))
    return tuple(actions) if actions and len(set(parts[::2])) == len(parts[::2]) else None


@functools.cache
def _reserved() -> frozenset[str]:
    return frozenset(ReservedKeywords.get_reserved_keywords())


class _Validator:
    """Makes the plan of a plain update, and has moto's validator look at all others."""

    def __init__(
        self,
        expression: Any,  # noqa: ANN401 - moto's
        expression_attribute_names: Mapping[str, str],
        expression_attribute_values: Mapping[str, Any],
        item: Any,  # noqa: ANN401 - same
        table: Any,  # noqa: ANN401 - same
    ) -> None:
        self._expression, self._item, self._table = expression, item, table
        self._names, self._values = expression_attribute_names, expression_attribute_values

    def validate(self) -> Any:  # noqa: ANN401 - moto's
        """Return a plan, or moto's tree."""
        is_plain = isinstance(self._expression, _PlainTree)
        plan = self._plan(self._expression.actions) if is_plain else None
        if plan is not None:
            return plan
        tree = self._expression.tree if is_plain else self._expression
        return UpdateExpressionValidator(tree, self._names, self._values, self._item, self._table).validate()

    def _plan(self, actions: tuple[Action, ...]) -> Plan | None:
        meant = self._names or {}
        names = [meant.get(action.name) if action.name[0] == "#" else action.name for action in actions]
        if None in names or len(set(names)) < len(names) or not set(self._table.table_key_attrs).isdisjoint(names):
            return None
        types = {one["AttributeName"]: one["AttributeType"] for one in self._table.attr}  # of keys of indexes
        plan = Plan()
        for name, action in zip(names, actions, strict=True):
            if action.kind == "REMOVE":
                plan.append((str(name), None))
                continue
            given = (self._values or {}).get(action.value)
            if given is None:
                return None
            value = DynamoType(given)
            if name in types and (value.type != types[name] or not value.value):
                return None
            if action.kind == "ADD":
                total = _sum(self._item.attrs.get(name), value)
                if total is None:
                    return None
                value = total
            plan.append((str(name), value))
        return plan


def _sum(before: DynamoType | None, value: DynamoType) -> DynamoType | None:
    """Return a number and a number, or a set and a set; None for what cannot be added."""
    if before is not None and before.type != value.type:
        return None
    if value.type == "N":
        return (before or DynamoType({"N": "0"})) + value
    if value.type not in _SETS or not value.value:
        return None
    there = [] if before is None else before.value
    return DynamoType({value.type: list(dict.fromkeys([*there, *value.value]))})


class _Executor:
    """Carries out a plan; moto's executor does the rest."""

    def __init__(self, plan: Any, item: Any, names: Mapping[str, str]) -> None:  # noqa: ANN401 - moto's
        self._plan, self._item, self._names = plan, item, names

    def execute(self) -> None:
        """Change the item."""
        if not isinstance(self._plan, Plan):
            UpdateExpressionExecutor(self._plan, self._item, self._names).execute()
            return
        for name, value in self._plan:
            if value is None:
                self._item.attrs.pop(name, None)
            else:
                self._item.attrs[name] = value


@functools.wraps(_copy_item)
def _copy_what_changes(item: Any, memo: dict[int, Any]) -> Any:  # noqa: ANN401 - moto has no types
    """Copy an item; text, numbers and the like are replaced, never changed."""
    clone = copy.copy(item)
    clone.attrs = type(item.attrs)()
    for name, value in item.attrs.items():
        clone.attrs[name] = value if value.type in SCALARS else copy.deepcopy(value, memo)
    return clone
