"""Nothing that a joblib file holds is run, and no small file makes much work."""

import builtins
import bz2
import codecs
import copyreg
import functools
import io
import lzma
import os
import pickle
import struct
import sys
import time
import zlib

import joblib
import numpy as np
import numpy.ma  # the decoder looks for masked arrays
import pytest

from chalicelib.products.errors import Unreadable
from chalicelib.products.joblib import decode
from chalicelib.products.joblib.decode import load
from chalicelib.products.joblib.inert_values import Call, Global
from chalicelib.products.joblib.plain import plain


class Reduces:
    """Pickles as a call of anything with anything."""

    def __init__(self, *reduction):
        self.reduction = reduction

    def __reduce__(self):
        return self.reduction


class SetsState:
    """Must not be asked to restore itself."""

    def __getstate__(self):
        return {"a": 1}

    def __setstate__(self, state):
        raise AssertionError("this must not run")


@pytest.fixture
def trap(tmp_path):
    """A file that any of the commands below would create, checked to be missing at the end."""
    path = tmp_path / "was-run"
    yield path
    assert not path.exists()


def shown_without_imports(data):
    """Decode to JSON data; a lookup of a class would import its module."""
    before = set(sys.modules)
    shown = plain(load(data))
    assert set(sys.modules) == before
    return shown


def commands(path):
    source = f"open({str(path)!r}, 'w')"
    return {
        "os.system": Reduces(os.system, (f"touch {path}",)),
        "eval": Reduces(builtins.eval, (source,)),
        "exec with state": Reduces(builtins.exec, (source,), {"a": 1}),
        "partial": functools.partial(os.system, f"touch {path}"),
        "partial called": Reduces(functools.partial(os.system, f"touch {path}"), ()),
        "getattr": Reduces(builtins.getattr, (1, "real")),
        "open": Reduces(builtins.open, (str(path), "w")),
        "list items": Reduces(builtins.open, (str(path), "w"), None, iter([1])),
        "dict items": Reduces(builtins.open, (str(path), "w"), None, None, iter([(1, 2)])),
        "joblib.load": Reduces(joblib.load, (str(path),)),
        "pickle.loads": Reduces(pickle.loads, (pickle.dumps(Reduces(os.system, (f"touch {path}",))),)),
        "numpy.load": Reduces(np.load, (str(path), None, True)),
        "numpy.memmap": Reduces(np.memmap, (str(path), "u1", "w+", 0, (3,))),
        "numpy.fromfile": Reduces(np.fromfile, (str(path),)),
        "codecs.open": Reduces(codecs.open, (str(path), "w")),
    }


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("name", sorted(commands("x")))
def test_a_reduce_is_recorded_and_not_run(trap, joblib_bytes, name, protocol):
    data = joblib_bytes({"safe": [1.5, np.arange(2)], "evil": commands(trap)[name]}, protocol=protocol)

    shown = shown_without_imports(data)

    assert shown["safe"] == [1.5, [0, 1]]
    assert "__class__" in shown["evil"]


@pytest.mark.parametrize("protocol", range(6))
def test_an_object_array_does_not_let_a_command_escape(trap, joblib_bytes, protocol):
    inner = np.array([Reduces(os.system, (f"touch {trap}",)), 5], dtype=object)
    outer = np.array([inner, {"again": inner}], dtype=object)

    shown = plain(load(joblib_bytes({"o": outer}, protocol=protocol)))

    assert shown["o"][0][0]["args"] == [f"touch {trap}"]
    assert shown["o"][1]["again"][1] == 5


def test_a_command_stays_visible_as_data(joblib_bytes):
    shown = plain(load(joblib_bytes(Reduces(os.system, ("true",), {"a": 1}))))

    assert shown == {"__class__": f"{os.system.__module__}.system", "args": ["true"], "state": {"a": 1}}


