"""Items are read into models as PynamoDB reads them."""

import importlib
import pkgutil
from datetime import datetime

import pytest
from pynamodb.attributes import AttributeContainer, MapAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import AttributeDeserializationError
from pynamodb.models import Model

import chalicelib
from chalicelib.analyses.items.run import Run
from chalicelib.sources.items.source import Source

SAMPLES = {
    "S": ["text", "", "2026-11-26T03:00:00.000017", '{"a": [1, null]}'],
    "N": ["17", "0", "-1.5"],
    "NS": [["3", "1"]],
    "SS": [["b", "a"]],
    "B": [b"\x00\xff"],
    "BOOL": [True, False],
}


def slowly(model, stored):
    item = model.__new__(model)
    AttributeContainer._container_deserialize(item, stored)
    return item.attribute_values


def models():
    for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
        if ".items." in module.name or module.name == "chalicelib.registry":
            importlib.import_module(module.name)
    waiting, found = [Model], set()
    while waiting:
        below = [one for one in waiting.pop().__subclasses__() if one.__module__.startswith("chalicelib.")]
        waiting += below
        found.update(one for one in below if hasattr(one, "Meta"))
    return sorted(found, key=lambda model: (model.__module__, model.__name__))


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__name__)
def test_each_attribute_of_each_model_is_read_alike(model):
    compared = 0
    for name, attribute in model.get_attributes().items():
        for content in SAMPLES.get(attribute.attr_type, ()):
            stored = {attribute.attr_name: {attribute.attr_type: content}}
            try:
                wanted = slowly(model, stored)
            except ValueError:
                with pytest.raises(ValueError):
                    model.from_raw_data(stored)
                continue
            assert _timeless(model.from_raw_data(stored).attribute_values, name) == _timeless(wanted, name)
            compared += 1
    assert compared


def _timeless(values, name):
    """Leave out defaults that are of the moment."""
    return {key: value for key, value in values.items() if key == name or not isinstance(value, datetime)}


def test_what_is_null_or_unknown_is_not_there():
    stored = {"obj_id": {"S": "a"}, "sk": {"S": "source"}, "redshift": {"NULL": True}, "nobody knows": {"S": "x"}}
    item = Source.from_raw_data(stored)
    assert (item.obj_id, item.redshift) == ("a", None)
    assert "nobody knows" not in item.attribute_values


def test_another_type_than_the_models_is_refused():
    with pytest.raises(AttributeDeserializationError):
        Run.from_raw_data({"analysis_id": {"S": "1"}})


def test_a_model_with_a_map_is_read_as_before():
    class Inner(MapAttribute):
        number = NumberAttribute()

    class Outer(Model):
        class Meta:
            table_name = "outer"

        key = UnicodeAttribute(hash_key=True)
        inner = Inner()

    item = Outer.from_raw_data({"key": {"S": "a"}, "inner": {"M": {"number": {"N": "3"}}}})
    assert (item.key, item.inner.number) == ("a", 3)
