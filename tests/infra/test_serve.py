import os
import re
import signal
import socket
import time
import uuid
from pathlib import Path

import boto3
import pytest
import requests

from infra.local.aws.embedded_aws import EmbeddedAws
from tests.infra.serve import Serve
from tests.support.processes import alive, gone_within

TOKEN = str(uuid.uuid4())


@pytest.fixture
def serve(tmp_path):
    """Start stacks; all are ended after the test."""
    started = []

    def start(*arguments, **named):
        started.append(Serve(tmp_path / "log", *arguments, **named))
        return started[-1]

    yield start
    for each in started:
        each.end()


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A stack that several tests may talk to."""
    with Serve(tmp_path_factory.mktemp("serve") / "log", "--admin-token", TOKEN) as stack:
        yield stack


def call(method, url, token=TOKEN, **arguments):
    return requests.request(method, url, headers={"Authorization": f"token {token}"}, timeout=30, **arguments)


def group_names(stack):
    return [group["name"] for group in call("GET", f"{stack.url}/api/groups").json()["data"]["all_groups"]]


def test_it_answers_as_soon_as_it_says_ready_and_is_empty(running):
    assert requests.get(f"{running.url}/api/sysinfo", timeout=10).json()["status"] == "success"
    assert group_names(running) == ["Sitewide Group"]


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/api/nowhere", 404),
        ("GET", "/nowhere", 404),
        ("DELETE", "/api/sysinfo", 405),
        ("GET", "/api/groups", 401),
    ],
)
def test_every_failure_has_the_one_shape(running, method, path, code):
    answer = requests.request(method, running.url + path, timeout=10)

    assert answer.status_code == code
    assert set(answer.json()) == {"status", "message", "data", "version"}
    assert answer.json()["status"] == "error"


def test_a_body_that_is_too_large_is_413_with_what_to_do(running):
    for size in (5 << 20, 12 << 20):
        answer = call("POST", f"{running.url}/api/groups", data=b" " * size)

        assert answer.status_code == 413
        assert "4500000" in answer.json()["message"]


def test_logs_go_to_a_file_and_hold_no_token(running):
    call("GET", f"{running.url}/api/roles")
    call("POST", f"{running.url}/api/webhook/obj_analysis/{TOKEN}", token="none")

    [log] = [line.removeprefix("log file").strip() for line in running.lines if line.startswith("log file")]
    text = Path(log).read_text()
    assert '"route": "/api/roles"' in text
    assert TOKEN not in text


def test_the_api_is_started_again_when_it_dies(running):
    os.kill(running.child("run_api"), signal.SIGKILL)

    # the request waits in the backlog until the API listens again
    assert requests.get(f"{running.url}/api/sysinfo", timeout=30).status_code == 200


def test_sigterm_ends_everything_within_five_seconds(serve):
    stack = serve("--admin-token", TOKEN).wait_until_ready()
    children = stack.descendants()
    assert len(children) >= 4
    began = time.monotonic()
    stack.end(signal.SIGTERM)

    assert time.monotonic() - began < 5
    assert stack.process.returncode == 0
    assert alive(children) == []


def test_a_made_up_admin_token_is_printed_and_works_until_ctrl_c(serve):
    stack = serve().wait_until_ready()
    children = stack.descendants()
    [token] = [line.split()[-1] for line in stack.lines if line.startswith("admin token")]

    assert uuid.UUID(token).version == 4
    assert call("POST", f"{stack.url}/api/groups", token, json={"name": "mine"}).status_code == 200
    stack.end(signal.SIGINT)
    assert stack.process.returncode == 0
    assert alive(children) == []


def test_a_signal_during_the_start_ends_everything(serve):
    stack = serve()
    stack.process.stdout.readline()  # the log file's line: it has begun
    time.sleep(0.7)
    children = stack.descendants()
    stack.end()

    assert gone_within(children, 5)


def test_a_process_for_results_waits_for_the_first_and_none_outlives_a_killed_stack(serve):
    stack = serve().wait_until_ready()
    deadline = time.monotonic() + 20
    while not any("chalicelib.products.handler:handler" in words for words in stack.descendants().values()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    children = stack.descendants()
    stack.end(signal.SIGKILL)

    assert gone_within(children, 5)


def test_the_stack_ends_with_a_sentence_when_its_aws_dies(serve):
    stack = serve().wait_until_ready()
    children = stack.descendants()
    os.kill(stack.child("run_aws"), signal.SIGKILL)

    assert stack.process.wait(timeout=10) == 1
    assert re.fullmatch(r"The embedded AWS has ended .*\n", stack.process.stderr.read())
    assert alive(children) == []


def test_a_taken_port_is_one_sentence(serve):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        stack = serve("--port", str(taken.getsockname()[1]))
        out, error = stack.process.communicate(timeout=20)

    assert stack.process.returncode == 1
    assert out == ""
    assert re.fullmatch(r"Port \d+ cannot be used \(Address already in use\): .*\n", error)


def test_an_endpoint_that_cannot_be_reached_is_one_sentence(serve):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    _, error = serve(aws=f"http://127.0.0.1:{port}").process.communicate(timeout=60)

    assert re.fullmatch(rf"The AWS endpoint http://127.0.0.1:{port} cannot be used: .*\n", error)


def test_what_an_external_endpoint_holds_survives_a_killed_stack(serve):
    with EmbeddedAws() as aws:
        first = serve("--admin-token", TOKEN, aws=aws.url).wait_until_ready()
        assert call("POST", f"{first.url}/api/groups", json={"name": "kept"}).status_code == 200
        secret = webhook_secret(aws)
        first.end(signal.SIGKILL)
        second = serve("--admin-token", TOKEN, aws=aws.url).wait_until_ready()

        assert "kept" in group_names(second)
        assert webhook_secret(aws) == secret
        second.end()


def webhook_secret(aws):
    manager = boto3.client("secretsmanager", endpoint_url=aws.url)
    return manager.get_secret_value(SecretId="siderostat-webhook")["SecretString"]
