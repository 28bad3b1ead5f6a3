"""Of a posterior group only what was sampled is a parameter, however the file says which dimensions number samples."""

import io
import time

import h5py
import numpy as np
import pytest

from chalicelib.products.errors import Unreadable
from tests.support.late import Late
from tests.support.netcdf import columns_of

xarray = Late("xarray")

MU = np.arange(200.0).reshape(2, 100)


def stored(dataset, tmp_path):
    dataset.to_netcdf(tmp_path / "a.nc", engine="h5netcdf", group="posterior")
    return (tmp_path / "a.nc").read_bytes()


def plain_file(**variables):
    """A file without dimension scales."""
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        for name, values in variables.items():
            file[f"posterior/{name}"] = values
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("wave", ("band", np.linspace(300.0, 900.0, 5))),
        ("response", (("band", "wave_bin"), np.ones((5, 7)))),
        ("bands", ("band", np.array(["g", "r", "i", "z", "y"]))),
        ("names", (("chain", "draw"), np.full((2, 100), "text"))),
        ("n_eff", ((), np.float64(812.0))),
        ("step_size", ("chain", np.ones(2))),
        ("epoch", ("time", np.array(["2026-08-01", "2026-08-02"], "M8[ns]"))),
    ],
)
def test_what_was_not_sampled_is_no_parameter(tmp_path, name, variable):
    dataset = xarray.Dataset({name: variable, "mu": (("chain", "draw"), MU)})

    posterior = columns_of(stored(dataset, tmp_path))

    assert {key: values.tolist() for key, values in posterior.items()} == {"mu": MU.ravel().tolist()}


def test_an_array_as_long_as_the_samples_but_of_another_dimension_is_none_either(tmp_path):
    variables = {"wave": ("band", np.ones(200)), "grid": (("x", "y"), np.ones((2, 100))), "mu": (("chain", "draw"), MU)}

    assert list(columns_of(stored(xarray.Dataset(variables), tmp_path))) == ["mu"]


@pytest.mark.parametrize(
    ("dimensions", "shape"),
    [(("draw",), (200,)), (("sample",), (200,)), (("draw", "band"), (200, 3)), (("band", "sample"), (3, 200))],
)
def test_samples_of_one_chain_or_stacked_are_numbered_by_one_dimension(tmp_path, dimensions, shape):
    variables = {"mu": (dimensions, np.arange(float(np.prod(shape))).reshape(shape)), "wave": ("band", np.ones(3))}

    posterior = columns_of(stored(xarray.Dataset(variables), tmp_path))

    assert {len(values) for values in posterior.values()} == {200}
    assert list(posterior) == (["mu"] if len(shape) == 1 else ["mu[0]", "mu[1]", "mu[2]"])


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({"mu": MU, "nu": MU + 1, "wave": np.ones(5)}, ["mu", "nu"]),
        ({"mu": MU, "wave": np.ones(5)}, ["mu"]),
        ({"mu": MU, "wave": np.ones(1000), "chain": np.arange(2), "draw": np.arange(100)}, ["mu"]),
        ({"mu": MU.ravel(), "nu": MU.ravel(), "matrix": np.eye(3)}, ["mu", "nu"]),
        ({"theta": np.ones((2, 100, 2)), "wave": np.ones((5, 3))}, ["theta[0]", "theta[1]"]),
    ],
    ids=" ".join,
)
def test_without_named_dimensions_the_number_of_samples_tells(variables, found):
    assert list(columns_of(plain_file(**variables))) == found


def test_a_posterior_in_which_nothing_was_sampled_is_refused(tmp_path):
    for variables in ({"bands": ("band", np.array(["g", "r"]))}, {"n_eff": ((), np.float64(812.0))}):
        with pytest.raises(Unreadable, match="holds no samples"):
            columns_of(stored(xarray.Dataset(variables), tmp_path))


def test_more_elements_than_there_can_be_columns_are_refused_before_they_are_named():
    started = time.process_time()

    with pytest.raises(Unreadable, match="more than 10000 columns"):
        columns_of(plain_file(empty=np.zeros((0, 0, 10**6, 10**6))))

    assert time.process_time() - started < 2


def test_a_variable_of_a_type_that_numpy_lacks_is_left_out(netcdf):
    def add(file):
        stamp = h5py.h5t.UNIX_D32LE.copy()
        h5py.h5d.create(file["posterior"].id, b"stamp", stamp, h5py.h5s.create_simple((2, 100)))

    assert list(columns_of(netcdf(change=add))) == ["t0", "x1"]
