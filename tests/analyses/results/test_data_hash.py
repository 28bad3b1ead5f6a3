"""The hash of an analysis is that of its JSON with sorted keys, whatever goes around the encoder."""

import base64
import hashlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.analyses.results import data_hash as module
from chalicelib.analyses.results.data_hash import data_hash
from chalicelib.analyses.run import objects

TEXTS = st.text(max_size=12) | st.text('ab~ \x7f\x00"\\\n', max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)
LONG = base64.b64encode(bytes(range(256)) * 40).decode()


def by_json(analysis):
    return hashlib.sha256(json.dumps(analysis, sort_keys=True).encode()).hexdigest()


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(st.dictionaries(TEXTS, VALUES, max_size=4))
def test_it_is_that_of_sorted_json(monkeypatch, analysis):
    monkeypatch.setattr(module, "_LONG", 3)
    assert data_hash(analysis) == by_json(analysis)


@pytest.mark.parametrize(
    "text", [LONG, LONG + '"', LONG + "é", LONG + "\\", LONG + "\x7f", LONG + "\x00", LONG + "\ud800"]
)
def test_long_texts_count_as_they_are(text):
    analysis = {"z": text, "a": [text, {"b": text}], "c": 1.5}
    assert data_hash(analysis) == by_json(analysis) != data_hash({**analysis, "z": text + "A"})


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(TEXTS, VALUES, max_size=4) | st.just({"half": "\ud800", "n": float("nan"), "i": 10**30}))
def test_a_stored_document_reads_back_as_it_was(document):
    assert repr(json.loads(objects._written(document))) == repr(document)
