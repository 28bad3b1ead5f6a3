"""`python -m infra.local env` and `chalice local` beside a running stack."""

import re
import shlex
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest
import requests

from infra.local.http.listening import free_port
from tests.infra.serve import ROOT, Serve

TOKEN = str(uuid.uuid4())


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with Serve(tmp_path_factory.mktemp("beside") / "log", "--admin-token", TOKEN) as stack:
        yield stack


def asked(port):
    command = [sys.executable, "-m", "infra.local", "env", "--port", str(port)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def beside(running):
    """The URL of `chalice local`, in the environment that a shell makes of what was printed."""
    printed = asked(running.url.rpartition(":")[2]).stdout
    port = free_port()
    chalice = Path(sys.executable).with_name("chalice")
    script = f"{printed}\nexec {shlex.quote(str(chalice))} local --host 127.0.0.1 --port {port} --no-autoreload"
    server = subprocess.Popen(
        ["sh", "-c", script], cwd=ROOT, env={"PATH": "/usr/bin:/bin"}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    url = f"http://127.0.0.1:{port}"
    for _ in range(300):
        time.sleep(0.1)
        try:
            requests.get(f"{url}/api/sysinfo", timeout=10)
        except requests.ConnectionError:
            assert server.poll() is None, server.stdout.read().decode()
        else:
            break
    yield url
    server.terminate()
    server.wait(timeout=10)
    server.stdout.close()


def test_only_exports_and_comments_are_printed(running):
    done = asked(running.url.rpartition(":")[2])

    assert (done.returncode, done.stderr) == (0, "")
    for line in done.stdout.splitlines():
        assert line.startswith("#") or re.fullmatch(r"export [A-Z][A-Z0-9_]*=.+", line), line


def test_without_a_stack_there_is_a_sentence():
    done = asked(free_port())

    assert done.returncode == 1
    assert re.fullmatch(r"No stack of this checkout serves on port \d+: start it with `serve`\.\n", done.stderr)


@pytest.mark.parametrize("path", ["/api/groups", "/api/internal/profile"])
def test_chalice_local_answers_as_the_stack_does(running, beside, path):
    answers = [
        requests.get(f"{url}{path}", headers={"Authorization": f"token {TOKEN}"}, timeout=30)
        for url in (running.url, beside)
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json()["data"] == answers[1].json()["data"]


@pytest.mark.parametrize("headers", [{}, {"Authorization": f"token {TOKEN}"}])
def test_unknown_paths_have_the_one_shape_there_too(beside, headers):
    answer = requests.get(f"{beside}/api/nowhere", headers=headers, timeout=30)

    assert answer.status_code == 404
    assert set(answer.json()) == {"status", "message", "data", "version"}


def test_metrics_are_those_of_the_whole_stack(beside):
    answer = requests.get(f"{beside}/api/metrics", headers={"Authorization": f"token {TOKEN}"}, timeout=30)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
