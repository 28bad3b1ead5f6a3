import gzip
import math

import pytest

from chalicelib.products import document
from chalicelib.products.document import read_document
from chalicelib.products.errors import Unreadable


def test_a_document_is_unpacked_and_parsed():
    assert read_document(gzip.compress(b'{"results": {"chi2": 1.5}}')) == {"results": {"chi2": 1.5}}


def test_bare_nan_is_accepted():
    assert math.isnan(read_document(gzip.compress(b'{"x": NaN}'))["x"])


@pytest.mark.parametrize(
    ("compressed", "message"),
    [
        (b'{"results": {}}', "not gzip"),
        (b"", "cut off"),
        (gzip.compress(b'{"results": {}}')[:-9], "cut off"),
        (gzip.compress(b'{"results": '), "not valid JSON"),
        (gzip.compress(b"\xff\xfe\xff"), "not valid JSON"),
        (gzip.compress(b'{"n": ' + b"9" * 5000 + b"}"), "not valid JSON"),
        (gzip.compress(b"[1]"), "not a JSON object"),
        (gzip.compress(b"[" * 100_000), "nested too deeply"),
    ],
)
def test_a_broken_document_is_refused_with_a_sentence(compressed, message):
    with pytest.raises(Unreadable, match=message):
        read_document(compressed)


def test_a_document_that_unpacks_to_more_than_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(document, "MAX_UNPACKED", 1_000_000)

    with pytest.raises(Unreadable, match="larger than 1 MB"):
        read_document(gzip.compress(bytes(5_000_000)))
