"""What services really send comes out complete, whichever joblib, protocol and compression wrote it."""

import datetime as dt
import io
import json
import pickle
import sys
import types
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from decimal import Decimal

import joblib
import numpy as np
import pytest
from numpy.ma.mrecords import MaskedRecords

from chalicelib.products.joblib.decode import load
from chalicelib.products.joblib.plain import plain

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)
Point = namedtuple("Point", "x y")  # noqa: PYI024 - what older services use

MASKED_RECORDS = np.ma.array(
    [(1, (2.0, [1.0, 2.0])), (2, (2.5, [3.0, 4.0]))],
    mask=[(0, (1, [0, 1])), (1, (0, [0, 0]))],
    dtype=[("n", "i4"), ("at", [("mag", ">f8"), ("lim", "f4", (2,))])],
)
RECORDS_WITH_OBJECTS = np.array([(1, "x"), (2, {"a": [1]})], dtype=[("n", "i4"), ("o", "O")])


def decoded(data):
    return plain(load(data))


SAMPLES = {
    "mixed": (
        {"chi2": 12.5, "n": 3, "ok": True, "none": None, "name": "SALT2 é", "deep": [[1, (2, 3)], {"a": []}]},
        {"chi2": 12.5, "n": 3, "ok": True, "none": None, "name": "SALT2 é", "deep": [[1, [2, 3]], {"a": []}]},
    ),
    "arrays": (
        {"c": np.arange(6.0).reshape(2, 3), "f": np.asfortranarray(np.arange(6).reshape(2, 3)), "zero": np.array(2.5)},
        {"c": [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]], "f": [[0, 1, 2], [3, 4, 5]], "zero": 2.5},
    ),
    "empty arrays": ([np.zeros(0), np.zeros((2, 0)), np.zeros((0, 3))], [[], [[], []], []]),
    "not finite": (
        [np.array([1.0, np.nan, np.inf, -np.inf]), np.float64("nan"), float("inf")],
        [[1.0, None, None, None], None, None],
    ),
    "number types": (
        [np.array([1], code)[0] for code in ("i1", "u8", ">i4", "f2", "f4", ">f8", "g", "?")],
        [1, 1, 1, 1.0, 1.0, 1.0, 1.0, True],
    ),
    "other byte order": (np.array([1.5, 2.5], dtype=">f8"), [1.5, 2.5]),
    "complex": ([1 + 2j, np.array([1j])], [{"real": 1.0, "imag": 2.0}, [{"real": 0.0, "imag": 1.0}]]),
    "text arrays": ([np.array(["ztfg", "é"]), np.array([b"ztfr", b""])], [["ztfg", "é"], ["ztfr", ""]]),
    "bytes": ([b"ztfg", bytearray(b"r"), b"", b"\xff\x00"], ["ztfg", "r", "", "/wA="]),
    "dates": (
        [
            np.array(["2026-08-01T12:30", "NaT"], dtype="M8[s]"),
            np.datetime64("2026-08-01", "25us"),
            np.timedelta64(5, "D"),
            dt.datetime(2026, 8, 1, 12, 30, 1, 5),
            dt.datetime(2026, 8, 1, tzinfo=dt.UTC),
            dt.datetime(2026, 8, 1, tzinfo=dt.timezone(dt.timedelta(hours=-7))),
            dt.date(2026, 8, 1),
            dt.time(1, 2, 3),
            dt.timedelta(hours=1, microseconds=5),
        ],
        [
            ["2026-08-01T12:30:00", None],
            "2026-08-01T00:00:00.000000",
            "5 days",
            "2026-08-01T12:30:01.000005",
            "2026-08-01T00:00:00+00:00",
            "2026-08-01T00:00:00-07:00",
            "2026-08-01",
            "01:02:03",
            3600.000005,
        ],
    ),
    "collections": (
        [OrderedDict(b=1, a=[2]), defaultdict(list, x=[1]), Counter("aab"), deque([1, 2], 5), {3}, frozenset([4])],
        [{"b": 1, "a": [2]}, {"x": [1]}, {"a": 2, "b": 1}, [1, 2], [3], [4]],
    ),
    "keys": ({1: "a", 2.5: "b", None: "c", ("g", "r"): "d", np.int64(7): "e", b"k": "f"}, None),
    "numbers": ([Decimal("1.25"), 10**30, -5, True], [1.25, 10**30, -5, True]),
    "structured": (
        np.array([(1, 2.5, "g", [1, 2])], dtype=[("n", "i4"), ("mag", ">f8"), ("band", "U2"), ("lim", "f4", (2,))]),
        [{"n": 1, "mag": 2.5, "band": "g", "lim": [1.0, 2.0]}],
    ),
    "record arrays": (np.rec.array([(1, 2.5)], dtype=[("n", "i4"), ("mag", "f8")]), [{"n": 1, "mag": 2.5}]),
    "masked arrays": (np.ma.array([1.0, 2.0, 3.0], mask=[0, 1, 0]), [1.0, None, 3.0]),
    "masked values": (
        {"name": np.str_(""), "gone": np.ma.masked, "here": np.ma.array(1.5), "out": np.ma.array(1.5, mask=True)},
        {"name": "", "gone": None, "here": 1.5, "out": None},
    ),
    "masked arrays of other types": (
        [
            np.ma.array(np.asfortranarray([[1, 2, 3], [4, 5, 6]]), mask=[[0, 1, 0], [0, 0, 1]]),
            np.ma.array(["g", "r"], mask=[0, 1]),
            np.ma.array(np.array(["2026-08-01", "NaT"], "M8[D]"), mask=[0, 0]),
            np.ma.array([1j, 2j], mask=[1, 0]),
            np.ma.array([[1, "a"], [None, {"b": 2}]], mask=[[0, 1], [0, 0]], dtype=object),
            np.ma.array([], dtype="f4"),
        ],
        [
            [[1, None, 3], [4, 5, None]],
            ["g", None],
            ["2026-08-01", None],
            [None, {"real": 0.0, "imag": 2.0}],
            [[1, None], [None, {"b": 2}]],
            [],
        ],
    ),
    "masked records": (
        [MASKED_RECORDS, MASKED_RECORDS[1], MASKED_RECORDS.view(MaskedRecords)],
        [
            [{"n": 1, "at": {"mag": None, "lim": [1.0, None]}}, {"n": None, "at": {"mag": 2.5, "lim": [3.0, 4.0]}}],
            {"n": None, "at": {"mag": 2.5, "lim": [3.0, 4.0]}},
            [{"n": 1, "at": {"mag": None, "lim": [1.0, None]}}, {"n": None, "at": {"mag": 2.5, "lim": [3.0, 4.0]}}],
        ],
    ),
    "empty texts": (
        [np.str_(""), np.bytes_(b""), np.void(b""), np.zeros(2, [("band", "U0"), ("n", "i4")]), np.array(["", ""])],
        ["", "", "", [{"band": "", "n": 0}] * 2, ["", ""]],
    ),
    "times without a value or a unit": (
        [np.datetime64("NaT"), np.timedelta64("NaT"), np.timedelta64(5), np.timedelta64("NaT", "D")],
        [None, None, 5, None],
    ),
    "scalars": (
        [np.str_("é"), np.bytes_(b"ztfg"), np.void(b"ab"), np.bool_(), np.complex64(1 - 2j), np.clongdouble(1j)],
        ["é", "ztfg", "ab", False, {"real": 1.0, "imag": -2.0}, {"real": 0.0, "imag": 1.0}],
    ),
    "records with objects": (
        [
            RECORDS_WITH_OBJECTS,
            RECORDS_WITH_OBJECTS[1],
            np.rec.array([(1, 2.5)], dtype=[("n", "i4"), ("mag", "f8")])[0],
        ],
        [[{"n": 1, "o": "x"}, {"n": 2, "o": {"a": [1]}}], {"n": 2, "o": {"a": [1]}}, {"n": 1, "mag": 2.5}],
    ),
    "texts of any length": (np.array(["a", "longer"], dtype=np.dtypes.StringDType()), ["a", "longer"]),
    "object arrays": (
        np.array([[{"x": np.arange(2)}, None], ["t", OrderedDict(a=1)]], dtype=object),
        [[{"x": [0, 1]}, None], ["t", {"a": 1}]],
    ),
    "object arrays within object arrays": (
        {"o": np.array([np.array([1, "a"], dtype=object), {"p": np.array([None], dtype=object)}], dtype=object)},
        {"o": [[1, "a"], {"p": [None]}]},
    ),
    "types": ([np.dtype("f8"), np.float64], ["float64", {"__class__": "numpy.float64"}]),
    "shared references": ([[1, 2]] * 3, [[1, 2]] * 3),
}


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("name", SAMPLES)
def test_values_of_every_kind_come_out_complete_from_every_protocol(joblib_bytes, name, protocol):
    value, expected = SAMPLES[name]
    if expected is None:
        expected = {"1": "a", "2.5": "b", "None": "c", '["g", "r"]': "d", "7": "e", "k": "f"}

    assert decoded(joblib_bytes(value, protocol=protocol)) == expected
    assert decoded(pickle.dumps(value, protocol=protocol)) == expected


