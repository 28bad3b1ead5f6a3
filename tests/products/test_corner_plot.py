import gc
import io
import itertools
import math
import warnings

import numpy as np
import pytest
from PIL import Image

from chalicelib.products.corner import plot
from chalicelib.products.corner.plot import draw_corner
from chalicelib.products.corner.smoothing import gaussian_filter
from chalicelib.products.errors import BadArguments, Unreadable
from chalicelib.products.samples import Chosen, Facts
from tests.support.late import Late

mpl = Late("matplotlib")
plt = Late("matplotlib.pyplot")
corner = Late("corner")
corner_figure = Late("chalicelib.products.corner.figure")
ndimage = Late("scipy.ndimage")


def chosen(columns, **facts):
    length = len(next(iter(columns.values())))
    return Chosen(columns, Facts(**{"names": tuple(columns), "draws": length} | facts))


def pixels(data):
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def corners_own(columns, **options):
    """The pixels that corner draws by itself, in matplotlib's default style."""
    corner.core.gaussian_filter = ndimage.gaussian_filter
    with mpl.rc_context(), warnings.catch_warnings(action="ignore"):
        mpl.rcdefaults()
        wanted = {"labels": list(columns), "quantiles": [0.16, 0.5, 0.84], "show_titles": True, **options}
        figure = corner.corner(np.column_stack(list(columns.values())), **wanted)
        figure.canvas.draw()
        drawn = np.asarray(figure.canvas.buffer_rgba())
        plt.close(figure)
    assert (drawn[..., 3] == 255).all()  # a file of them would be seen as they are, on any ground
    return drawn[..., :3]


def correlated(seed, parameters):
    random = np.random.default_rng(seed)
    count = int(random.integers(200, 4000))
    mixed = random.normal(size=(count, parameters)) @ random.normal(size=(parameters, parameters))
    scaled = mixed * random.uniform(0.1, 50, parameters) + random.uniform(-100, 100, parameters)
    return {f"p{number}": scaled[:, number].copy() for number in range(parameters)}


@pytest.mark.parametrize("parameters", [1, 2, 3, 5])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_default_plot_is_corners_own(seed, parameters):
    columns = correlated(seed, parameters)

    assert np.array_equal(pixels(draw_corner(chosen(columns), {})), corners_own(columns))


@pytest.mark.parametrize(
    "columns",
    [
        {"t0": (59000.12, 0.04), "z": (0.05, 0.01), "x1": (0.2, 1.0), "c": (0.0, 0.1)},
        {"$\\mathcal{M}_c$": (28.1, 0.3), "q_{1}": (0.8, 0.05), "mass 1": (1e4, 30.0)},
        {"period": (3e3, 900.0), "x^2": (-5.0, 2e3)},
    ],
    ids=" ".join,
)
def test_it_is_for_parameters_of_other_names_and_sizes_too(columns):
    random = np.random.default_rng(4)
    samples = {name: random.normal(middle, spread, 1500) for name, (middle, spread) in columns.items()}

    assert np.array_equal(pixels(draw_corner(chosen(samples), {})), corners_own(samples))


