"""What arrives, as typed values."""

import json
import math

import pytest

from chalicelib.http.errors import BadRequest, TooLarge
from chalicelib.http.parsing import Body, Flag, Id, Query, validated
from chalicelib.http.reading import MAX_JSON_DEPTH, json_object, query_values
from chalicelib.settings import MAX_BODY_BYTES


class Credentials(Body):
    user: str
    age: int = 0
    words: tuple[str, ...] = ()


class Switch(Query):
    on: Flag = False


@pytest.mark.parametrize("raw", [b"", b"  \r\n\t", b"{}"])
def test_an_empty_body_is_an_empty_object(raw):
    assert json_object(raw) == {}


@pytest.mark.parametrize("raw", [b"{", b"{'a': 1}", b"a=1", b"\xff\xfe", b'{"a": "\xff"}', b"\x00"])
def test_what_is_not_json_is_refused(raw):
    with pytest.raises(BadRequest, match=r"^Error parsing JSON: "):
        json_object(raw)


@pytest.mark.parametrize("raw", [b"[]", b"1", b'"text"', b"null", b"true", b"NaN"])
def test_json_that_is_not_an_object_is_refused(raw):
    with pytest.raises(BadRequest, match="must be a JSON object"):
        json_object(raw)


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        (rb'{"text": "a\u0000b"}', "'text'"),
        (rb'{"fine": 1, "deep": [{"a": [1, {"b": "\u0000"}]}]}', "'deep'"),
        (rb'{"data": {"a\u0000": 1}}', "'data'"),
        (rb'{"a\u0000": 1}', r"'a\x00'"),
    ],
)
def test_nul_is_refused_wherever_it_is_and_the_field_is_named(raw, field):
    with pytest.raises(BadRequest, match=r"^Error parsing JSON: a NUL character in ") as refused:
        json_object(raw)
    assert field in refused.value.message
    assert json_object(raw, any_text=True) == json.loads(raw)


def test_what_only_looks_like_nul_is_text():
    assert json_object(rb'{"a": "\\u0000"}') == {"a": r"\u0000"}


def test_nul_in_a_query_is_refused():
    with pytest.raises(BadRequest, match="'name'"):
        query_values({"name": ["a\x00"]})


def test_a_bare_nan_is_accepted():
    assert math.isnan(json_object(b'{"mag": NaN}')["mag"])


def test_a_body_up_to_the_limit_is_read():
    padding = "x" * (MAX_BODY_BYTES - len(b'{"a":""}'))
    raw = f'{{"a":"{padding}"}}'.encode()
    assert len(raw) == MAX_BODY_BYTES
    assert json_object(raw)["a"] == padding
    with pytest.raises(TooLarge, match=f"{MAX_BODY_BYTES + 1} bytes; at most {MAX_BODY_BYTES} ") as error:
        json_object(raw + b" ")
    assert error.value.status == 413


def _nested(depth: int, opening: str, closing: str) -> bytes:
    return f'{{"a": {opening * (depth - 1)}1{closing * (depth - 1)}}}'.encode()


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_nesting_has_a_limit(opening, closing):
    assert json_object(_nested(MAX_JSON_DEPTH, opening, closing))
    for depth in (MAX_JSON_DEPTH + 1, 200_000):
        with pytest.raises(BadRequest, match="nested deeper than"):
            json_object(_nested(depth, opening, closing))


def test_a_number_of_absurd_length_is_refused():
    with pytest.raises(BadRequest, match=r"^Error parsing JSON: "):
        json_object(b'{"a": ' + b"9" * 10_000 + b"}")


@pytest.mark.parametrize("text", ["true", "True", "YES", "yes", "t", "T", "1", " true "])
def test_these_words_are_true(text):
    assert validated(Switch, {"on": text}).on is True


@pytest.mark.parametrize("text", ["false", "no", "0", "f", "", "2", "on"])
def test_all_other_words_are_false(text):
    assert validated(Switch, {"on": text}).on is False


def test_what_is_wrong_is_told_by_field_and_without_the_values():
    with pytest.raises(BadRequest) as error:
        validated(Credentials, {"age": "hunter2", "words": ["a", 5]})
    message = error.value.message
    assert message.startswith("Invalid/missing parameters: {")
    told = json.loads(message.removeprefix("Invalid/missing parameters: "))
    assert set(told) == {"user", "age", "words.1"}
    assert told["user"] == ["Field required"]
    assert "hunter2" not in message


def test_unknown_keys_are_ignored():
    assert validated(Credentials, {"user": "vera", "shoe_size": 38}).user == "vera"


def test_a_checked_body_does_not_change():
    body = validated(Credentials, {"user": "vera"})
    with pytest.raises(ValueError, match="frozen"):
        body.user = "ada"


def test_the_last_of_repeated_query_parameters_counts():
    assert query_values({"a": ["1", "2"], "b": []}) == {"a": "2"}
    assert query_values(None) == {}


@pytest.mark.parametrize("value", [True, False, -1, 2**53, 1.5, "x", None, [1]])
def test_what_is_no_id_is_refused(value):
    class Asked(Body):
        group_id: Id

    with pytest.raises(BadRequest, match="group_id"):
        validated(Asked, {"group_id": value})
    assert [validated(Asked, {"group_id": given}).group_id for given in (7, "7", 2**53 - 1)] == [7, 7, 2**53 - 1]
