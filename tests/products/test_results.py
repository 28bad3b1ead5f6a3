import json

import numpy as np
import pytest

from chalicelib.products.product import Problem, Product
from chalicelib.products.results import read_results

RESULTS = {"chi2": 1.5, "bands": ["g", "r"], "summary": "A supernova."}


@pytest.fixture
def forms(base64_of, joblib_bytes):
    """The same results in every form that services use."""
    text = json.dumps(RESULTS)
    return {
        "joblib": {"format": "joblib", "data": base64_of(joblib_bytes(RESULTS))},
        "JOBLIB": {"format": "JOBLIB", "data": base64_of(joblib_bytes(RESULTS, compress=3))},
        "json object": {"format": "json", "data": RESULTS},
        "json text": {"format": "json", "data": text},
        "json base64": {"format": "json", "data": base64_of(text.encode())},
        "bare": RESULTS,
    }


@pytest.mark.parametrize("form", ["joblib", "JOBLIB", "json object", "json text", "json base64", "bare"])
def test_results_of_every_form_have_the_same_json(forms, form):
    stored = read_results(forms[form])[0]

    assert (stored.name, stored.file, stored.content_type) == ("results", "results.json", "application/json")
    assert json.loads(stored.data) == RESULTS
    assert stored.summary == "A supernova."


def test_joblib_results_are_also_kept_as_they_were_sent(forms, joblib_bytes):
    _, original = read_results(forms["joblib"])

    assert original == Product("results_original", "results.joblib", "application/octet-stream", joblib_bytes(RESULTS))


@pytest.mark.parametrize("form", ["json object", "json text", "json base64", "bare"])
def test_json_results_are_kept_once(forms, form):
    assert len(read_results(forms[form])) == 1


def test_text_results_are_a_json_string_and_a_text_file(base64_of):
    stored, original = read_results({"format": "text", "data": base64_of("χ² = 1.5\n".encode())})

    assert json.loads(stored.data) == "χ² = 1.5\n"
    assert original == Product("results_original", "results.txt", "text/plain; charset=utf-8", "χ² = 1.5\n".encode())


@pytest.mark.parametrize(
    ("results", "shown"),
    [
        ({"format": "json", "data": '{"x": NaN}'}, {"x": None}),
        ({"format": "json", "data": [1, 2]}, [1, 2]),
        ({"format": "json", "data": "3"}, 3),
        ({"format": "json", "data": None}, None),
        ({"format": "of the season", "goals": 3}, {"format": "of the season", "goals": 3}),
        ({"format": 3, "data": 4}, {"format": 3, "data": 4}),
        ([1, float("nan")], [1, None]),
        ("text", "text"),
        ({}, {}),
    ],
)
def test_unusual_results_are_kept_too(results, shown):
    (stored,) = read_results(results)

    assert json.loads(stored.data) == shown


@pytest.mark.parametrize(
    ("results", "message"),
    [
        ({"format": "pickle", "data": "gASVAgAAAAAAAAB9lC4="}, "format is none of joblib, text, json"),
        ({"format": "joblib"}, "missing or is not text"),
        ({"format": "joblib", "data": "&&&"}, "not valid base64"),
        ({"format": "text", "data": {"a": 1}}, "missing or is not text"),
        ({"format": "json", "data": "e30x"}, "declared as JSON, but are not"),
        ({"format": "json", "data": "{'a': 1}"}, "not valid base64"),
        ({"format": "json", "data": "[" * 100_000}, "nested too deeply"),
    ],
)
def test_unreadable_results_are_a_problem_with_a_sentence(results, message):
    (problem,) = read_results(results)

    assert isinstance(problem, Problem)
    assert problem.name == "results"
    assert message in problem.error


def test_joblib_results_that_cannot_be_decoded_are_kept_as_they_were_sent(base64_of):
    problem, original = read_results({"format": "joblib", "data": base64_of(b"\x80\x04damaged")})

    assert "damaged" in problem.error
    assert original.data == b"\x80\x04damaged"


@pytest.mark.parametrize("summary", [None, 5, ["text"], {"text": "x"}])
def test_only_text_is_a_summary(summary):
    assert read_results({"summary": summary})[0].summary is None


def test_a_summary_is_cut_to_64_kilobytes_between_characters():
    (stored,) = read_results({"summary": "a" + "é" * 50_000})

    assert stored.summary == "a" + "é" * 32_767
    assert len(json.loads(stored.data)["summary"]) == 50_001


def test_numpy_text_in_joblib_is_a_summary_too(base64_of, joblib_bytes):
    data = base64_of(joblib_bytes({"summary": np.str_("A nova.")}))

    assert read_results({"format": "joblib", "data": data})[0].summary == "A nova."
