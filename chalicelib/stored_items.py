"""Items of DynamoDB read into PynamoDB's models: each attribute that is there once, instead of all of them three times.

PynamoDB sets the defaults of a new item twice, then looks for each attribute that the model knows, and asks of each
whether it belongs to a map, as it does whenever an attribute is read, set or written. Our models have neither maps,
lists of items, nor discriminators; what has takes PynamoDB's way.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from pynamodb.attributes import Attribute, AttributeContainer, ListAttribute
from pynamodb.exceptions import AttributeNullError
from pynamodb.models import Model

Stored = Mapping[str, dict[str, Any]]

_NULL = "NULL"
_WITH_MORE = (AttributeContainer, ListAttribute)
"""Attributes that hold others."""
_read_slowly: Any = AttributeContainer._container_deserialize  # noqa: SLF001 - PynamoDB offers no other place
_write_slowly: Any = AttributeContainer._container_serialize  # noqa: SLF001 - same
_make_slowly: Any = AttributeContainer._instantiate.__func__  # type: ignore[attr-defined]  # noqa: SLF001 - same
_get_slowly: Any = Attribute.__get__
_set_slowly: Any = Attribute.__set__


class _Known(NamedTuple):
    attributes: dict[str, tuple[str, Attribute[Any]]]
    """By the name in DynamoDB: the name in Python, and what reads it."""
    defaults: tuple[tuple[str, Any], ...]


def install() -> None:
    """Read and write all models so from now on."""
    Model._instantiate = classmethod(_make)  # type: ignore[assignment]  # noqa: SLF001 - same
    Model._container_deserialize = _read  # type: ignore[assignment, method-assign]  # noqa: SLF001 - same
    Model._container_serialize = _written  # type: ignore[assignment, method-assign]  # noqa: SLF001 - same
    Attribute.__get__ = _get  # type: ignore[assignment, method-assign]
    Attribute.__set__ = _set  # type: ignore[assignment, method-assign]


@cache
def _known(model: type[Model]) -> _Known | None:
    """Return what a model knows; None if it has what is read elsewhere."""
    attributes = model.get_attributes()
    if model._discriminator or any(isinstance(one, _WITH_MORE) for one in attributes.values()):  # type: ignore[attr-defined]  # noqa: SLF001 - same
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


def _written(item: Model, null_check: bool = True) -> dict[str, dict[str, Any]]:  # noqa: FBT001, FBT002 - PynamoDB's
    """Return the attributes of an item as they are stored.

    Raises
    ------
    pynamodb.exceptions.AttributeNullError
        One is missing.
    """
    known = _known(type(item))
    if known is None:
        written: dict[str, dict[str, Any]] = _write_slowly(item, null_check)
        return written
    stored, values = {}, item.attribute_values
    for stored_name, (name, attribute) in known.attributes.items():
        value = values.get(name)
        content = None if value is None else attribute.serialize(value)
        if content is not None:
            stored[stored_name] = {attribute.attr_type: content}
        elif null_check and not attribute.null:
            raise AttributeNullError(name)
    return stored


def _get(attribute: Attribute[Any], instance: Any, owner: Any) -> Any:  # noqa: ANN401 - PynamoDB's
    """Return the value of an attribute of an item."""
    if isinstance(instance, Model):
        name = attribute.attr_path[-1]
        return instance.attribute_values.get(instance._dynamo_to_python_attrs.get(name, name))  # type: ignore[attr-defined]  # noqa: SLF001 - same
    return _get_slowly(attribute, instance, owner)


def _set(attribute: Attribute[Any], instance: Any, value: Any) -> None:  # noqa: ANN401 - same
    """Set the value of an attribute of an item."""
    if isinstance(instance, Model):
        name = attribute.attr_path[-1]
        instance.attribute_values[instance._dynamo_to_python_attrs.get(name, name)] = value  # type: ignore[attr-defined]  # noqa: SLF001 - same
    else:
        _set_slowly(attribute, instance, value)