@pytest.mark.parametrize("compress", [1, 9, ("zlib", 3), ("gzip", 3), ("bz2", 3), ("lzma", 3), ("xz", 3)])
def test_compressed_files_are_read_like_others(joblib_bytes, compress):
    value = {"samples": np.arange(10_000.0), "o": np.array([{"a": np.arange(3)}], dtype=object), "n": 1}

    assert decoded(joblib_bytes(value, compress=compress)) == {
        "samples": np.arange(10_000.0).tolist(),
        "o": [{"a": [0, 1, 2]}],
        "n": 1,
    }


@pytest.fixture
def result_class(monkeypatch):
    """A class as sncosmo's results have it, under sncosmo's name."""
    module = types.ModuleType("sncosmo.utils")
    monkeypatch.setitem(sys.modules, "sncosmo", types.ModuleType("sncosmo"))
    monkeypatch.setitem(sys.modules, "sncosmo.utils", module)

    class Result(dict):
        __module__ = "sncosmo.utils"
        __qualname__ = "Result"

    module.Result = Result
    return Result


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_fit_result_of_sncosmo_is_read_as_a_dict(joblib_bytes, result_class, protocol):
    result = result_class(
        success=True,
        chisq=np.float64(33.5),
        ndof=28,
        vparam_names=["t0", "x0"],
        parameters=np.array([0.5, 55100.25, 1e-5]),
        covariance=np.array([[0.04, 0.0], [0.0, 1e-14]]),
        errors=OrderedDict([("t0", 0.2), ("x0", 1e-7)]),
        data_mask=np.array([True, False]),
    )
    result.note = "kept by the class, not by the dict"

    assert decoded(joblib_bytes([result], protocol=protocol)) == [
        {
            "success": True,
            "chisq": 33.5,
            "ndof": 28,
            "vparam_names": ["t0", "x0"],
            "parameters": [0.5, 55100.25, 1e-5],
            "covariance": [[0.04, 0.0], [0.0, 1e-14]],
            "errors": {"t0": 0.2, "x0": 1e-7},
            "data_mask": [True, False],
        },
    ]


