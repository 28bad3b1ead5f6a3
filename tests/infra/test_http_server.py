import gzip
import http.client
import json
import socket
import time

import pytest
from chalice.app import Blueprint, Chalice

from chalicelib.http.endpoint import ROUTES, Incoming, endpoint
from chalicelib.http.errors import TooLarge
from chalicelib.http.middleware import envelope_of_chalice
from infra.local.http.listening import HOST, listener
from infra.local.http.server import ApiServer

blueprint = Blueprint(__name__)
_OURS = len(ROUTES)


@endpoint(blueprint, "POST", "/api/echo/{word}")
def echo(word: str, incoming: Incoming) -> dict[str, object]:
    """Say what arrived."""
    return {"word": word, "length": len(incoming.body), "start": incoming.body[:20].decode(errors="replace")}


@endpoint(blueprint, "GET", "/api/echo/{word}")
def read(word: str) -> dict[str, str]:
    """Say the word."""
    return {"word": word}


@endpoint(blueprint, "POST", "/api/small/{word}", too_large=lambda word, size: TooLarge(f"{word}: {size} bytes"))
def small(word: str) -> dict[str, str]:
    """Refuse in its own words what is too large."""
    return {"word": word}


@endpoint(blueprint, "GET", "/api/slow")
def slow() -> None:
    """Take longer than the gateway waits."""
    time.sleep(1.5)


del ROUTES[_OURS:]  # these belong to no document


@pytest.fixture(scope="module")
def port():
    app = Chalice(app_name="under-test")
    app.api.binary_types = ["*/*"]
    app.register_middleware(envelope_of_chalice, "http")
    app.register_blueprint(blueprint)
    sock = listener()
    number = sock.getsockname()[1]
    server = ApiServer(app, sock, seconds=0.5)
    yield number
    server.stop()


@pytest.fixture
def connection(port):
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    yield connection
    connection.close()


def answer(connection, method, path, body=None, headers=None):
    connection.request(method, path, body=body, headers=headers or {})
    response = connection.getresponse()
    return response, response.read()


def message(response, body):
    content = json.loads(body)
    assert set(content) == {"status", "message", "data", "version"}
    assert content["status"] == "error"
    assert content["data"] == {}
    assert response.headers["Content-Type"] == "application/json"
    return response.status, content["message"]


def raw(port, request):
    """Send bytes as they stand and return status and body of the answer."""
    with socket.create_connection((HOST, port), timeout=10) as sock:
        sock.sendall(request)
        response = http.client.HTTPResponse(sock)
        response.begin()
        return response, response.read()


def test_a_body_of_any_type_arrives_whole(connection):
    _, body = answer(connection, "POST", "/api/echo/a", bytes(range(256)) * 1000, {"Content-Type": "application/x-odd"})

    assert json.loads(body)["data"]["length"] == 256_000


def test_a_chunked_body_arrives_whole(connection):
    _, body = answer(connection, "POST", "/api/echo/a", iter([b"spam ", b"and ", b"eggs"]))

    assert json.loads(body)["data"] == {"word": "a", "length": 13, "start": "spam and eggs"}


def test_a_connection_is_kept_for_the_next_request(connection):
    for word in ("one", "two"):
        response, body = answer(connection, "GET", f"/api/echo/{word}")
        assert response.headers.get("Connection") != "close"
        assert json.loads(body)["data"] == {"word": word}


def test_an_unknown_path_is_404(connection):
    assert message(*answer(connection, "GET", "/api/nowhere")) == (404, "Not found: there is no such path.")


def test_an_unknown_path_is_404_with_a_token_too(connection):
    response, body = answer(connection, "GET", "/nowhere", headers={"Authorization": "token x"})

    assert message(response, body)[0] == 404


@pytest.mark.parametrize("method", ["DELETE", "OPTIONS", "PATCH"])
def test_a_wrong_method_is_405(connection, method):
    assert message(*answer(connection, method, "/api/echo/a"))[0] == 405


def test_an_unheard_of_method_is_405(connection):
    assert message(*answer(connection, "BREW", "/api/echo/a"))[0] == 405


