"""The clock of the machine jumps while a whole stack is at work, and between two of its starts: no run is lost."""

import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import pytest
import requests

from infra.local.http.listening import free_port
from tests.infra.serve import Serve
from tests.support.outside import Outside
from tests.support.service import Reaction, StubService

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(shutil.which("cc") is None, reason="takes a C compiler"),
]

LIBRARY = Path(__file__).with_name("moved_clock.c")
HOUR = 3600
RESULT = {"status": "success", "message": "done", "analysis": {"results": {"format": "json", "data": {"n": 1}}}}


@pytest.fixture
def clock(tmp_path, monkeypatch):
    """Move the clock of what is started, by seconds."""
    folder = tempfile.TemporaryDirectory(prefix="siderostat-", dir="/tmp")  # the loader splits other paths at blanks
    library, file = Path(folder.name) / "moved_clock.so", tmp_path / "moved"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, LIBRARY, "-ldl"], check=True)
    monkeypatch.setenv("LD_PRELOAD", str(library))
    monkeypatch.setenv("MOVED_CLOCK", str(file))

    def move(seconds):
        aside = file.with_suffix(".new")
        aside.write_text(str(seconds))
        aside.replace(file)

    move(0)
    with folder:
        yield move


def answer(received):
    url = received.document["callback_url"]
    threading.Thread(target=lambda: requests.post(url, json=RESULT, timeout=60), daemon=True).start()
    return Reaction()


def wait_until_completed(outside, runs):
    deadline = time.monotonic() + 90
    while {(found := outside.data("GET", f"/api/obj/analysis/{run}"))["status"] for run in runs} != {"completed"}:
        assert time.monotonic() < deadline, found
        time.sleep(0.5)


def test_a_clock_that_jumps_loses_no_run(tmp_path, clock):
    port, data = free_port(), tmp_path / "data"
    arguments = ("--port", str(port), "--data", str(data))
    with StubService() as service:
        stack = Serve(tmp_path / "log-0", *arguments).wait_until_ready()
        try:
            outside = Outside(stack.url, (data / "admin-token").read_text().strip())
            waiting, received = outside.received_run(service)
            clock(-2 * HOUR)
            service.react = answer
            runs = [waiting, outside.start()]
            answer(received)
            wait_until_completed(outside, runs)
            clock(3 * HOUR)
            runs.append(outside.start())
            wait_until_completed(outside, runs)
            children = stack.descendants()
            stack.end(signal.SIGKILL)
            for pid in children:
                _end(pid)
            clock(-24 * HOUR)
            stack = Serve(tmp_path / "log-1", *arguments).wait_until_ready()
            runs.append(outside.start())
            wait_until_completed(outside, runs)
        finally:
            stack.end()
    logs = [(tmp_path / f"log-{number}").read_text() for number in (0, 1)]
    assert all("the clock has gone back by" in log for log in logs)
    assert not any("Traceback" in log for log in logs)


def _end(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