def test_calling_the_outcome_of_a_call_stays_data():
    data = b"cbuiltins\ngetattr\n(cos\npath\nX\x06\x00\x00\x00systemtR(X\x04\x00\x00\x00truetR."

    assert shown_without_imports(data) == {
        "__class__": {"__class__": "builtins.getattr", "args": [{"__class__": "os.path"}, "system"]},
        "args": ["true"],
    }


@pytest.mark.parametrize(
    "data",
    [
        b"(X\x04\x00\x00\x00trueios\nsystem\n.",
        b"(cos\nsystem\nX\x04\x00\x00\x00trueo.",
        b"\x80\x02cos\nsystem\nX\x04\x00\x00\x00true\x85\x81.",
        b"\x80\x04\x8c\x02os\x8c\x06system\x93)}\x92.",
        b"\x80\x04\x8c\x02os\x8c\x11path.os.path.join\x93)R.",
        b"\x80\x02cbuiltins\n__import__\nX\x02\x00\x00\x00os\x85R.",
        b"\x80\x02cantigravity\nthis\n)R.",
    ],
)
def test_every_way_to_name_or_call_something_is_inert(data):
    assert isinstance(load(data), Call | Global)
    assert "__class__" in shown_without_imports(data)


def test_a_hostile_setstate_is_not_called(joblib_bytes):
    data = joblib_bytes(SetsState())

    assert shown_without_imports(data) == {"__class__": f"{__name__}.SetsState", "state": {"a": 1}}


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("latin1", "abc"), ("rot13", None), ("zlib_codec", None), ("unicode_escape", None), ("utf-7", None)],
)
def test_codecs_are_used_for_latin_1_bytes_only(encoding, shown):
    data = pickle.dumps(Reduces(codecs.encode, ("abc", encoding)), 2)

    found = plain(load(data))

    assert found == (shown or {"__class__": "_codecs.encode", "args": ["abc", encoding]})


@pytest.mark.parametrize("data", [b"Pos.system\n.", b"X\x03\x00\x00\x00abcQ.", b"\x80\x02(lQ."])
def test_persistent_ids_are_refused(data):
    with pytest.raises(Unreadable, match="outside of itself"):
        load(data)


def test_extension_codes_are_refused_even_if_they_are_registered():
    copyreg.add_extension("os", "system", 240)
    try:
        for data in (b"\x80\x02\x82\xf0.", b"\x80\x02\x83\xf0\x00.", b"\x80\x02\x84\xf0\x00\x00\x00."):
            with pytest.raises(Unreadable, match="outside of itself"):
                load(data)
    finally:
        copyreg.remove_extension("os", "system", 240)


def test_out_of_band_buffers_are_refused():
    data = pickle.dumps(np.arange(3), 5, buffer_callback=lambda _: None)

    with pytest.raises(Unreadable, match="outside of itself"):
        load(data)


def wrapper(shape, dtype="f8", payload=b"", alignment=None):
    """Write joblib's description of an array, with any shape, followed by any bytes."""
    state = {
        "subclass": np.ndarray,
        "shape": shape,
        "order": "C",
        "dtype": np.dtype(dtype),
        "allow_mmap": True,
        "numpy_array_alignment_bytes": alignment,
    }
    return (
        b"\x80\x02cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81" + pickle.dumps(state, 2)[2:-1] + b"b" + payload + b"."
    )


def test_the_array_wrapper_of_these_tests_is_what_joblib_reads():
    assert plain(load(wrapper((2,), payload=struct.pack("<2d", 1.5, 2.5)))) == [1.5, 2.5]


@pytest.mark.parametrize(
    ("shape", "dtype"),
    [((10**12,), "f8"), ((2**31, 2**31), "u1"), ((10**9, 10**9, 10**9), "f8"), ((3,), "f8"), ((1,), "U100000")],
)
def test_an_array_that_claims_more_than_the_file_holds_is_refused_before_it_is_allocated(shape, dtype):
    with pytest.raises(Unreadable, match=r"claims|damaged"):
        load(wrapper(shape, dtype, payload=bytes(16)))


