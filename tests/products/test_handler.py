import io
import json

import numpy as np
import pytest
from PIL import Image

from chalicelib.products import reading
from chalicelib.products.errors import BrokenRequest, Unreadable
from chalicelib.products.handler import handler
from chalicelib.products.transfer import TransferError

EVERYTHING = ["plots", "results", "inference_data", "corner"]


@pytest.fixture
def document(base64_of, joblib_bytes, netcdf, png):
    return {
        "plots": [{"format": "png", "data": base64_of(png)}, {"format": "svg+xml", "data": base64_of(b"<svg />")}],
        "results": {
            "format": "joblib",
            "data": base64_of(joblib_bytes({"summary": "A supernova.", "parameters": np.arange(3.0)})),
        },
        "inference_data": {"format": "netcdf4", "data": base64_of(netcdf())},
        "annotations": [{"data": {"z": 0.1}}],
    }


def test_every_product_is_stored_and_reported(store, event, document):
    answer = handler(event(document, EVERYTHING), None)

    rows = {row["name"]: row for row in answer["products"]}
    assert {name: (row["key"], row["content_type"]) for name, row in rows.items()} == {
        "plots/0": ("products/7/plots/0.png", "image/png"),
        "plots/1": ("products/7/plots/1.svg", "image/svg+xml"),
        "results": ("products/7/results.json", "application/json"),
        "results_original": ("products/7/results.joblib", "application/octet-stream"),
        "inference_data": ("products/7/inference_data.nc", "application/x-netcdf"),
        "corner": ("products/7/corner-abc.png", "image/png"),
    }
    assert {row["key"]: (row["content_type"], row["size"]) for row in rows.values()} == {
        key: (content_type, len(data)) for key, (content_type, data) in store.objects.items()
    }
    assert {row["error"] for row in rows.values()} == {None}
    assert json.loads(store.objects["products/7/results.json"][1])["parameters"] == [0.0, 1.0, 2.0]
    assert store.objects["products/7/corner-abc.png"][1].startswith(b"\x89PNG")
    assert answer["summary"] == "A supernova."


def test_the_answer_is_json(event, document):
    assert json.loads(json.dumps(handler(event(document, EVERYTHING), None)))["summary"] == "A supernova."


def test_only_what_is_wanted_is_made(store, event, document):
    answer = handler(event(document, ["plots"]), None)

    assert [row["name"] for row in answer["products"]] == ["plots/0", "plots/1"]
    assert answer["summary"] is None
    assert len(store.objects) == 2


@pytest.mark.parametrize("document", [{}, {"plots": [], "results": None, "inference_data": {}}, {"plots": None}])
def test_a_document_without_products_gives_no_rows(event, document):
    answer = handler(event(document, ["plots", "results", "inference_data"]), None)

    assert answer == {"products": [], "summary": None, "facts": None}


def test_a_corner_plot_without_a_posterior_is_an_error(event):
    (row,) = handler(event({"results": {"a": 1}}, ["corner"]), None)["products"]

    assert row == {
        "name": "corner",
        "key": None,
        "content_type": None,
        "size": None,
        "error": "No inference data found for this Analysis.",
    }


def test_a_large_corner_plot_is_postponed_if_somebody_waits(store, event):
    samples = {f"p{number}": list(range(50)) for number in range(13)}

    (row,) = handler(event({"posterior_samples": samples}, ["corner"], is_awaited=True), None)["products"]
    few = event({"posterior_samples": samples}, ["corner"], is_awaited=True, plot_kwargs={"var_names": ["p3", "p4"]})

    assert (row["name"], row["key"], row["error"]) == ("corner", None, None)
    assert store.objects == {}
    assert handler(few, None)["products"][0]["key"] == "products/7/corner-abc.png"


def test_fewer_parameters_are_drawn_if_so_many_are_asked_for(store, event):
    samples = {f"p{number}": list(range(50)) for number in range(4)}

    handler(event({"posterior_samples": samples}, ["corner"], most=1), None)
    handler(event({"posterior_samples": samples}, ["corner"], name="corner-4.png"), None)

    sizes = [Image.open(io.BytesIO(content)).size for _, content in store.objects.values()]
    assert sizes == [(340, 340), (970, 970)]


def test_arguments_are_checked_before_a_plot_is_postponed(event):
    samples = {f"p{number}": list(range(50)) for number in range(13)}
    call = event({"posterior_samples": samples}, ["corner"], is_awaited=True, plot_kwargs={"labels": ["a"]})

    (row,) = handler(call, None)["products"]

    assert (row["name"], row["error"]) == ("plot_kwargs", "labels has 1 entries for 13 parameters.")


@pytest.mark.parametrize(
    ("samples", "name", "error"),
    [
        ([1.0] * 50, "corner", "No parameter of the posterior has any spread."),
        ([-1.0] * 49 + [2.0], "plot_kwargs", "axes_scale: a logarithmic axis of 'a' cannot begin at -1."),
    ],
)
def test_why_a_plot_that_nobody_waits_for_cannot_be_drawn_is_stored(store, event, samples, name, error):
    kwargs = {"axes_scale": "log"}
    call = event({"posterior_samples": {"a": samples}}, ["corner"], plot_kwargs=kwargs, problem_name="corner-abc.json")

    handler(call, None)

    row = {"name": name, "key": None, "content_type": None, "size": None, "error": error}
    assert json.loads(store.objects["products/7/corner-abc.json"][1]) == row


