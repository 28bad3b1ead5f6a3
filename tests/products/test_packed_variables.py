"""Packed variables mean what the Climate and Forecast conventions say: xarray writes and reads the same."""

import io

import h5py
import numpy as np
import pytest

from chalicelib.products.errors import Unreadable
from chalicelib.products.netcdf.attributes import MAX_NUMBERS
from chalicelib.products.netcdf.inference_data import choose_from_inference_data, read_inference_data
from chalicelib.products.selection import Wanted
from tests.support.late import Late
from tests.support.netcdf import columns_of

xarray = Late("xarray")

VALUES = np.random.default_rng(4).normal(21.5, 0.4, (2, 100))


@pytest.fixture
def packed(netcdf):
    """Store numbers as they are, with attributes, as the variable mu."""

    def write(stored, **attributes):
        def describe(file):
            for name, value in attributes.items():
                file["posterior/mu"].attrs[name] = value

        return netcdf({"mu": np.broadcast_to(np.asarray(stored), (2, 100)).copy()}, describe)

    return write


def mu_of(data):
    return columns_of(data)["mu"]


@pytest.mark.parametrize(
    "encoding",
    [
        {"dtype": "int16", "scale_factor": 0.01, "add_offset": 20.0, "_FillValue": -32768},
        {
            "dtype": "int16",
            "scale_factor": 0.01,
            "add_offset": 20.0,
            "_FillValue": -32768,
            "zlib": True,
            "shuffle": True,
        },
        {"dtype": "int32", "scale_factor": 1e-6, "missing_value": 99},
        {"dtype": "uint8", "scale_factor": 0.02, "add_offset": 19.0, "_FillValue": 255},
        {"dtype": "int8", "scale_factor": 0.02, "add_offset": 19.0, "_FillValue": -1, "_Unsigned": "true"},
        {"dtype": "float32", "_FillValue": -999.0},
        {"dtype": "float64", "scale_factor": 2.0, "add_offset": -5.0},
        {"dtype": ">i4", "scale_factor": 1e-5, "_FillValue": -(2**31)},
    ],
    ids=lambda encoding: " ".join(map(str, encoding.values())),
)
def test_what_xarray_packs_is_unpacked_as_xarray_does(tmp_path, encoding):
    missing = np.where(VALUES > 22, np.nan, VALUES)
    holds_gaps = "_FillValue" in encoding or "missing_value" in encoding
    dataset = xarray.Dataset({"mu": (("chain", "draw"), missing if holds_gaps else VALUES)})
    dataset.to_netcdf(tmp_path / "a.nc", engine="h5netcdf", group="posterior", encoding={"mu": encoding})

    found = mu_of((tmp_path / "a.nc").read_bytes())

    with xarray.open_dataset(tmp_path / "a.nc", engine="h5netcdf", group="posterior") as expected:
        assert found == pytest.approx(expected["mu"].to_numpy().ravel(), nan_ok=True, rel=1e-6)
    assert bool(np.isnan(found).any()) == holds_gaps
    assert found == pytest.approx((missing if holds_gaps else VALUES).ravel(), nan_ok=True, abs=0.011)


