import io

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from chalicelib.products.corner import plot
from chalicelib.products.corner.plot import draw_corner
from chalicelib.products.corner.smoothing import gaussian_filter
from chalicelib.products.errors import Unreadable


@pytest.fixture
def posterior():
    random = np.random.default_rng(11)
    t0 = random.normal(59000.123, 0.04, 600)
    return {
        "t0": t0,
        "x0": random.normal(1.2e-4, 2e-6, 600),
        "z": np.full(600, 0.05),
        "x1": random.normal(0.3, 0.5, 600) + 8 * (t0 - 59000.1),
    }


@pytest.fixture
def drawn(monkeypatch):
    """What is handed to corner, which still draws it."""
    from corner import core

    calls = []
    original = core.corner_impl

    def record(samples, **options):
        calls.append((samples, options))
        figure = original(samples, **options)
        calls[-1] += (figure,)
        return figure

    monkeypatch.setattr(core, "corner_impl", record)
    return calls


def picture(data):
    return np.asarray(Image.open(io.BytesIO(data)).convert("L"), dtype=float)


def test_the_plot_is_a_png_of_readable_size(posterior):
    data = draw_corner(posterior, {})

    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert min(picture(data).shape) > 600
    assert picture(data).std() > 10


def test_quantiles_of_16_50_and_84_percent_are_drawn_and_titled(posterior, drawn):
    draw_corner(posterior, {})

    ((_, options, figure),) = drawn
    middle = np.quantile(posterior["t0"], 0.5)
    lines = [line.get_xdata()[0] for line in figure.axes[0].lines]
    assert lines == pytest.approx(np.quantile(posterior["t0"], [0.16, 0.5, 0.84]))
    assert figure.axes[0].get_title().startswith(f"t0 = ${{{middle:.3f}}}_{{-0.0")
    assert options["quantiles"] == [0.16, 0.5, 0.84]


def test_a_parameter_without_spread_is_left_out(posterior, drawn):
    draw_corner(posterior, {})

    samples, options, _ = drawn[0]
    assert samples.shape == (600, 3)
    assert options["labels"] == ["t0", "x0", "x1"]


def test_titles_show_two_digits_of_the_uncertainty(posterior, drawn):
    draw_corner(posterior | {"far": np.random.default_rng(1).normal(-3e7, 4000, 600)}, {"show_titles": True})

    assert drawn[0][1]["title_fmt"] == [".3f", ".3e", ".2f", ".0f"]


def test_arguments_replace_the_defaults_and_change_the_picture(posterior):
    plain = draw_corner(posterior, {})

    smooth = draw_corner(posterior, {"smooth": 1.0, "smooth1d": 1.0, "fill_contours": True})
    truths = draw_corner(posterior, {"truths": [59000.1, None, 0.3], "labels": ["$t_0$", "$x_0$", "$x_1$"]})

    assert len({plain, smooth, truths}) == 3


def test_lists_may_count_all_parameters_or_only_those_drawn(posterior, drawn):
    draw_corner(posterior, {"labels": ["A", "B", "constant", "C"], "truths": [59000.0, None, 0.05, 1.0]})
    draw_corner(posterior, {"labels": ["A", "B", "C"]})

    assert drawn[0][1]["labels"] == drawn[1][1]["labels"] == ["A", "B", "C"]
    assert drawn[0][1]["truths"] == [59000.0, None, 1.0]


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ({"labels": ["one"]}, "labels has 1 entries for 3 parameters"),
        ({"color": "nosuchcolour"}, "nosuchcolour"),
        ({"labels": ["$\\frac{$", "b", "c"]}, "cannot be drawn"),
        ({"range": [[0, 1], [5, 6], [7, 8]]}, "cannot be drawn"),
        ({"quantiles": [2]}, "plot_kwargs: quantiles"),
    ],
)
def test_arguments_that_do_not_fit_the_posterior_are_a_sentence(posterior, kwargs, message):
    with pytest.raises(Unreadable, match="corner plot cannot be drawn") as refusal:
        draw_corner(posterior, kwargs)
    assert message in str(refusal.value)


def test_a_dollar_in_a_parameters_name_is_no_mathematics(drawn):
    draw_corner({"$\\bad{$ a_b": np.arange(50.0), "x" * 500: np.arange(50.0) ** 2}, {})

    assert drawn[0][1]["labels"] == ["\\$\\bad{\\$ a_b", "x" * 100]


def test_more_parameters_than_asked_for_are_too_many(posterior):
    many = {f"p{number}": posterior["t0"] + number for number in range(13)}

    with pytest.raises(Unreadable, match=r"too many parameters to draw on demand: 13 > 12\."):
        draw_corner(many, {}, 12)


def test_there_is_a_limit_without_one_too(posterior, monkeypatch):
    monkeypatch.setattr(plot, "MAX_PARAMETERS", 2)

    with pytest.raises(Unreadable, match=r"too many parameters to draw: 3 > 2\."):
        draw_corner(posterior, {})


def test_a_posterior_without_any_spread_cannot_be_drawn():
    with pytest.raises(Unreadable, match="No parameter of the posterior has any spread"):
        draw_corner({"z": np.full(10, 1.0)}, {})


def test_fewer_samples_than_parameters_cannot_be_drawn():
    with pytest.raises(Unreadable, match="too few samples"):
        draw_corner({"a": np.arange(2.0), "b": np.arange(2.0)}, {})


def test_one_parameter_is_one_panel(drawn):
    draw_corner({"x": np.arange(100.0)}, {})

    assert len(drawn[0][2].axes) == 1


def test_drawing_leaves_no_figure_and_no_style_behind(posterior):
    from matplotlib import pyplot as plt

    style = dict(mpl.rcParams)
    draw_corner(posterior, {})

    assert plt.get_fignums() == []
    assert dict(mpl.rcParams) == style


@pytest.mark.parametrize("sigma", [0.3, 1.0, 2.5])
def test_smoothing_is_scipys(sigma):
    histogram = np.random.default_rng(2).poisson(20, (30, 24)).astype(float)

    assert gaussian_filter(histogram, sigma) == pytest.approx(ndimage.gaussian_filter(histogram, sigma), rel=1e-9)
    assert gaussian_filter(histogram[0], sigma) == pytest.approx(ndimage.gaussian_filter(histogram[0], sigma), rel=1e-9)
