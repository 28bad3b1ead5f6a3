"""What of a posterior is drawn."""

import numpy as np
import pytest

from chalicelib.products.errors import BadArguments, Unreadable
from chalicelib.products.selection import MOST_CELLS, MOST_DRAWS, Parameter, Wanted, choose

RANDOM = np.random.default_rng(6)


def chosen(columns, wanted=None):
    parameters = [
        Parameter(name, name.partition("[")[0], len(values), lambda values=values: values)
        for name, values in columns.items()
    ]
    return choose(parameters, wanted or Wanted())


def test_parameters_that_do_not_vary_are_left_out():
    columns = {
        "kept": np.arange(10.0),
        "constant": np.full(10, 3.5),
        "rounding": 1e9 + np.arange(10) * 1e-7,
        "mostly missing": np.where(np.arange(10) < 6, np.nan, np.arange(10.0)),
        "infinite": np.full(10, np.inf),
        "too large": np.arange(10) * 1e200,
    }

    found = chosen(columns)

    assert list(found.columns) == ["kept"]
    assert found.facts.names == tuple(columns)
    assert (found.facts.left_out, found.facts.unequal) == (0, ())


@pytest.mark.parametrize(
    ("middle", "spread"),
    [(1187008882.43, 1e-4), (2459000.52, 1e-7), (59000.1, 1e-8), (1e-30, 1e-33), (0.0, 1e-250), (-1e18, 1e5)],
)
def test_spread_is_measured_in_the_steps_of_float64_not_by_the_size_of_the_value(middle, spread):
    columns = {"far": RANDOM.normal(middle, spread, 500), "near": RANDOM.normal(0, 1, 500)}

    assert list(chosen(columns).columns) == ["far", "near"]


@pytest.mark.parametrize("middle", [1187008882.43, -3.5, 1e-30, 1e100])
def test_rounding_errors_of_a_constant_are_no_spread(middle):
    steps = np.spacing(middle) * RANDOM.integers(-10, 10, 500)

    assert list(chosen({"constant": middle + steps, "near": RANDOM.normal(0, 1, 500)}).columns) == ["near"]


def test_draws_that_are_missing_somewhere_are_left_out_everywhere():
    columns = {"a": np.arange(10.0), "b": np.where(np.arange(10) == 4, np.nan, np.arange(10.0))}
    columns["c"] = np.where(np.arange(10) == 7, -np.inf, np.arange(10.0))

    found = chosen(columns)

    assert list(found.columns) == ["a", "b", "c"]
    assert {tuple(values.tolist()) for values in found.columns.values()} == {(0, 1, 2, 3, 5, 6, 8, 9)}
    assert found.facts.draws == 8


def test_a_parameter_that_is_not_drawn_leaves_no_draw_out():
    columns = {f"p{number}": np.arange(10.0) for number in range(3)} | {"odd": np.where(np.arange(10) < 3, np.nan, 1.0)}

    assert len(chosen(columns).columns["p0"]) == 10
    assert len(chosen(columns | {"q": np.arange(10.0)}, Wanted(most=3)).columns["p0"]) == 10


def test_no_draw_that_is_finite_everywhere_is_said_so():
    here = np.arange(10) % 3
    columns = {str(part): np.where(here == part, np.nan, np.arange(10.0)) for part in range(3)}

    with pytest.raises(Unreadable, match=r"^No draw of the posterior is finite in all parameters\.$"):
        chosen(columns)


@pytest.mark.parametrize("columns", [{"z": np.full(10, 1.0)}, {"a": np.array([])}, {}, {"a": np.array([1.0])}], ids=str)
def test_a_posterior_without_any_spread_is_refused(columns):
    with pytest.raises(Unreadable, match=r"^No parameter of the posterior has any spread\.$"):
        chosen(columns)


def test_draws_are_thinned_evenly_over_all_chains():
    found = chosen({"a": np.arange(1_000_000.0)})

    values = found.columns["a"]
    assert (len(values), found.facts.draws) == (MOST_DRAWS, 1_000_000)
    assert (values[0], values[-1]) == (0, 999_999)
    assert set(np.diff(values)) <= {9.0, 10.0, 11.0}


def test_of_many_parameters_fewer_draws_are_used():
    values = RANDOM.normal(size=200_000)

    found = chosen({f"p{number}": values for number in range(30)})

    assert len(found.columns["p0"]) == MOST_CELLS // (30 * 29 // 2) < MOST_DRAWS


def test_more_parameters_than_fit_are_counted_and_those_that_do_not_vary_are_not():
    columns = {f"p{number:02d}": RANDOM.normal(size=50) for number in range(35)}
    columns |= {"p03": np.ones(50), "p34": np.ones(50)}

    found = chosen(columns)

    assert list(found.columns) == [f"p{number:02d}" for number in range(31) if number != 3]
    assert found.facts.left_out == 3


def test_what_was_asked_for_comes_in_that_order_and_once():
    columns = {f"p{number:02d}": RANDOM.normal(size=50) for number in range(35)} | {"z": np.ones(50)}

    found = chosen(columns, Wanted(("p34", "p03", "z", "p34")))

    assert list(found.columns) == ["p34", "p03"]
    assert (found.facts.names, found.facts.left_out) == (("p34", "p03", "z"), 0)


@pytest.mark.parametrize("name", ["nothing", "theta[7]", "", "p0 "])
def test_a_name_that_the_posterior_lacks_is_named(name):
    with pytest.raises(BadArguments) as refusal:
        chosen({"p0": np.arange(9.0), "theta[0]": np.arange(9.0)}, Wanted(("p0", name)))

    assert str(refusal.value) == f"var_names: {name!r} is no parameter of the posterior; it has p0, theta[0]."


def test_parameters_of_another_number_of_draws_are_left_out_and_named():
    columns = {"evidence": np.array([-12.5]), "a": np.arange(9.0), "b": np.arange(9.0), "short": np.arange(8.0)}

    found = chosen(columns)

    assert list(found.columns) == ["a", "b"]
    assert found.facts.unequal == ("evidence", "short")
    assert list(chosen({"one": np.array([1.0]), "many": np.arange(9.0)}).columns) == ["many"]


def test_samples_are_read_twice_at_most_and_only_where_they_count():
    reads = []

    def parameter(name, values):
        return Parameter(name, name, len(values), lambda: reads.append(name) or values)

    choose([parameter("a", np.arange(9.0)), parameter("b", np.arange(5.0)), parameter("c", np.ones(9))], Wanted())

    assert sorted(reads) == ["a", "a", "c"]