def test_head_has_no_body(port):
    with socket.create_connection((HOST, port), timeout=10) as sock:
        sock.sendall(b"HEAD /api/echo/a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        received = b"".join(iter(lambda: sock.recv(65536), b""))

    assert received.startswith(b"HTTP/1.1 405 ")
    assert received.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("length", ["abc", "-1", "+5", "5, 6", "1e3", "9" * 30, ""])
def test_a_bad_content_length_is_400(port, length):
    request = f"POST /api/echo/a HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode()

    assert message(*raw(port, request))[0] == 400


def test_a_body_that_ends_early_is_400(port):
    with socket.create_connection((HOST, port), timeout=10) as sock:
        sock.sendall(b"POST /api/echo/a HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
        sock.shutdown(socket.SHUT_WR)
        response = http.client.HTTPResponse(sock)
        response.begin()
        assert message(response, response.read())[0] == 400


@pytest.mark.parametrize("body", [b"zz\r\n", b"5\r\nabcdefg\r\n0\r\n\r\n", b"\r\n"])
def test_bad_chunks_are_400(port, body):
    head = b"POST /api/echo/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"

    assert message(*raw(port, head + body))[0] == 400


def test_a_length_and_chunks_together_are_400(port):
    head = b"POST /api/echo/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n"

    assert message(*raw(port, head + b"abc"))[0] == 400


def test_another_transfer_encoding_is_411(port):
    head = b"POST /api/echo/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n"

    assert message(*raw(port, head))[0] == 411


@pytest.mark.parametrize("megabytes", [5, 11, 40])
def test_a_body_that_is_too_large_is_413_for_a_client_that_sends_all_of_it(connection, megabytes):
    status, text = message(*answer(connection, "POST", "/api/echo/a", b" " * (megabytes << 20)))

    assert status == 413
    assert "bytes" in text


@pytest.mark.parametrize("megabytes", [5, 11])
def test_the_application_says_what_it_says_to_a_body_that_it_is_not_given(connection, megabytes):
    size = megabytes << 20
    assert message(*answer(connection, "POST", "/api/small/a", b" " * size)) == (413, f"a: {size} bytes")


def test_the_application_says_it_of_chunks_too(connection):
    status, text = message(*answer(connection, "POST", "/api/small/a", iter([b"x" * (1 << 20)] * 12)))
    assert (status, text.startswith("a: ")) == (413, True)


def test_a_body_that_is_too_large_for_no_path_is_413(connection):
    assert message(*answer(connection, "POST", "/api/nowhere", b" " * (11 << 20)))[0] == 413


def test_a_stated_length_that_is_too_large_is_413_before_the_body_is_sent(port):
    request = f"POST /api/echo/a HTTP/1.1\r\nHost: x\r\nContent-Length: {10**12}\r\n\r\n".encode()

    assert message(*raw(port, request))[0] == 413


def test_too_many_chunks_are_413(connection):
    status, _ = message(*answer(connection, "POST", "/api/echo/a", iter([b"x" * (1 << 20)] * 12)))

    assert status == 413


def test_an_answer_that_takes_too_long_is_504(connection):
    assert message(*answer(connection, "GET", "/api/slow"))[0] == 504


@pytest.mark.parametrize(
    "request_text",
    [b"nonsense\r\n\r\n", b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", b"GET / HTTP/7.0\r\n\r\n"],
    ids=["no request", "long path", "unknown version"],
)
def test_what_is_no_request_gets_the_one_error_shape(port, request_text):
    with socket.create_connection((HOST, port), timeout=10) as sock:
        sock.sendall(request_text)
        received = b"".join(iter(lambda: sock.recv(65536), b""))

    assert json.loads(received.rpartition(b"\r\n\r\n")[2] or received)["status"] == "error"


def test_a_compressed_body_reaches_the_application_unpacked(connection):
    packed, headers = gzip.compress(b"a" * 4_000_000), {"Content-Encoding": "gzip"}
    response, body = answer(connection, "POST", "/api/echo/x", packed, headers)
    assert (response.status, json.loads(body)["data"]["length"]) == (200, 4_000_000)
    chunks = (packed[start : start + 1000] for start in range(0, len(packed), 1000))
    response, body = answer(connection, "POST", "/api/echo/x", chunks, headers)
    assert (response.status, json.loads(body)["data"]["length"]) == (200, 4_000_000)
    response, body = answer(connection, "POST", "/api/echo/x", gzip.compress(b"a" * 5_000_000), headers)
    assert message(response, body)[0] == 413