def test_a_plot_that_can_be_drawn_has_no_problem(store, event):
    samples = {"a": list(range(50))}

    handler(event({"posterior_samples": samples}, ["corner"], problem_name="corner-abc.json"), None)

    assert list(store.objects) == ["products/7/corner-abc.png"]


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ({"var_names": ["a", "b"]}, "var_names: 'b' is no parameter of the posterior; it has a."),
        ({"labels": ["one", "two"]}, "labels has 2 entries for 1 parameters."),
        ({"color": "nosuchcolour"}, "color: 'nosuchcolour' is no colour."),
    ],
)
def test_arguments_that_do_not_fit_the_posterior_are_told_from_a_posterior_that_cannot_be_drawn(event, kwargs, message):
    samples = {"a": list(range(50))}

    answer = handler(event({"posterior_samples": samples}, ["corner"], plot_kwargs=kwargs), None)

    assert [(row["name"], row["key"], row["error"]) for row in answer["products"]] == [("plot_kwargs", None, message)]


def test_arguments_reach_the_corner_plot(store, event):
    samples = {"a": list(range(50))}

    handler(event({"posterior_samples": samples}, ["corner"], name="corner-1.png"), None)
    handler(event({"posterior_samples": samples}, ["corner"], name="corner-2.png", plot_kwargs={"bins": 5}), None)

    assert store.objects["products/7/corner-1.png"] != store.objects["products/7/corner-2.png"]


def test_an_unreadable_product_does_not_touch_the_others(store, event, document):
    document["results"]["data"] = "?"
    document["inference_data"]["data"] = document["inference_data"]["data"][:4000]
    document["plots"][0] = {"format": "pdf", "data": "aGVsbG8="}

    answer = handler(event(document, EVERYTHING), None)

    errors = {row["name"]: row["error"] for row in answer["products"] if row["error"]}
    assert errors["plots/0"] == "Plot 0 cannot be read. It is declared as pdf, but the data is something else."
    assert errors["results"] == "The results cannot be read. The data is not valid base64."
    assert errors["inference_data"].startswith("The inference data cannot be read. The file is cut off or damaged")
    assert errors["corner"].startswith("The file is cut off or damaged")
    assert [row["name"] for row in answer["products"] if row["key"]] == ["plots/1"]
    assert list(store.objects) == ["products/7/plots/1.svg"]


def test_a_parser_that_breaks_does_not_touch_the_others(event, document, monkeypatch, caplog):
    def broken(_):
        raise MemoryError

    monkeypatch.setattr(reading, "read_results", broken)

    answer = handler(event(document, ["plots", "results"]), None)

    assert [(row["name"], row["error"]) for row in answer["products"]] == [
        ("plots/0", None),
        ("plots/1", None),
        ("results", "Reading the results failed unexpectedly."),
    ]
    assert "unexpected failure while reading results" in caplog.text


def test_what_the_store_refuses_is_an_error_of_that_product(store, event, document):
    store.refused_keys.add("products/7/plots/0.png")

    answer = handler(event(document, ["plots"]), None)

    assert [(row["name"], row["error"]) for row in answer["products"]] == [
        ("plots/0", "The store refused it: HTTP 400."),
        ("plots/1", None),
    ]
    assert list(store.objects) == ["products/7/plots/1.svg"]


@pytest.mark.parametrize("content", [b"not gzip", b""])
def test_a_document_that_cannot_be_read_is_raised(store, event, content):
    call = event({}, ["plots"])
    call["document"]["url"] = store.put(content)

    with pytest.raises(Unreadable):
        handler(call, None)


def test_a_document_that_is_gone_is_raised(store, event):
    call = event({}, ["plots"])
    call["document"]["url"] = store.url + "/gone"

    with pytest.raises(TransferError, match="HTTP 404"):
        handler(call, None)


def test_a_store_that_is_gone_is_raised(event, document):
    call = event(document, ["plots"])
    call["store"]["url"] = "http://127.0.0.1:1/bucket"

    with pytest.raises(TransferError, match="cannot be reached"):
        handler(call, None)


@pytest.mark.parametrize(
    "change",
    [
        {"wanted": ["plots", "secrets"]},
        {"document": {}},
        {"store": {"url": "http://127.0.0.1:1"}},
        {"wanted": ["corner"], "corner": {"name": "../../other.png"}},
        {"wanted": ["corner"], "corner": {"name": "corner.png", "problem_name": "../document.json.gz"}},
        {"wanted": ["corner"], "corner": None},
    ],
)
def test_a_broken_event_is_raised(event, change):
    with pytest.raises((KeyError, TypeError, ValueError)):
        handler(event({}, ["plots"]) | change, None)


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({}, "The event is broken: it lacks 'wanted'."),
        ({"wanted": ["plots"]}, "The event is broken: it lacks 'store'."),
        ({"wanted": ["everything"]}, "wanted may hold"),
        ({"wanted": 5}, "The event is broken: "),
        ([], "The event is broken: "),
        (None, "The event is broken: "),
        ({"wanted": [], "store": "x", "document": {"url": "x"}}, "The event is broken: "),
    ],
)
def test_a_malformed_event_is_refused_with_a_sentence(event, said):
    with pytest.raises(BrokenRequest, match=said):
        handler(event, None)
