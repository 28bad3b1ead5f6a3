"""Heads of requests and routes of paths are understood as http.server and Chalice understand them."""

import io
from http.client import parse_headers

import pytest
from chalice.local import RouteMatcher

from app import app
from infra.local.http.request_head import quick_head
from infra.local.http.routes import Routes

FIRST = b"GET /api/obj/a%2Bb/analysis?x=1&x=%C3%BC HTTP/1.1\r\n"


def stream_of(*lines, body=b"body"):
    return io.BufferedReader(io.BytesIO(b"".join(line + b"\r\n" for line in lines) + b"\r\n" + body))


@pytest.mark.parametrize(
    "lines",
    [
        [b"Host: a"],
        [b"Host:a", b"Accept: */*", b"X-Empty:", b"Authorization: token 1-2-3", b"Content-Length: 4"],
        [b"host:   a b  c", b'COOKIE: a=b; c="d"', b"Cookie: twice", b"X-Tab:\ta"],
        [b"X-%d: %d" % (number, number) for number in range(99)],
    ],
)
def test_a_usual_head_is_read_as_http_server_reads_it(lines):
    stream, theirs = stream_of(*lines), parse_headers(stream_of(*lines))
    head = quick_head(FIRST, stream)
    assert (head.method, head.path) == ("GET", "/api/obj/a%2Bb/analysis?x=1&x=%C3%BC")
    assert head.headers.items() == theirs.items()
    assert head.headers.get("HOST") == theirs.get("HOST")
    assert stream.read() == b"body"


@pytest.mark.parametrize(
    ("first", "lines"),
    [
        (b"GET / HTTP/1.0\r\n", [b"Host: a"]),
        (b"GET //other/ HTTP/1.1\r\n", [b"Host: a"]),
        (b"GET http://a/ HTTP/1.1\r\n", [b"Host: a"]),
        (b"BREW / HTTP/1.1\r\n", [b"Host: a"]),
        (b"GET / HTTP/1.1\n", [b"Host: a"]),
        (b"GET /\xc3\xbc HTTP/1.1\r\n", [b"Host: a"]),
        (FIRST, []),
        (FIRST, [b"Host: a", b" folded"]),
        (FIRST, [b"Host : a"]),
        (FIRST, [b"Host: \xc3\xbc"]),
        (FIRST, [b"Host: a\nX: b"]),
        (FIRST, [b"Host: a\rX: b"]),
        (FIRST, [b"Host: a\x00"]),
        (FIRST, [b"no header"]),
        (FIRST, [b"Host: a "]),
        (FIRST, [b"Expect: 100-continue"]),
        (FIRST, [b"X: 1"] * 101),
    ],
)
def test_an_unusual_head_is_left_where_it_is(first, lines):
    stream = stream_of(*lines)
    assert quick_head(first, stream) is None
    assert stream.read() == stream_of(*lines).read()


def test_a_head_that_has_not_come_whole_is_left_where_it_is():
    stream = io.BufferedReader(io.BytesIO(b"Host: a\r\nX"))
    assert quick_head(FIRST, stream) is None
    assert stream.read() == b"Host: a\r\nX"


def test_every_route_is_found_as_chalice_finds_it():
    ours, theirs = Routes(app.routes), RouteMatcher(list(app.routes))
    for route in app.routes:
        path = route.replace("{", "").replace("}", "")
        for url in (path, f"{path}?a=1&a=2&b=&c=%20", f"{path}/" if path != "/" else path):
            found, wanted = ours.match_route(url), theirs.match_route(url)
            assert (found.route, found.query_params) == (wanted.route, wanted.query_params)
            assert found.captured.items() <= wanted.captured.items()
            assert set(found.captured) == {part[1:-1] for part in route.split("/") if part.startswith("{")} or (
                found.route != route
            )


@pytest.mark.parametrize("url", ["/nothing/here", "", "/api//", "/api/obj/a/b/c/d/e/f/g?x=/"])
def test_no_route_is_a_value_error(url):
    with pytest.raises(ValueError, match="no route"):
        Routes(app.routes).match_route(url)
