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


def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)  # the same name for a test in every process


@pytest.mark.parametrize(
    ("compressed", "message"),
    [
        (b'{"results": {}}', "not gzip"),
        (b"", "cut off"),
        (_gzip(b'{"results": {}}')[:-9], "cut off"),
        (_gzip(b'{"results": '), "not valid JSON"),
        (_gzip(b"\xff\xfe\xff"), "not valid JSON"),
        (_gzip(b'{"n": ' + b"9" * 5000 + b"}"), "not valid JSON"),
        (_gzip(b"[1]"), "not a JSON object"),
        (_gzip(b"[" * 100_000), "nested too deeply"),
    ],
)
def test_a_broken_document_is_refused_with_a_sentence(compressed, message):
    with pytest.raises(Unreadable, match=message):
        read_document(compressed)


def test_a_document_that_unpacks_to_more_than_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(document, "MAX_UNPACKED", 1_000_000)

    with pytest.raises(Unreadable, match="larger than 1 MB"):
        read_document(gzip.compress(bytes(5_000_000)))