@pytest.mark.parametrize(
    "options",
    [
        {"smooth": 1.0, "smooth1d": 1.3},
        {"bins": [10, 20, 35], "fill_contours": True, "truths": [1.5, None, 3.0], "truth_color": "C1"},
        {"axes_scale": ["linear", "log", "linear"], "top_ticks": True, "max_n_ticks": 3, "levels": [0.3, 0.9]},
        {"range": [0.99, [0.5, 3.0], 0.95], "scale_hist": True, "use_math_text": True, "title_fmt": ".3f"},
        {
            "labelpad": 0.1,
            "plot_datapoints": False,
            "color": "#1f4e79",
            "hist_bin_factor": 2,
            "labels": ["a", "b", "c"],
        },
        {"quantiles": [0.05, 0.5, 0.95], "titles": ["A", "B", "C"], "label_kwargs": {"fontsize": 14}},
        {"quantiles": None, "labels": None, "show_titles": False},
        {"title_fmt": None, "no_fill_contours": True, "plot_density": False, "plot_contours": True},
        {"axes_scale": "log"},
        {"axes_scale": ["log", "linear", "log"], "max_n_ticks": 0, "top_ticks": True},
    ],
    ids=" ".join,
)
def test_arguments_are_corners_own(options):
    columns = {name: np.abs(values) / 10 + 0.5 for name, values in correlated(7, 3).items()}

    assert np.array_equal(pixels(draw_corner(chosen(columns), options)), corners_own(columns, **options))


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("parameters", [2, 4])
def test_the_half_without_axes_looks_as_it_does_with_empty_ones(monkeypatch, parameters, reverse):
    columns, options = correlated(5, parameters), {"reverse": reverse, "truths": [0.0] * parameters}
    with_half = pixels(draw_corner(chosen(columns), options))

    monkeypatch.delattr(corner_figure.CornerFigure, "subplots")
    monkeypatch.setattr(
        corner_figure.CornerFigure,
        "panel",
        lambda self, row, column: self.axes[row * parameters + column],
        raising=True,
    )

    assert np.array_equal(with_half, pixels(draw_corner(chosen(columns), options)))


@pytest.fixture
def drawn(monkeypatch):
    """The figures that were saved, each still as it was then, and what of it was saved."""
    figures = []
    original = corner_figure.CornerFigure.savefig

    def save(self, *arguments, **options):
        figures.append(self)
        self.page = options["bbox_inches"] or self.bbox_inches
        return original(self, *arguments, **options)

    monkeypatch.setattr(corner_figure.CornerFigure, "savefig", save)
    return figures


@pytest.fixture
def laid_out(monkeypatch):
    """The figures, and what of each would be saved; a test draws them where it must, and nobody writes pictures."""
    figures = []

    def keep(self, _file, **options):
        figures.append(self)
        self.page = options["bbox_inches"] or self.bbox_inches

    monkeypatch.setattr(corner_figure.CornerFigure, "savefig", keep)
    return figures


def titles(figure):
    return [axes.get_title() for axes in figure.axes if axes.get_title()]


def notes(figure):
    written = " ".join(text.get_text() for text in figure.texts)
    return written.replace("\n", " ").replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("middle", "spread", "title"),
    [
        (1.5, 0.25, "${1.50}_{-0.25}^{+0.25}$"),
        (1187008882.43, 1.03e-4, "${1187008882.43000}_{-0.00010}^{+0.00010}$"),
        (-2459000.52, 3e-7, "${-2459000.52000000}_{-0.00000030}^{+0.00000030}$"),
        (1187008882429999872.0, 1e6, "${1187008882429999872}_{-999936}^{+999936}$"),
        (0.0123, 0.0012, "${0.0123}_{-0.0012}^{+0.0012}$"),
        (1.2e-4, 2e-6, "$({1.200}_{-0.020}^{+0.020})\\times 10^{-4}$"),
        (-3.5e9, 1.5e7, "$({-3.500}_{-0.015}^{+0.015})\\times 10^{9}$"),
        (0.0, 1e-30, "$({0.0}_{-1.0}^{+1.0})\\times 10^{-30}$"),
    ],
)
def test_titles_show_the_errors_whatever_their_size(laid_out, middle, spread, title):
    values = middle + spread * np.linspace(-1, 1, 1001) / 0.68

    draw_corner(chosen({"x": values, "y": np.sin(np.arange(1001.0))}), {})

    assert titles(laid_out[0])[0].replace("-0.0}", "0.0}", 1) == f"x = {title}"


def test_the_errors_of_a_title_are_asymmetric(laid_out):
    values = np.random.default_rng(1).exponential(2e-3, 4000)

    draw_corner(chosen({"x": values}), {})

    low, middle, high = np.quantile(values, [0.16, 0.5, 0.84])
    assert titles(laid_out[0]) == [f"x = ${{{middle:.4f}}}_{{-{middle - low:.4f}}}^{{+{high - middle:.4f}}}$"]


