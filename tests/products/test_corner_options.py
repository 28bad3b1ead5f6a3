import re
import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.products.corner.allowed_arguments import check_plot_kwargs, expectations


@pytest.mark.parametrize(
    "kwargs",
    [
        {},
        {"bins": 30},
        {"bins": [20, 30]},
        {"color": "C0"},
        {"color": "tab:blue"},
        {"color": "#1f4e79"},
        {"color": "0.5"},
        {"smooth": 1.5, "smooth1d": None},
        {"labels": ["$t_0$", "x1"], "titles": ["a", "b"]},
        {"show_titles": False, "title_fmt": ".3f"},
        {"title_fmt": [".2f", ".3e"]},
        {"quantiles": [0.05, 0.95], "title_quantiles": [0.05, 0.5, 0.95]},
        {"truths": [1, None, 2.5], "truth_color": "red"},
        {"range": [[0, 1.5], 0.99]},
        {"levels": [0.39, 0.86]},
        {"plot_contours": True, "plot_datapoints": False, "plot_density": True, "fill_contours": True},
        {"axes_scale": ["linear", "log"], "hist_bin_factor": 2},
        {"label_kwargs": {"fontsize": 14}, "title_kwargs": {"fontsize": 8.5}},
        {"var_names": ["p03", "p34"]},
        {"var_names": "theta"},
        {"var_names": None},
        {"var_names": []},
        {"max_n_ticks": 3, "use_math_text": True, "reverse": False, "scale_hist": True, "labelpad": 0.1},
    ],
)
def test_sensible_arguments_are_accepted(kwargs):
    check_plot_kwargs(kwargs)


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ({"hist_kwargs": {"cumulative": True}}, "'hist_kwargs' is not one of axes_scale, bins"),
        ({"fig": 1}, "'fig' is not one of"),
        ({"verbose": True}, "'verbose' is not one of"),
        ({"weights": [1]}, "'weights' is not one of"),
        ({"bins": 10**9}, "bins must be a number from 2 to 60"),
        ({"bins": 1}, "bins must be"),
        ({"bins": True}, "bins must be"),
        ({"bins": 20.5}, "bins must be"),
        ({"bins": [20] * 101}, "bins must be"),
        ({"color": "url(evil)"}, "color must be the name"),
        ({"color": ["r", "g"]}, "color must be"),
        ({"smooth": 0}, "smooth must be"),
        ({"smooth": float("nan")}, "smooth must be"),
        ({"smooth": 10**400}, "smooth must be"),
        ({"labels": "abc"}, "labels must be"),
        ({"labels": ["x" * 101]}, "labels must be"),
        ({"title_fmt": "}{0.__class__}"}, "title_fmt must be"),
        ({"title_fmt": "9999999f"}, "title_fmt must be"),
        ({"quantiles": [1.5]}, "quantiles must be"),
        ({"title_quantiles": [0.1, 0.9]}, "title_quantiles must be"),
        ({"truths": [float("inf")]}, "truths must be"),
        ({"range": [[2, 1]]}, "range must be"),
        ({"range": [["a", "b"]]}, "range must be"),
        ({"levels": [0.9, 0.5]}, "levels must be"),
        ({"levels": []}, "levels must be"),
        ({"show_titles": "yes"}, "show_titles must be true or false"),
        ({"label_kwargs": {"usetex": True}}, "label_kwargs must be"),
        ({"label_kwargs": {"fontsize": 4000}}, "label_kwargs must be"),
        ({"axes_scale": "symlog"}, "axes_scale must be"),
        ({"max_n_ticks": 1000}, "max_n_ticks must be"),
        ({"var_names": [5]}, "var_names must be"),
        ({"var_names": ["x" * 301]}, "var_names must be"),
        ({"var_names": {"x": 1}}, "var_names must be"),
        ({"var_names": ""}, "var_names must be"),
    ],
)
def test_other_arguments_are_refused_with_a_sentence_that_says_what_is_allowed(kwargs, message):
    with pytest.raises(ValueError, match=r"^plot_kwargs: .*\.$") as refusal:
        check_plot_kwargs(kwargs)
    assert message in str(refusal.value)


def test_every_argument_is_documented_with_what_it_must_be():
    documented = (Path(__file__).parents[2] / "docs" / "corner_plots.md").read_text()
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", documented, re.MULTILINE))

    assert rows == expectations()


def loaded_after(statement):
    program = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_checking_arguments_loads_no_library():
    loaded = loaded_after("import chalicelib.products.corner.allowed_arguments")

    assert not loaded & {"numpy", "joblib", "h5py", "matplotlib", "corner", "boto3"}


def test_the_function_starts_without_what_only_some_products_need():
    loaded = loaded_after("import chalicelib.products.handler")

    assert not loaded & {"h5py", "matplotlib", "corner", "boto3", "chalice", "pydantic"}
    assert not {
        name for name in loaded if name.startswith("chalicelib.") and not name.startswith("chalicelib.products")
    }


def test_drawing_works_where_there_is_neither_arviz_nor_scipy_nor_joblib():
    loaded = loaded_after(
        "sys.modules |= dict.fromkeys(('arviz', 'scipy', 'joblib')); "
        "import numpy as np; from chalicelib.products.corner.plot import draw_corner; "
        "from chalicelib.products.samples import Chosen, Facts; "
        "draw_corner(Chosen({'x': np.arange(50.0)}, Facts(('x',), 50)), {'smooth1d': 1})"
    )

    assert "corner.core" in loaded
