import base64

import pytest

from chalicelib.products import plots
from chalicelib.products.plots import read_plots
from chalicelib.products.product import Problem, Product

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
JPEG = b"\xff\xd8\xff\xe0" + bytes(20)
PDF = b"%PDF-1.7\n"
SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"></svg>'


def b64(data):
    return base64.b64encode(data).decode()


@pytest.mark.parametrize(
    ("plot", "data", "file", "content_type"),
    [
        ({"format": "png"}, PNG, "plots/0.png", "image/png"),
        ({"format": "PNG"}, PNG, "plots/0.png", "image/png"),
        ({"format": "image/png"}, PNG, "plots/0.png", "image/png"),
        ({}, PNG, "plots/0.png", "image/png"),
        ({"type": "jpg"}, JPEG, "plots/0.jpeg", "image/jpeg"),
        ({"format": "jpeg"}, JPEG, "plots/0.jpeg", "image/jpeg"),
        ({"format": "pdf"}, PDF, "plots/0.pdf", "application/pdf"),
        ({"format": "svg+xml"}, SVG, "plots/0.svg", "image/svg+xml"),
        ({"format": "svg"}, b"<svg width='3'/>", "plots/0.svg", "image/svg+xml"),
        ({"format": "fits"}, b"SIMPLE  =", "plots/0.bin", "application/octet-stream"),
        ({"format": "webp"}, b"RIFF\x10\x00\x00\x00WEBPVP8 ", "plots/0.webp", "image/webp"),
        ({"format": "png"}, JPEG, "plots/0.jpeg", "image/jpeg"),
        ({"format": "jpeg"}, PNG, "plots/0.png", "image/png"),
        ({"type": "pdf"}, PNG, "plots/0.png", "image/png"),
        ({"format": "fits"}, PDF, "plots/0.pdf", "application/pdf"),
        ({"format": "png"}, SVG, "plots/0.svg", "image/svg+xml"),
        ({}, SVG, "plots/0.svg", "image/svg+xml"),
        ({}, b"GIF89a" + bytes(9), "plots/0.gif", "image/gif"),
        ({"format": None}, PDF, "plots/0.pdf", "application/pdf"),
        ({"format": "", "type": " "}, JPEG, "plots/0.jpeg", "image/jpeg"),
        ({"format": 5}, JPEG, "plots/0.jpeg", "image/jpeg"),
        ({"format": ["png"]}, PNG, "plots/0.png", "image/png"),
    ],
)
def test_a_plot_is_kept_as_what_it_is_whatever_it_is_declared_as(plot, data, file, content_type):
    assert list(read_plots([{**plot, "data": b64(data)}])) == [Product("plots/0", file, content_type, data)]


@pytest.mark.parametrize("declared", ["image/jpeg", "image/png", "application/x-unknown"])
def test_the_format_in_a_data_url_is_a_hint_too(declared):
    (plot,) = read_plots([{"data": f"data:{declared};base64,{b64(JPEG)}"}])

    assert plot == Product("plots/0", "plots/0.jpeg", "image/jpeg", JPEG)


def test_one_plot_may_come_without_a_list():
    assert list(read_plots({"format": "png", "data": b64(PNG)})) == [
        Product("plots/0", "plots/0.png", "image/png", PNG)
    ]


def test_line_breaks_in_base64_are_tolerated():
    (plot,) = read_plots([{"data": base64.encodebytes(PNG * 10).decode()}])

    assert plot.data == PNG * 10


@pytest.mark.parametrize(
    ("plot", "message"),
    [
        ({"format": "png", "data": b64(b"hello")}, "declared as png, but the data is something else"),
        ({"data": b64(b"hello")}, "not declared, and the data is none of gif, jpeg, pdf, png, svg, webp"),
        ({"data": b64(b"<html><svg/></html>")}, "not declared"),
        ({"format": "svg", "data": b64(b"<html><svg/></html>")}, "declared as svg, but the data is something else"),
        ({"format": "pdf", "data": b64(b"hello")}, "declared as pdf"),
        ({"format": "png", "data": "not base64!"}, "not valid base64"),
        ({"format": "png", "data": "ä"}, "not valid base64"),
        ({"format": "png", "data": b64(PNG)[:-3]}, "not valid base64"),
        ({"format": "png", "data": ""}, "empty"),
        ({"format": "png"}, "missing or is not text"),
        ({"format": "png", "data": 5}, "missing or is not text"),
        ("iVBORw0KGgo=", "not an object"),
    ],
)
def test_an_unusable_plot_is_reported_and_the_next_one_kept(plot, message):
    problem, good = read_plots([plot, {"data": b64(PNG)}])

    assert isinstance(problem, Problem)
    assert problem.name == "plots/0"
    assert message in problem.error
    assert good.name == "plots/1"


@pytest.mark.parametrize("plots", ["iVBORw0KGgo=", 5, True])
def test_plots_that_are_no_list_are_one_problem(plots):
    assert list(read_plots(plots)) == [Problem("plots", "The plots are not a list.")]


def test_more_plots_than_the_limit_are_cut_with_a_notice():
    found = list(read_plots([{"data": b64(PNG)}] * 103))

    assert [isinstance(item, Product) for item in found] == [True] * 100 + [False]
    assert found[-1] == Problem("plots/100", "Only the first 100 of 103 plots are kept.")


def test_a_plot_larger_than_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(plots, "MAX_PLOT_SIZE", 1_000_000)
    large, fitting = read_plots([{"data": b64(PNG + bytes(1_000_000))}, {"data": b64(PNG + bytes(999_972))}])

    assert "larger than 1 MB" in large.error
    assert len(fitting.data) == 1_000_000