@pytest.mark.parametrize("shape", [(-1,), (2**70,), "ab", None, (1.5,), (True, None), tuple([1] * 60)])
def test_an_impossible_shape_is_damage(shape):
    with pytest.raises(Unreadable, match="damaged"):
        load(wrapper(shape, payload=bytes(16)))


@pytest.mark.parametrize("dtype", ["V0", "U0", "S0"])
def test_elements_without_a_size_cannot_claim_any_number_of_themselves(dtype):
    with pytest.raises(Unreadable):
        plain(load(wrapper((10**12,), dtype)))


def test_a_length_of_zero_cannot_hide_a_huge_one():
    started = time.process_time()

    with pytest.raises(Unreadable, match="larger than 64 MB"):
        plain(load(wrapper((10**12, 0), "f8")))
    with pytest.raises(Unreadable, match="larger than 64 MB"):
        plain(load(pickle.dumps(Reduces(np._core.multiarray._reconstruct, (np.ndarray, (0,), b"b"), _huge_objects()))))

    assert time.process_time() - started < 1


def test_empty_texts_are_counted_before_they_are_made():
    reconstruct, started = np._core.multiarray._reconstruct, time.process_time()
    for dtype in (np.dtype("U0"), np.dtype([("band", "S0")]), np.dtype([])):
        many = Reduces(reconstruct, (np.ndarray, (0,), b"b"), (1, (10**12,), dtype, False, b""))
        with pytest.raises(Unreadable, match="larger than 64 MB"):
            plain(load(pickle.dumps(many, 2)))

    assert time.process_time() - started < 1


@pytest.mark.parametrize("mask", [b"", b"\x00", bytes(24), None, 5, "ab"], ids=repr)
@pytest.mark.parametrize("dtype", ["f8", object, [("a", "i4"), ("b", "f8")], "U0"], ids=str)
def test_a_mask_that_does_not_fit_its_array_is_shown_as_it_is(dtype, mask):
    data = [1.0, 2.0, 3.0] if dtype is object else bytes(3 * np.dtype(dtype).itemsize)
    state = (1, (3,), np.dtype(dtype), False, data, mask, None)
    masked = Reduces(np.ma.core._mareconstruct, (np.ma.MaskedArray, np.ndarray, (0,), "b"), state)

    assert plain(load(pickle.dumps(masked, 2)))["__class__"] == "numpy.ma.core._mareconstruct"


def test_a_record_that_does_not_fit_its_type_is_shown_as_it_is():
    dtype = np.dtype([("n", "i4"), ("o", "O")])
    for items in ([(1,)], [5], [(1, 2), None]):
        state = (1, (len(items),), dtype, False, items)
        damaged = Reduces(np._core.multiarray._reconstruct, (np.ndarray, (0,), b"b"), state)
        assert plain(load(pickle.dumps(damaged, 2)))["__class__"].endswith("_reconstruct")


def _huge_objects():
    return (1, (10**11, 0), np.dtype(object), False, [])


@pytest.mark.parametrize("name", ["raw bytes for objects", "foreign type", "no type", "no state"])
def test_a_damaged_array_is_never_laid_over_raw_bytes(name):
    reconstruct = np._core.multiarray._reconstruct
    states = {
        "raw bytes for objects": (1, (1,), np.dtype(object), False, struct.pack("<Q", id(name))),
        "foreign type": (1, (1,), os.getcwd, False, bytes(8)),
        "no type": (1, (1,), None, False, bytes(8)),
        "no state": {"a": 1},
    }
    data = pickle.dumps(Reduces(reconstruct, (np.ndarray, (0,), b"b"), states[name]), 2)

    assert plain(load(data))["__class__"].endswith("multiarray._reconstruct")


def test_a_structure_with_an_object_at_some_bytes_is_refused():
    dtype = np.dtype([("a", "i8"), ("o", object)])

    with pytest.raises(Unreadable):
        load(wrapper((1,), dtype, payload=bytes(16)))


BOMB = bytes(80_000_000)