def test_the_nested_results_of_a_sampler_come_out_complete(joblib_bytes):
    random = np.random.default_rng(3)
    samples = random.normal(size=(200, 3))
    value = {
        "search_parameter_keys": ["mej", "vej", "kappa"],
        "samples": samples,
        "posterior": {name: samples[:, index] for index, name in enumerate(["mej", "vej", "kappa"])},
        "nested_samples": {"log_likelihood": random.normal(size=200).astype("f4"), "weights": np.full(200, 0.005)},
        "log_evidence": np.float64(-12.25),
        "priors": OrderedDict(mej={"minimum": 0.0, "maximum": np.inf}),
        "sampling_time": dt.timedelta(seconds=90),
        "meta_data": {
            "args": ("dynesty", 500),
            "history": [{"it": np.int64(i), "dlogz": 1 / (i + 1)} for i in range(5)],
        },
    }

    result = decoded(joblib_bytes(value, compress=3))

    assert result["samples"] == samples.tolist()
    assert result["posterior"]["kappa"] == samples[:, 2].tolist()
    assert result["nested_samples"]["weights"] == [0.005] * 200
    assert result["log_evidence"] == -12.25
    assert result["priors"] == {"mej": {"minimum": 0.0, "maximum": None}}
    assert result["sampling_time"] == 90.0
    assert result["meta_data"]["history"][4] == {"it": 4, "dlogz": 0.2}
    json.dumps(result, allow_nan=False)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_an_object_of_an_unknown_class_becomes_a_description_of_itself(joblib_bytes, protocol):
    (shown,) = decoded(joblib_bytes([types.SimpleNamespace(mass=np.array([1.4]), name="x")], protocol=protocol))

    assert shown["__class__"] == "types.SimpleNamespace"
    assert shown["state"] == {"mass": [1.4], "name": "x"}


def test_a_named_tuple_keeps_its_values(joblib_bytes):
    shown = decoded(joblib_bytes(Point(1, np.arange(2))))

    assert shown["__class__"].endswith(".Point")
    assert shown["args"] == [1, [0, 1]]


def test_a_memory_mapped_array_is_read_like_any_other(tmp_path):
    mapped = np.memmap(tmp_path / "a", dtype="f8", mode="w+", shape=(3,))
    mapped[:] = [1, 2, 3]
    stream = io.BytesIO()
    joblib.dump({"m": mapped}, stream)

    assert decoded(stream.getvalue()) == {"m": [1.0, 2.0, 3.0]}


def test_files_of_joblib_before_1_2_have_no_padding_before_arrays(joblib_bytes):
    data = joblib_bytes(np.arange(4, dtype="u1"), protocol=2)
    padded = data.index(b"numpy_array_alignment_bytes")
    old = data[: padded - 5] + data[data.rindex(b"ub") :]
    array = old.rindex(b"ub") + 2
    unpadded = old[:array] + old[array + 1 + old[array] :]

    assert decoded(unpadded) == [0, 1, 2, 3]


def test_text_that_is_no_valid_unicode_is_made_valid(joblib_bytes):
    json.dumps(decoded(joblib_bytes(["a\ud800b", np.array(["\udfff"])])), ensure_ascii=False).encode()
