import json

import numpy as np
import pytest

from chalicelib.products.errors import Unreadable
from chalicelib.products.joblib.large_arrays import to_json
from chalicelib.products.joblib.plain import plain


def test_json_data_is_itself():
    value = {"a": [1, 2.5, "x", None, True], "b": {"c": {}}}

    assert plain(value) == value


def test_what_json_cannot_say_becomes_null():
    assert plain([float("nan"), float("inf"), -float("inf")]) == [None, None, None]


def test_keys_become_text():
    assert plain({1: 2, None: 3, (1, 2): 4}) == {"1": 2, "None": 3, "[1, 2]": 4}


def test_numbers_are_not_rounded():
    assert json.loads(to_json(plain({"x": 0.1 + 0.2, "y": np.array([1e-300]), "n": 2**53 + 1}))) == {
        "x": 0.1 + 0.2,
        "y": [1e-300],
        "n": 2**53 + 1,
    }


def test_a_foreign_object_is_refused():
    with pytest.raises(Unreadable, match="not data"):
        plain({"x": object()})


def test_json_nested_beyond_the_limit_is_refused():
    value = 1
    for _ in range(101):
        value = [value]

    with pytest.raises(Unreadable, match="100 levels"):
        plain(value)
