"""Answers that Lambda cannot carry: compressed, or stored and redirected to; what comes back is the same."""

import gzip
import json
import random

import pytest
import requests

from chalicelib.http import large_answers
from chalicelib.http.envelope import Reply, success
from chalicelib.http.large_answers import carried, reads_gzip

MOST = 1000


@pytest.fixture(autouse=True)
def _little_room(stack, monkeypatch):
    monkeypatch.setattr(large_answers, "MAX_BODY_BYTES", MOST)


def repeated(count):
    return success(["the same"] * count, {"Link": "<more>"})


def noise(count):
    made = random.Random(1)
    return success([made.random() for _ in range(count)])


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("gzip, deflate", True),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", True),
        ("deflate,gzip", True),
        ("x-gzip", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("gzip;q=1.2.3", False),
        ("identity", False),
        ("deflate, br", False),
        ("notgzip", False),
        ("", False),
    ],
)
def test_gzip_is_sent_to_who_asks_for_it(header, expected):
    assert reads_gzip({"accept-encoding": header}) is expected


def test_who_names_no_encodings_reads_no_gzip():
    assert not reads_gzip({})


def test_a_small_answer_stays_as_it_is():
    reply = repeated(5)
    assert carried(reply, {"accept-encoding": "gzip"}) is reply


def test_an_answer_that_is_small_enough_compressed_is_sent_so():
    whole = repeated(500)
    reply = carried(whole, {"accept-encoding": "gzip, deflate"})
    assert (reply.status, reply.content_type) == (200, "application/json")
    assert reply.headers == {"Link": "<more>", "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    assert len(reply.body) < MOST
    assert gzip.decompress(reply.body) == whole.body


def test_an_answer_that_is_small_enough_with_some_effort_is_sent_so(monkeypatch):
    whole = success([[4000 + number / 7] * 2 for number in range(2_000)])
    quickly, well = (len(gzip.compress(whole.body, level)) for level in (4, 6))
    assert well < quickly
    monkeypatch.setattr(large_answers, "MAX_BODY_BYTES", well)
    reply = carried(whole, {"accept-encoding": "gzip"})
    assert (reply.status, len(reply.body)) == (200, well)
    assert gzip.decompress(reply.body) == whole.body


def points(count):
    made = random.Random(2)
    return success([{"mjd": 59000 + one / 81, "flux": made.random(), "filter": "ztfg"} for one in range(count)])


@pytest.mark.parametrize(("whole", "levels", "status"), [(points(30_000), [4, 6], 200), (noise(58_000), [4], 307)])
def test_parts_of_a_long_answer_tell_whether_effort_may_let_it_fit(monkeypatch, whole, levels, status):
    tried, compress = [], gzip.compress
    quickly, well = (len(compress(whole.body, level)) for level in (4, 6))
    assert 0.9 * quickly < well
    monkeypatch.setattr(large_answers, "MAX_BODY_BYTES", well if status == 200 else int(0.9 * quickly))
    monkeypatch.setattr(gzip, "compress", lambda *args, **named: tried.append(args[1]) or compress(*args, **named))
    assert carried(whole, {"accept-encoding": "gzip"}).status == status
    assert tried == levels


@pytest.mark.parametrize(("whole", "accepted"), [(repeated(500), "identity"), (noise(500), "gzip"), (noise(500), "")])
def test_any_other_is_led_to_where_it_is_stored(whole, accepted):
    reply = carried(whole, {"accept-encoding": accepted})
    assert (reply.status, reply.body) == (307, b"")
    assert "Content-Encoding" not in reply.headers
    answer = requests.get(reply.headers["Location"], headers={"Accept-Encoding": accepted}, timeout=5)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json() == json.loads(whole.body)


def test_a_redirect_keeps_the_headers():
    assert carried(repeated(500), {}).headers["Link"] == "<more>"


def test_the_same_answer_is_stored_once():
    first, second = (carried(noise(500), {}).headers["Location"].partition("?")[0] for _ in range(2))
    assert first == second
    assert carried(Reply(noise(500).body + b" "), {}).headers["Location"].partition("?")[0] != first
