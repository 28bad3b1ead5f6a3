"""Samples as text: which, in which order, and how missing ones are written."""

import csv
import io
import json

import numpy as np
import pytest

from chalicelib.products.columns import ColumnsWanted, write_columns
from chalicelib.products.errors import BadArguments, Unreadable
from chalicelib.products.selection import Parameter
from tests.support.late import Late

pd = Late("pandas")


def parameter(name, values, chains=None, variable=None):
    values = np.asarray(values, float)
    return Parameter(name, variable or name, len(values), lambda: values, chains=chains)


def written(parameters, form="json", **wanted):
    pieces = []
    write_columns(parameters, ColumnsWanted(form, **wanted), pieces.append)
    text = b"".join(pieces).decode()
    return json.loads(text)["columns"] if form == "json" else text


def table(text):
    return list(csv.reader(io.StringIO(text)))


TWO = [parameter("a", range(6), chains=2), parameter("b", [0.5, np.nan, np.inf, -np.inf, 1e-300, 3], chains=2)]


def test_json_columns_with_chains_and_draws():
    assert written(TWO) == {
        "chain": [0, 0, 0, 1, 1, 1],
        "draw": [0, 1, 2, 0, 1, 2],
        "a": [0.0, 1.0, 2.0, 3.0, 4.0, 5.0],
        "b": [0.5, None, None, None, 1e-300, 3.0],
    }


def test_csv_says_the_same():
    assert written(TWO, "csv").splitlines() == [
        "chain,draw,a,b",
        "0,0,0.0,0.5",
        "0,1,1.0,",
        "0,2,2.0,",
        "1,0,3.0,",
        "1,1,4.0,1e-300",
        "1,2,5.0,3.0",
    ]


@pytest.mark.parametrize("form", ["json", "csv"])
@pytest.mark.parametrize(("thin", "rows"), [(1, range(6)), (2, [0, 2, 3, 5]), (3, [0, 3]), (2**53 - 1, [0, 3])])
def test_every_nth_draw_of_each_chain(form, thin, rows):
    got = written(TWO, form, thin=thin)
    values = got["a"] if form == "json" else [float(row[2]) for row in table(got)[1:]]
    assert values == list(map(float, rows))


def test_draws_without_chains_are_counted_through():
    assert written([parameter("a", range(5))], thin=2) == {"a": [0.0, 2.0, 4.0]}


@pytest.mark.parametrize("form", ["json", "csv"])
def test_numbers_are_the_same_to_the_last_digit_over_blocks(form, monkeypatch):
    monkeypatch.setattr("chalicelib.products.columns._BLOCK", 7)
    random = np.random.default_rng(1)
    values = random.normal(size=(2, 50)) * 10.0 ** random.integers(-300, 300, (2, 50))
    got = written([parameter("a", values[0]), parameter("b", values[1])], form)
    if form == "csv":
        got = pd.read_csv(io.StringIO(got)).to_dict("list")
    assert got == {"a": values[0].tolist(), "b": values[1].tolist()}


NAMES = ["x", "x,y", "theta[0,0]", "theta[0,1]", "µ ä 星", 'q"uote', "two\nlines", "=1+1"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", ["json", "csv"])
def test_any_name_can_be_asked_for(name, form):
    parameters = [parameter(one, [1, 2], variable=one.partition("[")[0]) for one in NAMES]
    got = written(parameters, form, var_names=f" {name} ,x,")
    if form == "json":
        assert list(got) == list(dict.fromkeys([name, "x"]))
    else:
        assert len(got.splitlines()) == 3
        assert table(got)[0] == list(dict.fromkeys([name.replace("\n", " "), "x"]))


def test_an_array_is_asked_for_by_its_name_and_chains_by_theirs():
    theta = [parameter(f"theta[{i}]", [i, i], chains=1, variable="theta") for i in range(3)]
    parameters = [parameter("x", [1, 2], chains=1), *theta]
    assert list(written(parameters, var_names="theta,draw")) == ["draw", "theta[0]", "theta[1]", "theta[2]"]
    assert list(written(parameters, var_names="theta[1],x")) == ["theta[1]", "x"]
    assert written(parameters, "csv", var_names="draw") == "draw\n0\n1\n"


@pytest.mark.parametrize("names", ["nope", "x,nope", "theta[0", "chain"])
def test_an_unknown_name_is_named(names):
    with pytest.raises(BadArguments, match="var_names") as error:
        written([parameter("x", [1, 2])], var_names=names)
    assert names.removeprefix("x,") in str(error.value)


def test_a_parameter_that_is_called_chain_is_no_number_of_chains():
    assert written([parameter("chain", [1, 2], chains=2)]) == {"chain": [1.0, 2.0]}


def test_different_numbers_of_draws_are_filled_up_in_csv_alone():
    parameters = [parameter("a", [1, 2, 3]), parameter("b", [4])]
    assert written(parameters) == {"a": [1.0, 2.0, 3.0], "b": [4.0]}
    assert written(parameters, "csv") == "a,b\n1.0,4.0\n2.0,\n3.0,\n"


def test_a_single_missing_number_is_a_row():
    text = written([parameter("a", [1, np.nan, 3])], "csv")
    assert pd.read_csv(io.StringIO(text))["a"].isna().tolist() == [False, True, False]


def test_no_draws_are_no_rows():
    assert written([parameter("a", [], chains=4)]) == {"a": []}
    assert written([parameter("a", [])], "csv") == "a\n"


def test_no_parameters_are_no_posterior():
    with pytest.raises(Unreadable):
        written([])


def test_more_than_can_be_written_says_what_to_choose(monkeypatch):
    monkeypatch.setattr("chalicelib.products.columns.MOST_CELLS", 10)
    with pytest.raises(BadArguments, match=r"thin.*2 times.*var_names"):
        written(TWO)
    assert len(written(TWO, thin=2)["a"]) == 4