@pytest.mark.parametrize(
    ("stored", "attributes", "expected"),
    [
        (np.int16(150), {"scale_factor": np.float32(0.5)}, 75.0),
        (np.int16(150), {"add_offset": np.int32(-50)}, 100.0),
        (np.int16(150), {"scale_factor": np.array([0.5])}, 75.0),
        (np.float64(3.0), {"scale_factor": 2, "add_offset": 1.0}, 7.0),
        (np.int16(-32768), {"_FillValue": np.int16(-32768), "scale_factor": 0.01}, np.nan),
        (np.int16(-9), {"missing_value": np.array([-9, -99], "i2")}, np.nan),
        (np.int16(-99), {"missing_value": np.array([-9, -99], "i2"), "_FillValue": np.int16(0)}, np.nan),
        (np.int16(-9), {"_FillValue": -9.0}, np.nan),
        (np.int16(-9), {"_FillValue": -9.5}, -9.0),
        (np.int16(-1), {"_FillValue": 1e300}, -1.0),
        (np.int16(-9), {"_FillValue": np.nan}, -9.0),
        (np.float32(1e20), {"_FillValue": 1e20}, np.nan),
        (np.float64(9.969209968386869e36), {}, np.nan),
        (np.float32(9.969209968386869e36), {}, np.nan),
        (np.float64(9.969209968386869e36), {"_FillValue": -1.0}, 9.969209968386869e36),
        (np.int8(-1), {"_Unsigned": "true"}, 255.0),
        (np.int8(-1), {"_Unsigned": np.bytes_(b"True"), "scale_factor": 2.0}, 510.0),
        (np.uint8(255), {"_Unsigned": "false"}, -1.0),
        (np.int8(-1), {"_Unsigned": "false"}, -1.0),
        (np.int8(-1), {"_Unsigned": "true", "_FillValue": np.int8(-1)}, np.nan),
        (np.int8(-1), {"_Unsigned": "true", "_FillValue": np.int16(255)}, np.nan),
        (np.float32(1.5), {"_Unsigned": "true"}, 1.5),
        (np.int16(7), {"valid_range": np.array([0, 6], "i2")}, np.nan),
        (np.int16(6), {"valid_range": np.array([0, 6], "i2"), "scale_factor": 10.0}, 60.0),
        (np.int16(7), {"valid_max": 0.5, "scale_factor": 0.1}, np.nan),
        (np.int16(4), {"valid_max": 0.5, "scale_factor": 0.1}, 0.4),
        (np.float64(-1.0), {"valid_min": 0.0}, np.nan),
        (np.int8(-2), {"_Unsigned": "true", "valid_max": np.int8(-2)}, 254.0),
        (np.int8(-1), {"_Unsigned": "true", "valid_max": np.int8(-2)}, np.nan),
        (np.bool_(1), {}, 1.0),
        (np.uint64(2**64 - 1), {"_FillValue": np.uint64(2**64 - 1)}, np.nan),
    ],
    ids=str,
)
def test_each_attribute_means_what_the_conventions_say(packed, stored, attributes, expected):
    found = mu_of(packed(stored, **attributes))

    assert found == pytest.approx(np.full(200, expected), nan_ok=True, rel=1e-7)


WRONG = {
    "scale_factor": ["0.01", np.array([1.0, 2.0]), np.nan, np.inf, h5py.Empty("f8"), 1j, np.array([], "f8")],
    "add_offset": ["twenty", np.array([[1.0, 2.0]]), np.array([b"20"])],
    "_FillValue": ["-32768", h5py.Empty("i2"), np.zeros(MAX_NUMBERS + 1, "i2")],
    "missing_value": [b"NaN", np.array(["a", "b"], h5py.string_dtype())],
    "_Unsigned": [1, "perhaps", ""],
    "valid_range": [np.array([1], "i2"), "all", np.array([1, 2, 3], "i2")],
    "valid_min": [np.array([1, 2], "i2"), "low"],
    "valid_max": ["high"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_an_attribute_of_the_wrong_kind_is_a_sentence_and_the_file_is_kept(packed, base64_of, name, value):
    data = packed(np.int16(5), **{name: value})

    with pytest.raises(Unreadable, match=rf"^The attribute {name} of mu is .*\.$"):
        columns_of(data)
    with pytest.raises(Unreadable, match=rf"^The attribute {name} of mu is .*\.$"):
        choose_from_inference_data({"data": base64_of(data)}, Wanted())
    assert read_inference_data({"data": base64_of(data)}).data == data


def test_an_attribute_that_refers_to_something_is_a_sentence(packed):
    data = packed(np.int16(5))
    stream = io.BytesIO(data)
    with h5py.File(stream, "r+") as file:
        file["posterior/mu"].attrs["scale_factor"] = file["posterior/chain"].ref

    with pytest.raises(Unreadable, match=r"\.$"):
        columns_of(stream.getvalue())


def test_attributes_of_other_names_and_of_what_is_not_read_do_no_harm(netcdf):
    def describe(file):
        file["posterior/mu"].attrs["comment"] = np.zeros(5000)
        file["posterior/mu"].attrs["units"] = 5
        file["posterior/draw"].attrs["scale_factor"] = "none"

    assert mu_of(netcdf({"mu": VALUES}, describe)) == pytest.approx(VALUES.ravel())