@pytest.mark.parametrize(
    "compress",
    [
        lambda data: zlib.compress(data, 9),
        lambda data: bz2.compress(data, 9),
        lambda data: lzma.compress(data, lzma.FORMAT_XZ, preset=1),
        lambda data: lzma.compress(data, lzma.FORMAT_ALONE, preset=1),
    ],
    ids=["zlib", "bz2", "xz", "lzma"],
)
def test_a_compressed_bomb_stops_at_the_limit(compress):
    bomb = compress(BOMB)
    assert len(bomb) < 100_000

    with pytest.raises(Unreadable, match="larger than 64 MB"):
        load(bomb)


def test_a_decompressor_that_asks_for_too_much_memory_is_refused():
    data = bytearray(lzma.compress(b"x" * 100, lzma.FORMAT_ALONE))
    data[1:5] = struct.pack("<I", 2**31)

    with pytest.raises(Unreadable, match=r"damaged|cut off"):
        decode._lzma(bytes(data), decode.MAX_UNPACKED)


def test_fifty_megabytes_of_nothing_in_200_kilobytes_are_data_like_any_other(joblib_bytes):
    data = joblib_bytes({"zeros": np.zeros(50_000_000, "u1")[:1_000_000], "n": 1}, compress=9)

    assert plain(load(data))["n"] == 1


@pytest.mark.parametrize("prefix", [b"\x04\x22\x4d\x18", b"ZF0x10"])
def test_lz4_and_files_of_old_are_named_in_the_refusal(prefix):
    with pytest.raises(Unreadable, match="not supported"):
        load(prefix + bytes(20))


