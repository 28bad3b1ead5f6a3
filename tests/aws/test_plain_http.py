"""Connections to an AWS on this machine: kept, made anew when it was started again, and never waited for too long."""

import threading
import time
from contextlib import contextmanager

import pytest
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, ReadTimeoutError

from chalicelib import clients
from infra.local.http.listening import listener, url

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: 2\r\n\r\n{}"


@contextmanager
def server(*connections):
    """Serve connections one after the other: each is a list of what its requests are answered with, and then closed."""
    sock = listener()
    accepted = []

    def serve():
        for answers in connections:
            connection, _ = sock.accept()
            accepted.append(connection)
            for answer in answers:
                _request(connection)
                if answer is None:
                    return
                connection.sendall(answer)
            connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield url(sock), accepted
    finally:
        sock.close()
        thread.join(5)
        for connection in accepted:
            connection.close()


def _request(connection):
    content = b""
    while b"\r\n\r\n" not in content:
        content += connection.recv(65_536)
    head, _, body = content.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split()[0])
    while len(body) < length:
        body += connection.recv(65_536)


def _until(condition):
    while not condition():
        time.sleep(0.001)


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0.0)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    clients.forget()
    yield
    clients.forget()


def call(where, seconds=None):
    return clients.client("dynamodb", seconds, where).list_tables()


def test_a_connection_is_kept():
    with server([ANSWER] * 3) as (where, accepted):
        for _ in range(3):
            assert call(where)["ResponseMetadata"]["HTTPStatusCode"] == 200
        assert len(accepted) == 1


def test_one_that_was_closed_meanwhile_is_made_anew():
    with server([ANSWER], [ANSWER]) as (where, accepted):
        call(where)
        _until(lambda: accepted[0].fileno() < 0)
        assert call(where)["ResponseMetadata"]["RetryAttempts"] == 0
        assert len(accepted) == 2


@pytest.mark.parametrize(
    "broken",
    [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{}", b"nonsense\r\n\r\n"],
)
def test_an_answer_that_breaks_off_is_asked_for_again(broken):
    with server([broken], [ANSWER]) as (where, _):
        assert call(where)["ResponseMetadata"]["RetryAttempts"] == 1
    with server([broken], [broken], [broken], [broken]) as (where, _), pytest.raises(ConnectionClosedError):
        call(where)


def test_an_answer_in_chunks_is_read():
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    with server([chunked], [ANSWER]) as (where, _):
        assert call(where)["ResponseMetadata"]["HTTPStatusCode"] == 200
        call(where)


def test_an_answer_is_not_waited_for_longer_than_wanted():
    with server([None]) as (where, _), pytest.raises(ReadTimeoutError):
        clients.client("lambda", 0.1, where).invoke(FunctionName="f", Payload=b"{}")


def test_nobody_listening_is_said_as_botocore_says_it():
    sock = listener()
    where = url(sock)
    sock.close()
    with pytest.raises(EndpointConnectionError):
        call(where)
