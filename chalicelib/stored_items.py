"""Items of DynamoDB read into PynamoDB's models: each attribute that is there once, instead of all of them three times.

PynamoDB sets the defaults of a new item twice, then looks for each attribute that the model knows, and asks of each
whether it belongs to a map. Our models have neither maps nor discriminators; what has takes PynamoDB's way.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from pynamodb.attributes import Attribute, AttributeContainer
from pynamodb.models import Model

Stored = Mapping[str, dict[str, Any]]

_NULL = "NULL"
_read_slowly: Any = AttributeContainer._container_deserialize  # noqa: SLF001 - PynamoDB offers no other place
_make_slowly: Any = AttributeContainer._instantiate.__func__  # type: ignore[attr-defined]  # noqa: SLF001 - same


class _Known(NamedTuple):
    attributes: dict[str, tuple[str, Attribute[Any]]]
    """By the name in DynamoDB: the name in Python, and what reads it."""
    defaults: tuple[tuple[str, Any], ...]


def install() -> None:
    """Read all models so from now on."""
    Model._instantiate = classmethod(_make)  # type: ignore[assignment]  # noqa: SLF001 - same
    Model._container_deserialize = _read  # type: ignore[assignment, method-assign]  # noqa: SLF001 - same


@cache
def _known(model: type[Model]) -> _Known | None:
    """Return what a model knows; None if it has what is read elsewhere."""
    attributes = model.get_attributes()
    if model._discriminator or any(isinstance(one, AttributeContainer) for one in attributes.values()):  # type: ignore[attr-defined]  # noqa: SLF001 - same
        return None
    defaults = ((name, one.default) for name, one in attributes.items() if one.default is not None)
    return _Known({one.attr_name: (name, one) for name, one in attributes.items()}, tuple(defaults))


def _make(model: type[Model], stored: Stored) -> Model:
    """Return an item as it is stored."""
    if _known(model) is None:
        made: Model = _make_slowly(model, stored)
        return made
    item = model.__new__(model)
    _read(item, stored)
    return item


def _read(item: Model, attribute_values: Stored) -> None:
    """Let an item have the attributes that are stored, and defaults for others.

    Raises
    ------
    pynamodb.exceptions.AttributeDeserializationError
        An attribute is of another type than the model says.
    """
    known = _known(type(item))
    if known is None:
        _read_slowly(item, attribute_values)
        return
    values: dict[str, Any] = {}
    for stored_name, value in attribute_values.items():
        found = known.attributes.get(stored_name)
        if found is not None and value and _NULL not in value:
            name, attribute = found
            values[name] = attribute.deserialize(attribute.get_value(value))
    for name, default in known.defaults:
        if name not in values:
            made = default() if callable(default) else default
            if made is not None:
                values[name] = made
    item.attribute_values = values