def test_a_parameter_whose_samples_all_but_agree_is_drawn_relative_to_a_round_number(drawn):
    random = np.random.default_rng(2)
    columns = {"geocent_time": random.normal(1187008882.43, 1e-4, 2000), "m": random.normal(28, 0.3, 2000)}

    draw_corner(
        chosen(columns), {"truths": [1187008882.4301, 28.2], "range": [[1187008882.4296, 1187008882.4304], 0.9]}
    )

    histogram, panel = drawn[0].axes[0], drawn[0].axes[1]
    assert panel.get_xlabel() == "geocent_time \N{MINUS SIGN} 1187008882.43"
    assert histogram.get_xlim() == pytest.approx((-4e-4, 4e-4), abs=1e-6)
    assert histogram.lines[-1].get_xdata()[0] == pytest.approx(1e-4, abs=1e-6)
    assert titles(drawn[0])[0].startswith("geocent_time = ${1187008882.42999")


LONG = "time_of_the_merger_in_the_frame_of_the_detector"


def inside(figure, renderer):
    """Whether everything that is written lies on the page that was saved."""
    written = [text for axes in figure.axes for text in (axes.title, axes.xaxis.label, axes.yaxis.label)]
    boxes = [text.get_window_extent(renderer) for text in [*written, *figure.texts] if text.get_text()]
    (left, bottom), (right, top) = figure.page.get_points() * figure.dpi
    return all(box.x0 >= left and box.y0 >= bottom and box.x1 <= right and box.y1 <= top for box in boxes)


@pytest.mark.parametrize("parameters", [1, 2, 4])
@pytest.mark.parametrize(
    "name", ["x", "luminosity_distance", LONG, "y" * 300], ids=["short", "usual", "long", "longest"]
)
@pytest.mark.parametrize(("middle", "spread"), [(0.0, 1.0), (1187008882.43, 1e-4), (3e9, 2e8), (1.2e-4, 2e-6)])
def test_nothing_is_cut_off_and_labels_keep_apart(laid_out, parameters, name, middle, spread):
    random = np.random.default_rng(3)
    columns = {f"{name}[{number}]": random.normal(middle, spread, 300) for number in range(parameters)}

    draw_corner(chosen(columns, left_out=3, draws=10**6), {})

    figure = laid_out[0]
    figure.draw_without_rendering()
    renderer = figure.canvas.get_renderer()
    assert inside(figure, renderer)
    bottom = [axes for axes in figure.axes if axes.get_xlabel()]
    labels = [axes.xaxis.label.get_window_extent(renderer) for axes in bottom]
    assert all(one.x1 <= following.x0 for one, following in itertools.pairwise(labels))
    for axes, label in zip(bottom, labels, strict=True):
        low, high = axes.get_xlim()
        ticks = [tick.label1 for tick in axes.xaxis.get_major_ticks() if low <= tick.get_loc() <= high]
        assert min(tick.get_window_extent(renderer).y0 for tick in ticks) >= label.y1 - 1


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("$\\mathcal{M}_c$", "$\\mathcal{M}_c$"),
        ("$M$ [$M_\\odot$]", "$M$ [$M_\\odot$]"),
        ("a_b^2", "a_b^2"),
        ("cost in $", "cost in \\$"),
        ("$\\bad{$ a_b", "\\$\\bad{\\$ a_b"),
        ("$\\nosuchsymbol$", "\\$\\nosuchsymbol\\$"),
        ("$" + "{" * 90 + "x" + "}" * 90 + "$", None),
        ("line\nbreak\x00", "line break "),
        ("\N{GREEK SMALL LETTER ALPHA} ☉", "\N{GREEK SMALL LETTER ALPHA} ☉"),
    ],
)
def test_tex_in_a_name_is_shown_as_tex_and_what_is_none_as_it_stands(drawn, name, label):
    draw_corner(chosen({name: np.arange(50.0), "b": np.sin(np.arange(50.0))}), {})

    assert drawn[0].axes[1].get_xlabel() == (label or drawn[0].axes[1].get_xlabel())


