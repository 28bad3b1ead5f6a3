"""Documents are stored small where that is quick, and quickly where it would not make them small."""

import base64
import gzip
import json
import random

import pytest

from chalicelib.analyses.run import objects
from tests.support.scene import stored_json

MEGABYTE = 1 << 20
NUMBERS = {"x": [number * 0.123456789 for number in range(100_000)]}
NOISE = {"x": base64.b64encode(random.Random(1).randbytes(MEGABYTE)).decode()}


@pytest.mark.parametrize(("document", "most"), [(NUMBERS, 0.5), (NOISE, 1.001), ({"x": 1}, 5.0), ({}, 20.0)])
def test_a_document_comes_back_and_is_not_larger_than_it_need_be(stack, document, most):
    content = json.dumps(document, separators=(",", ":")).encode()
    packed = objects._packed(content)
    assert gzip.decompress(packed) == content
    assert len(packed) <= most * len(content)
    objects.put_json("inputs/1.json.gz", document)
    assert stored_json("inputs/1.json.gz") == objects.get_json("inputs/1.json.gz") == document


def test_what_does_not_shrink_is_not_compressed():
    content = json.dumps(NOISE).encode()
    assert len(objects._packed(content)) > len(content)
