import gzip
import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.products import document, unpacking
from chalicelib.products.document import read_document
from chalicelib.products.errors import Unreadable
from chalicelib.products.long_texts import MOST_SHORT, LongTexts
from chalicelib.products.scratch import FilePart, new_file

_LONG = 1234567890123456789012


def part(content: bytes) -> FilePart:
    file = new_file()
    file.write(content)
    return FilePart(file, 0, len(content))


def read(content, wanted=("results",), member=None):
    return read_document(part(content), wanted, member)


@pytest.mark.parametrize("pack", [lambda content: content, gzip.compress], ids=["plain", "gzip"])
def test_a_document_is_recognised_by_its_bytes_unpacked_and_parsed(pack):
    assert dict(read(pack(b'{"results": {"chi2": 1.5}}'))) == {"results": {"chi2": 1.5}}


def test_gzip_of_several_members_is_read_to_its_end():
    packed = gzip.compress(b'{"results": {"chi2"') + gzip.compress(b": 1.5}}") + bytes(10)
    assert dict(read(packed)) == {"results": {"chi2": 1.5}}


def test_what_is_not_wanted_is_not_held_and_the_last_of_a_name_counts():
    found = read(b'{"a": {"results": 1}, "results": [1], "plots": [{}], "none": null, "results": {"results": 2}}')
    assert dict(found) == {"results": {"results": 2}}
    assert found.present == ("a", "results", "plots")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            b'{"status": {"results": 0}, "analysis": {"results": [{"analysis": 1}], "x": 1}, "results": 3}',
            [{"analysis": 1}],
        ),
        (b'{"analysis": {"results": 1}, "analysis": {"results": 2}}', 2),
        (b'{"analysis": "{\\"results\\": 5}"}', 5),
        (b'{"analysis": "not json"}', None),
        (b'{"analysis": [{"results": 1}]}', None),
        (b'{"analysis": 3}', None),
        (b'{"analysis": {"results": 1}, "analysis": null}', None),
        (b'{"other": {"results": 1}}', None),
        (b"{}", None),
    ],
)
def test_a_member_of_the_document_can_be_meant(content, expected):
    assert read(content, member="analysis").get("results") == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NaN", None),
        ("[Infinity, -Infinity, 1]", [None, None, 1]),
        ("[1e400, -1E+999, 1e308, 1e-999]", [None, None, 1e308, 0.0]),
        ("[9223372036854775807, 9223372036854775808, -1234567890123456789012]", [2**63 - 1, 2**63, -_LONG]),
        ("[0.1234567890123456789012, 12345678901234567890.5, 1e22]", [0.12345678901234568, 12345678901234567e3, 1e22]),
        ('["NaN", "-Infinity 12345678901234567890 1e999"]', ["NaN", "-Infinity 12345678901234567890 1e999"]),
        (r'"a\ud800b\udc00"', "a?b?"),
        (r'"\ud83d\ude00 \ud800\u0041"', "\U0001f600 ?A"),
        (r'{"\ud800": 1}', {"?": 1}),
        (r'"\"\\\"\/\n"', '"\\"/\n'),
    ],
)  # fmt: skip
def test_what_services_send_and_json_has_not_is_read_all_the_same(text, value):
    assert read(f'{{"results": {text}}}'.encode())["results"] == value


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not valid JSON"),
        (b"\x1f\x8b", "cut off"),
        (b"\x1f\x8bnonsense of a few bytes", "damaged"),
        (gzip.compress(b'{"results": {}}', mtime=0)[:-9], "cut off"),
        (b'{"results": ', "not valid JSON"),
        (b'{"results": "abc', "not valid JSON"),
        (b'{"results": 1} x', "not valid JSON"),
        (b'{"results": [1,]}', "not valid JSON"),
        (b"\xff\xfe\xff", "not valid JSON"),
        (b'{"results": ' + b"9" * 5000 + b"}", "not valid JSON"),
        (b'{"results": nan}', "not valid JSON"),
        (b"[1]", "not a JSON object"),
        (b'"' + b"a" * 10**6 + b'"', "not a JSON object"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
    ],
    ids=range(15),
)
def test_a_broken_document_is_refused_with_a_sentence(content, message):
    with pytest.raises(Unreadable, match=message):
        read(content)


def test_a_document_that_unpacks_to_more_than_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(unpacking, "MAX_UNPACKED", 1_000_000)

    with pytest.raises(Unreadable, match="larger than 1 MB"):
        read(gzip.compress(b'{"a": "' + bytes(5_000_000)))


def test_a_member_of_too_many_values_is_a_problem_of_its_own(monkeypatch):
    monkeypatch.setattr(document, "MAX_VALUES", 100)
    found = read(json.dumps({"results": [1] * 200, "plots": [2]}).encode(), ("results", "plots"))
    assert found["plots"] == [2]
    with pytest.raises(Unreadable, match="more than"):
        found["results"]


def test_too_many_values_in_what_is_skipped_are_refused(monkeypatch):
    monkeypatch.setattr(document, "MAX_EVENTS", 1000)
    with pytest.raises(Unreadable, match="values"):
        read(json.dumps({"x": [1] * 2000}).encode())


def test_a_long_text_is_a_part_of_a_file_and_one_that_is_not_wanted_is_none():
    long = "é\n" + "a" * 3 * MOST_SHORT
    found = read(json.dumps({"plots": long, "results": {"text": long, "short": "b"}}).encode())
    assert found["results"]["short"] == "b"
    assert found["results"]["text"].read().decode() == long
    assert found["results"]["text"].offset == 0


def test_a_document_cannot_name_a_part_of_a_file_itself():
    texts = LongTexts(iter([b""]))
    assert texts.value("text:0:100") == "text:0:100"


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(_VALUES, st.integers(1, 40), st.integers(1, 8), st.booleans())
def test_texts_and_numbers_survive_wherever_the_stream_is_cut(value, size, most_short, ascii_only):
    raw = json.dumps({"r": value}, ensure_ascii=ascii_only).encode("utf-8", "replace")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("chalicelib.products.long_texts.MOST_SHORT", most_short)
        patch.setattr(
            "chalicelib.products.document.unpacked", lambda *_: (raw[i : i + size] for i in range(0, len(raw), size))
        )
        found = read_document(part(b""), ("r",))["r"]
    assert _whole(found) == json.loads(raw)["r"]


def _whole(value):
    if isinstance(value, FilePart):
        return value.read().decode()
    if isinstance(value, list):
        return [_whole(one) for one in value]
    return {_whole(key): _whole(one) for key, one in value.items()} if isinstance(value, dict) else value


def test_escapes_in_long_texts_are_read_wherever_they_are_cut():
    random.seed(5)
    pieces = ["\\n", "\\/", '\\"', "\\\\", "\\u00e9", "\\ud83d\\ude00", "x", "é", "\\\\\\\\"]
    for _ in range(200):
        text = "".join(random.choices(pieces, k=60))
        raw = f'{{"r": "{text}"}}'.encode()
        size = random.randint(1, 30)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("chalicelib.products.long_texts.MOST_SHORT", 5)
            patch.setattr(
                "chalicelib.products.document.unpacked",
                lambda *_, raw=raw, size=size: (raw[i : i + size] for i in range(0, len(raw), size)),
            )
            found = _whole(read_document(part(b""), ("r",))["r"])
        assert found == json.loads(raw)["r"]