@pytest.mark.parametrize("compress", [("zlib", 3), ("gzip", 3), ("bz2", 3), ("lzma", 3), ("xz", 3)])
def test_a_compressed_file_that_is_cut_off_says_so(joblib_bytes, compress):
    data = joblib_bytes(np.random.default_rng(1).random(1000), compress=compress)

    with pytest.raises(Unreadable, match="cut off"):
        load(data[: len(data) // 2])


def test_doubling_references_are_stopped_by_the_size_of_what_they_become():
    laughs = ["ha" * 100]
    for _ in range(60):
        laughs = [laughs, laughs]
    started = time.process_time()

    with pytest.raises(Unreadable, match="larger than 64 MB"):
        plain(load(pickle.dumps(laughs)))
    assert time.process_time() - started < 20


@pytest.mark.parametrize("shared", ["x" * 1_000_000, b"\xff" * 1_000_000, np.zeros(100_000), 5], ids=type)
def test_one_large_value_referred_to_often_is_stopped(shared):
    with pytest.raises(Unreadable, match="larger than 64 MB"):
        plain(load(pickle.dumps([[shared] * 3000] * 3000)))


def text(content):
    return b"X" + struct.pack("<I", len(content)) + content


SCALAR = b"cnumpy.core.multiarray\nscalar\n"
DOUBLING = b"]q\x00" + b"".join(b"0](h%ch%ceq%c" % (level, level, level + 1) for level in range(26))


@pytest.mark.parametrize("hidden", [DOUBLING, b")" + b"\x85" * 100_000], ids=["doubling references", "deep nesting"])
def test_a_damaged_record_is_not_written_out_to_complain_of_it(hidden):
    named_so = b"cnumpy\ndtype\n" + hidden + b"\x85R"
    wrapped = b"cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(" + text(b"dtype") + named_so + b"ub."
    started = time.process_time()

    with pytest.raises(Unreadable, match="damaged: an unknown data type"):
        load(wrapped)
    assert time.process_time() - started < 1


def test_a_time_with_millions_of_leading_zeros_is_no_time():
    stamp = bytes([7, 234, 8, 1, 12, 30, 1]) + bytes(5_000_000)
    data = b"](cdatetime\ndatetime\nB" + struct.pack("<I", len(stamp)) + stamp + b"\x85Re."

    assert plain(load(data))[0]["__class__"] == "datetime.datetime"


def test_a_thousand_fields_within_each_of_a_thousand_are_refused():
    data = b"cnumpy\ndtype\n" + text(b"f8") + b"\x85Rq\x00"
    names = [text(b"f%d" % number) for number in range(1000)]
    for level in range(3):
        fields = b"".join(name + b"h%cK\x00\x86" % level for name in names)
        structure = b"N(" + b"".join(names) + b"t}(" + fields + b"uK\x08K\x01K\x00t"
        data += b"0cnumpy\ndtype\n" + text(b"V8") + b"\x85R(K\x03" + text(b"|") + structure + b"bq%c" % (level + 1)
    started = time.process_time()

    with pytest.raises(Unreadable, match="larger than 64 MB"):
        plain(load(SCALAR + data + b"K\x01\x86R."))

    assert time.process_time() - started < 20


def test_a_value_that_contains_itself_is_refused():
    endless = []
    endless.append(endless)

    with pytest.raises(Unreadable, match="contain themselves"):
        plain(load(pickle.dumps(endless)))


@pytest.mark.parametrize(
    "data",
    [
        b"]" * 1_000_000 + b"a" * 999_999 + b".",
        b"(" * 1_000_000 + b"t" * 1_000_000 + b".",
        b")" + b"\x85" * 2_000_000 + b".",
    ],
    ids=["lists", "marks", "tuples"],
)
def test_a_million_levels_of_nesting_are_refused_and_crash_nothing(data):
    with pytest.raises(Unreadable, match="100 levels"):
        plain(load(data))


def test_a_deeply_nested_key_is_never_hashed():
    data = b"}" + b")" + b"\x85" * 1_000_000 + b"K\x01s."

    with pytest.raises(Unreadable, match="100 levels"):
        plain(load(data))


def test_keys_with_colliding_hashes_cost_no_more_than_others():
    collisions = [number * (2**61 - 1) for number in range(1, 200_001)]
    data = b"(" + b"".join(b"\x8a\x0b" + key.to_bytes(11, "little") + b"N" for key in collisions) + b"d."
    started = time.process_time()

    assert len(plain(load(data))) == 200_000
    assert time.process_time() - started < 10


def test_pickles_nested_in_object_arrays_have_a_limit():
    data = wrapper((1,), object)[:-1] * 2000 + b"N" + b"." * 2001

    with pytest.raises(Unreadable, match="nests pickles"):
        load(data)


def test_more_instructions_than_any_result_has_are_refused():
    with pytest.raises(Unreadable, match="5000000 pickle instructions"):
        load(b"N0" * 2_600_000 + b".")


def test_an_integer_beyond_all_measure_is_refused():
    data = b"\x80\x02\x8b" + struct.pack("<i", 1_000_000) + b"\x7f" * 1_000_000 + b"."

    with pytest.raises(Unreadable, match="1024 bits"):
        plain(load(data))


@pytest.mark.parametrize(
    "data",
    [
        b"c__main__\n__dict__\nX\x01\x00\x00\x00aK\x01s.",
        b"c__main__\n__dict__\n}X\x01\x00\x00\x00aK\x01sb.",
        b"cos\nenviron\nNa.",
    ],
)
def test_a_name_cannot_be_written_to(data):
    with pytest.raises(Unreadable, match="damaged"):
        load(data)


@pytest.mark.parametrize(
    "data", [b"", b".", b"\x80", b"\x80\x04\x95", b"K", b"N", b"h\x05.", b"Nb.", b"NNR.", b"NK\x01a.", b"t."]
)
def test_damaged_pickles_are_unreadable(data):
    with pytest.raises(Unreadable, match="damaged"):
        load(data)


def test_a_stream_that_is_no_pickle_is_unreadable():
    for data in (b"hello world", b"\x93NUMPY\x01\x00", b"PK\x03\x04", io.BytesIO(b"{}").getvalue()):
        with pytest.raises(Unreadable):
            load(data)
