"""Whatever the bytes are, decoding ends in JSON data or in the one error, soon, and within little memory."""

import io
import json
import pickle
import time
import tracemalloc
from collections import OrderedDict

import joblib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.products.errors import Unreadable
from chalicelib.products.joblib.decode import load
from chalicelib.products.joblib.large_arrays import to_json
from chalicelib.products.joblib.plain import plain

MOST_MEMORY = 20_000_000
"""Bytes, for the few hundred that each of these payloads has."""

PROFILE = settings.get_profile("products")


def _dumped(protocol, compress):
    value = {
        "a": np.arange(12.0).reshape(3, 4),
        "o": np.array([{"x": np.arange(2)}, None, 1 + 2j], dtype=object),
        "s": np.array([(1, "g")], dtype=[("n", "i4"), ("f", "U2")]),
        "t": np.array(["2026-08-01", "NaT"], dtype="M8[s]"),
        "d": OrderedDict(k=(1, 2.5, "text", b"bytes", {3}, frozenset([4]))),
        "n": np.float32(1.5),
        "m": np.ma.array([(1, 2.5)], mask=[(0, 1)], dtype=[("n", "i4"), ("mag", "f8")]),
        "e": [np.str_(""), np.ma.masked],
    }
    stream = io.BytesIO()
    joblib.dump(value, stream, protocol=protocol, compress=compress)
    return stream.getvalue()


PAYLOADS = [_dumped(protocol, compress) for protocol in (0, 2, 4, 5) for compress in (0, ("zlib", 1), ("xz", 1))]


def decode(data):
    """Return the JSON text of a payload, None if it is refused; any other exception is a failure of the test."""
    tracemalloc.start()
    started = time.process_time()
    refusal, text = "", b"null"
    try:
        text = to_json(plain(load(data)))
    except Unreadable as error:
        refusal = str(error)
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert time.process_time() - started < 5
    assert peak < MOST_MEMORY
    assert not refusal or refusal.endswith(".")
    return json.loads(text)


@PROFILE
@given(st.binary(max_size=400))
def test_random_bytes_are_decoded_or_refused(data):
    decode(data)


OPCODES = b"(.0123FIJKMLNPQRSTUVX]abcdefghijklopqrstu}" + bytes(range(0x80, 0x99))


@PROFILE
@given(st.lists(st.sampled_from([bytes([code]) for code in OPCODES] + [b"cnumpy\ndtype\n", b"K\x02", b"U\x02f8"])))
def test_random_instructions_are_decoded_or_refused(instructions):
    decode(b"".join(instructions) + b".")


@PROFILE
@given(
    payload=st.sampled_from(PAYLOADS),
    position=st.floats(0, 1, exclude_max=True),
    removed=st.integers(0, 8),
    inserted=st.binary(max_size=8),
)
def test_a_damaged_payload_is_decoded_or_refused(payload, position, removed, inserted):
    start = int(position * len(payload))

    decode(payload[:start] + inserted + payload[start + removed :])


@PROFILE
@given(payload=st.sampled_from(PAYLOADS), position=st.floats(0, 1, exclude_max=True))
def test_a_payload_that_is_cut_off_is_refused(payload, position):
    assert decode(payload[: int(position * (len(payload) - 1))]) is None


JSON_LIKE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@PROFILE
@given(value=JSON_LIKE, protocol=st.integers(0, pickle.HIGHEST_PROTOCOL))
def test_plain_data_survives_every_protocol(value, protocol):
    clean = json.loads(json.dumps(value))
    stream = io.BytesIO()
    joblib.dump(clean, stream, protocol=protocol)

    assert decode(stream.getvalue()) == json.loads(json.dumps(clean).encode("utf-8", "replace"))


@pytest.mark.parametrize("kind", ["M8[s]", "m8[Y]", "m8", "U3", "S3", "V4", "f2", "f4", "f8", "g", "c8", "?"])
@PROFILE
@given(data=st.binary(min_size=48, max_size=48))
def test_any_bytes_in_an_array_are_shown_or_refused(kind, data):
    array = np.frombuffer(data, dtype=kind)

    decode(pickle.dumps(array, 2))
