import math

import numpy as np
import pytest

from chalicelib.products.errors import Unreadable
from chalicelib.products.posterior import choose_from_document, read_parameters
from chalicelib.products.selection import Wanted


def samples_of(document):
    return {parameter.name: parameter.read() for parameter in read_parameters(document)}


def test_inference_data_comes_before_posterior_samples(netcdf, base64_of):
    document = {
        "inference_data": {"format": "netcdf4", "data": base64_of(netcdf())},
        "posterior_samples": {"other": [1.0, 2.0]},
    }

    assert list(choose_from_document(document, Wanted()).columns) == ["t0", "x1"]


def test_posterior_samples_come_before_posteriors():
    document = {"posteriors": {"m": {"b": [1.0, 2.0]}}, "posterior_samples": {"a": [1, 2.5]}}

    assert {name: values.tolist() for name, values in samples_of(document).items()} == {"a": [1.0, 2.5]}


def test_of_several_models_the_first_with_samples_is_taken():
    document = {"posteriors": {"empty": {}, "salt2": {"c": [1.0, 2.0]}, "nugent": {"z": [0.5, 0.6]}}}

    assert list(samples_of(document)) == ["c"]


def test_missing_samples_are_nan_and_what_is_no_list_of_numbers_is_left_out():
    document = {"posterior_samples": {"a": [1.0, None], "names": ["x", "y"], "n": 3, "big": [10**400, 1]}}

    posterior = samples_of(document)

    assert list(posterior) == ["a"]
    assert math.isnan(posterior["a"][1])


CHAINS = [[1.0, 2.0, 3.0], [4, None, 6.0]]


@pytest.mark.parametrize("key", ["posterior_samples", "posteriors"])
def test_chains_of_draws_are_joined(key):
    samples = {
        "x": CHAINS,
        "flat": [1, 2, 3, 4, 5, 6],
        "ragged": [[1.0], [2.0, 3.0, 4.0, 5.0, 6.0]],
        "one": [[1.0] * 6],
    }

    posterior = samples_of({key: samples if key == "posterior_samples" else {"model": samples}})

    assert list(posterior) == ["x", "flat", "ragged", "one"]
    assert np.array_equal(posterior["x"], [1, 2, 3, 4, np.nan, 6], equal_nan=True)
    assert posterior["ragged"].tolist() == [1, 2, 3, 4, 5, 6]


def test_arrays_of_further_dimensions_are_one_column_for_each_element():
    theta = np.arange(24.0).reshape(2, 3, 4)
    matrix = np.arange(24.0).reshape(2, 3, 2, 2)

    posterior = samples_of({"posterior_samples": {"theta": theta.tolist(), "matrix": matrix.tolist()}})

    elements = ["theta[0]", "theta[1]", "theta[2]", "theta[3]"]
    assert list(posterior) == [*elements, "matrix[0,0]", "matrix[0,1]", "matrix[1,0]", "matrix[1,1]"]
    assert posterior["theta[1]"].tolist() == theta[:, :, 1].ravel().tolist()
    assert posterior["matrix[1,0]"].tolist() == matrix[:, :, 1, 0].ravel().tolist()


@pytest.mark.parametrize(
    "nonsense",
    [
        [[1.0, "a"], [2.0, 3.0]],
        [[1.0, 2.0], 3.0, 4.0],
        [[[1.0], [2.0]], [[3.0], [4.0, 5.0]]],
        [[[1.0, 2.0], 3.0]],
        [[[], []], [[], []]],
        [None, [1.0, 2.0]],
        [[[[[[[1.0]]]]]]],
        {"chain": [1.0]},
        [{"x": 1.0}],
        "[[1, 2], [3, 4]]",
    ],
    ids=str,
)
def test_what_is_nested_in_another_way_is_left_out(nonsense):
    assert list(samples_of({"posterior_samples": {"x": CHAINS, "odd": nonsense}})) == ["x"]


def test_an_array_of_more_elements_than_there_can_be_columns_is_refused():
    with pytest.raises(Unreadable, match="theta has more than 10000 elements"):
        samples_of({"posterior_samples": {"theta": [[[0.0] * 10_001]]}})


@pytest.mark.parametrize(
    "document",
    [{}, {"results": {}}, {"posterior_samples": {}}, {"posteriors": []}, {"posterior_samples": {"a": "text"}}],
)
def test_a_document_without_a_posterior_says_so(document):
    with pytest.raises(Unreadable, match=r"^No inference data found for this Analysis\.$"):
        choose_from_document(document, Wanted())


def test_what_is_asked_for_is_chosen_by_the_name_of_a_parameter_or_of_the_array_that_it_is_in():
    document = {"posterior_samples": {"theta": np.arange(24.0).reshape(2, 3, 4).tolist(), "x": [1, 2, 3, 4, 5, 7]}}

    assert list(choose_from_document(document, Wanted(("x", "theta[2]"))).columns) == ["x", "theta[2]"]
    assert list(choose_from_document(document, Wanted(("theta",))).columns) == [f"theta[{index}]" for index in range(4)]
