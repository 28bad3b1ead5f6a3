import io
import json

import joblib
import numpy as np
import pytest

from chalicelib.products.errors import Unreadable
from chalicelib.products.joblib import large_arrays
from chalicelib.products.joblib.decode import load
from chalicelib.products.joblib.plain import plain
from chalicelib.products.scratch import FilePart


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    monkeypatch.setattr(large_arrays, "LARGE", 10)
    monkeypatch.setattr(large_arrays, "_BLOCK", 7)


def written(value):
    stream = io.BytesIO()
    joblib.dump(value, stream)
    found = large_arrays.to_json(plain(load(stream.getvalue())))
    assert isinstance(found, FilePart)
    return json.loads(found.read())


@pytest.mark.parametrize(
    "shape", [(11,), (100,), (1, 12), (12, 1), (3, 4, 5), (2, 1, 20), (30, 2, 1), (5, 8), (1, 1, 11)]
)
@pytest.mark.parametrize("order", ["C", "F"])
def test_a_large_array_is_written_as_the_nested_lists_that_it_is(shape, order):
    values = (
        np.asfortranarray(np.random.default_rng(5).normal(size=shape)) if order == "F" else np.arange(np.prod(shape))
    )
    array = values.reshape(shape, order=order)
    assert written({"before": [1], "cube": array, "after": {"again": array}}) == {
        "before": [1],
        "cube": array.tolist(),
        "after": {"again": array.tolist()},
    }


def test_what_json_has_not_is_null_in_it():
    values = np.arange(20.0)
    values[[3, 9, 15]] = np.nan, np.inf, -np.inf
    assert written(values) == [None if not np.isfinite(value) else value for value in values]


@pytest.mark.parametrize("kind", ["f2", "f4", "f8", "i1", "u8", "?", ">f8"])
def test_numbers_of_every_type_are_written(kind):
    values = (np.arange(20) % 2).astype(kind)
    assert written({"a": values}) == {"a": values.tolist()}


def test_a_text_that_looks_like_a_place_is_text():
    assert written({"text": '"', "a": np.arange(20)}) == {"text": '"', "a": list(range(20))}


def test_more_numbers_than_can_be_written_are_a_sentence(monkeypatch):
    monkeypatch.setattr("chalicelib.products.joblib.plain.MAX_NUMBERS", 100)
    with pytest.raises(Unreadable, match="numbers"):
        written([np.arange(60), np.arange(60)])
