"""Services as strangers write them: slow, broken, rude, and faster than their own acknowledgement."""

import socket
import threading
from contextlib import contextmanager

import pytest

from chalicelib.analyses.run.webhook_token import run_of, token_of
from chalicelib.analyses.states import State
from tests.faults.invariants import check
from tests.support.parallel import at_once
from tests.support.scene import register
from tests.support.service import Reaction


@contextmanager
def raw_service(answer, *, then=None):
    """A service that reads a request whole, sends these bytes, does something and hangs up."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(60)

    def serve():
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                _read_request(connection)
                connection.sendall(answer)
                if then is not None:
                    then.wait(45)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/analysis"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def _read_request(connection):
    got = b""
    while b"\r\n\r\n" not in got:
        got += connection.recv(65536)
    head, _, body = got.partition(b"\r\n\r\n")
    (length,) = [int(line.split(b":")[1]) for line in head.splitlines() if line.lower().startswith(b"content-length")]
    while len(body) < length:
        body += connection.recv(65536)


def use(world, url):
    world.scene.service_id = register(world.scene.admin, world.scene.group_id, url, timeout=120)


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 20", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", b"\x00" * 99]
)
def test_a_service_that_hangs_up_may_still_post_its_result(world, answer):
    with raw_service(answer) as url:
        use(world, url)
        posted, silent = world.start(), world.start()
        world.pump()
        assert [world.history[one][-1] for one in (posted, silent)] == [State.PENDING] * 2
        assert world.post(posted) == 200
    world.settle()
    check(world)
    assert world.history[posted] == [State.QUEUED, State.PENDING, State.COMPLETED]
    assert world.history[silent] == [State.QUEUED, State.PENDING, State.TIMED_OUT]


def test_a_service_that_never_answers_holds_the_dispatcher_for_half_a_minute_at_most(world):
    over = threading.Event()
    with raw_service(b"", then=over) as url:
        use(world, url)
        analysis_id = world.start()
        world.pump()
        over.set()
    assert world.history[analysis_id][-1] is State.PENDING
    assert world.post(analysis_id) == 200
    world.settle()
    check(world)


@pytest.mark.parametrize("status", [200, 503, 422])
def test_a_service_faster_than_its_acknowledgement_keeps_its_result(world, status):
    def react(got):
        assert world.post(run_of(got.token)) == 200
        return Reaction(status)

    world.scene.service.react = react
    ids = [world.start() for _ in range(5)]
    world.pump()
    world.settle()
    check(world)
    assert [world.history[analysis_id] for analysis_id in ids] == [[State.QUEUED, State.COMPLETED]] * 5


def test_a_service_that_posts_garbage_first_is_heard_afterwards(world):
    analysis_id = world.start()
    world.pump()
    for garbage in (b"[]", b"{", b"\xff\xfe", b'"success"', b"null"):
        assert world.scene.answer(token_of(analysis_id), raw=garbage).status == 400
    assert world.post(analysis_id) == 200
    world.settle()
    check(world)


def test_of_two_posts_at_once_one_is_accepted(world):
    analysis_id = world.start()
    world.pump()
    assert sorted(at_once(lambda _: world.post(analysis_id), range(2))) == [200, 403]
    world.settle()
    check(world)


def test_a_result_that_comes_after_the_end_changes_nothing(world):
    analysis_id = world.start()
    world.pump()
    world.settle()
    assert world.history[analysis_id][-1] is State.TIMED_OUT
    assert world.post(analysis_id) == 403
    world.settle()
    check(world)


def test_a_service_that_is_down_for_ever_ends_its_runs_with_the_reason(world):
    world.scene.service.reaction = Reaction(503, b"on fire")
    ids = [world.start() for _ in range(3)]
    world.pump()
    world.settle()
    check(world)
    for analysis_id in ids:
        message = world.scene.read(analysis_id)["status_message"]
        assert "on fire" in message or "is paused" in message
        assert world.history[analysis_id] == [State.QUEUED, State.FAILURE]


def test_a_service_that_comes_back_gets_its_runs(world):
    world.scene.service.reaction = Reaction(503, b"", {"Retry-After": "30"})
    analysis_id = world.start()
    world.pump()
    world.scene.service.reaction = Reaction()
    world.settle()
    check(world)
    assert world.history[analysis_id] == [State.QUEUED, State.PENDING, State.TIMED_OUT]