def test_the_services_own_label_stands_in_place_of_the_name(laid_out):
    columns = {"mc": np.arange(50.0), "b": np.sin(np.arange(50.0))}

    draw_corner(chosen(columns, labels={"mc": "$\\mathcal{M}_c$"}), {})

    assert laid_out[0].axes[1].get_xlabel() == "$\\mathcal{M}_c$"
    assert titles(laid_out[0])[0].startswith("$\\mathcal{M}_c$ = ${")


def test_lists_may_count_all_parameters_or_only_those_drawn(laid_out):
    columns = {"t0": np.arange(50.0), "x1": np.sin(np.arange(50.0))}
    posterior = chosen(columns, names=("t0", "z", "x1"))

    draw_corner(posterior, {"labels": ["A", "constant", "C"], "truths": [1.0, 0.05, None]})
    draw_corner(posterior, {"labels": ["A", "C"]})

    assert [figure.axes[1].get_ylabel() for figure in laid_out] == ["C", "C"]
    assert [figure.axes[1].get_xlabel() for figure in laid_out] == ["A", "A"]


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ({"labels": ["one"]}, "labels has 1 entries for 3 parameters."),
        ({"truths": [1.0] * 4}, "truths has 4 entries for 3 parameters."),
        ({"color": "nosuchcolour"}, "color: 'nosuchcolour' is no colour."),
        ({"truth_color": "tab:nothing"}, "truth_color: 'tab:nothing' is no colour."),
        ({"labels": ["$\\frac{$", "b", "c"]}, "labels: '$\\\\frac{$' holds TeX that cannot be shown."),
        ({"titles": ["a", "$", "c"]}, "titles: '$' holds TeX that cannot be shown."),
        ({"range": [[500, 501], 0.9, 0.9]}, "range: no sample of 'p0' lies between 500 and 501."),
        ({"axes_scale": "log"}, "axes_scale: a logarithmic axis of 'p0' cannot begin at "),
        ({"axes_scale": "log", "range": [[-1, 5], 0.9, 0.9]}, "range: a logarithmic axis of 'p0' cannot begin at -1."),
        ({"quantiles": [2]}, "quantiles must be"),
        ({"title_quantiles": [0.1, 0.5, 0.9], "levels": [0.9, 0.5]}, "levels must be"),
        ({"fig": 1}, "'fig' is not one of"),
    ],
)
def test_arguments_that_do_not_fit_the_posterior_are_named(kwargs, message):
    with pytest.raises(BadArguments) as refusal:
        draw_corner(chosen(correlated(9, 3)), kwargs)
    assert str(refusal.value).startswith(message)


def test_more_bins_than_can_be_drawn_of_so_many_parameters_are_named():
    columns = {f"p{number}": np.arange(50.0) for number in range(30)}

    with pytest.raises(BadArguments, match=r"^bins: of 30 parameters each may have 37 bins\.$"):
        draw_corner(chosen(columns), {"bins": 60})


def test_the_plot_says_what_it_does_not_show(laid_out, monkeypatch):
    monkeypatch.setattr(plot, "MOST_POINTS", 150)
    columns = correlated(2, 3)
    used = len(columns["p0"])

    draw_corner(chosen(columns, left_out=5, draws=1_000_000, unequal=("evidence", "$odd$")), {})
    draw_corner(chosen(columns), {"plot_datapoints": False})

    assert notes(laid_out[0]) == (
        "3 of 8 parameters are shown, 5 are left out: choose with var_names. "
        "Left out for having another number of draws: evidence, \\$odd\\$. "
        f"Thinned: {used // 1000} {used % 1000:03} of 1 000 000 draws are used. "
        f"Thinned: one draw in {math.ceil(used * 3 / 150)} is shown as a point."
    )
    assert notes(laid_out[1]) == ""


@pytest.mark.parametrize("reverse", [False, True])
def test_points_of_every_draw_are_those_that_corner_draws(monkeypatch, reverse):
    columns, options = correlated(3, 3), {"reverse": reverse, "color": "C2"}
    whole = pixels(draw_corner(chosen(columns), options))

    monkeypatch.setattr(plot, "MOST_POINTS", len(columns["p0"]) * 3 - 1)
    monkeypatch.setattr(plot, "notes", lambda *_: [])
    original = corner_figure.CornerFigure.add_points
    every = np.column_stack(list(columns.values()))
    monkeypatch.setattr(corner_figure.CornerFigure, "add_points", lambda self, _, color: original(self, every, color))

    assert np.array_equal(whole, pixels(draw_corner(chosen(columns), options)))


def test_thirty_parameters_are_drawn_within_the_largest_picture():
    random = np.random.default_rng(5)
    columns = {f"p{number}": random.normal(size=3000) for number in range(30)}
    empty_panels = {"plot_density": False, "plot_contours": False}  # what is in them makes no picture larger

    picture = Image.open(io.BytesIO(draw_corner(chosen(columns, left_out=20), empty_panels)))

    assert picture.size == (3600, 3600)


@pytest.mark.parametrize(("count", "parameters"), [(1, 2), (2, 3)])
def test_fewer_samples_than_parameters_cannot_be_drawn(count, parameters):
    columns = {f"p{number}": np.arange(float(count)) for number in range(parameters)}

    with pytest.raises(Unreadable, match=f"too few samples to draw: {count} for {parameters} parameters"):
        draw_corner(chosen(columns), {})


@pytest.mark.parametrize(("count", "parameters"), [(2, 1), (2, 2), (3, 3), (7, 2)])
def test_a_handful_of_samples_is_drawn(count, parameters):
    assert pixels(draw_corner(chosen(dict(list(correlated(1, 3).items())[:parameters])), {})).std() > 10
    random = np.random.default_rng(count)
    columns = {f"p{number}": random.normal(size=count) for number in range(parameters)}

    assert pixels(draw_corner(chosen(columns), {})).std() > 5


@pytest.mark.parametrize(
    ("middle", "step", "steps"),
    [
        (0.0, 1e-250, 500),
        (1187008882.43, np.spacing(1187008882.43), 64),
        (1e149, 1e147, 9),
        (5.0, 1.0, 1),
        (0, 5e-324, 99),
    ],
)
def test_samples_of_any_size_that_vary_are_drawn(middle, step, steps):
    random = np.random.default_rng(8)
    columns = {"odd": middle + step * random.integers(0, steps + 1, 400), "usual": random.normal(size=400)}

    assert pixels(draw_corner(chosen(columns), {})).std() > 10


def test_drawing_leaves_no_figure_and_no_style_behind():
    mpl.use("Agg")  # as drawing does, and does not undo
    style = dict(mpl.rcParams)
    gc.collect()  # the figures that other tests looked at
    frozen = gc.get_freeze_count()

    draw_corner(chosen(correlated(1, 2)), {})
    with pytest.raises(BadArguments):
        draw_corner(chosen(correlated(1, 2)), {"labels": ["$\\frac{$", "b"]})

    figure = corner_figure.CornerFigure
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0.9 * frozen > 0
    assert [found for found in gc.get_objects() if issubclass(type(found), figure)] == []
    assert plt.get_fignums() == []
    assert dict(mpl.rcParams) == style


def test_the_style_of_the_machine_does_not_matter():
    columns = correlated(6, 2)
    plain = pixels(draw_corner(chosen(columns), {}))

    with mpl.rc_context({"font.size": 20, "savefig.dpi": 30, "figure.facecolor": "red", "axes.grid": True}):
        assert np.array_equal(plain, pixels(draw_corner(chosen(columns), {})))


@pytest.mark.parametrize("sigma", [0.01, 0.3, 1.0, 2.5, 10.0])
@pytest.mark.parametrize("shape", [(2,), (30,), (60,), (30, 24), (2, 60)])
def test_smoothing_is_scipys_to_the_last_bit_and_in_the_type_of_the_counts(sigma, shape):
    random = np.random.default_rng(2)
    for counts in (random.poisson(0.2, shape), random.poisson(200, shape), np.full(shape, 7)):
        for histogram in (counts, counts.astype(float)) if len(shape) == 1 else (counts.astype(float),):
            expected = ndimage.gaussian_filter(histogram, sigma)
            found = gaussian_filter(histogram, sigma)
            assert found.dtype == expected.dtype
            assert np.array_equal(found, expected)
