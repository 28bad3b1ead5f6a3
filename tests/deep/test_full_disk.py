"""A whole stack whose disk is full says so, reads on, and goes on when there is room."""

import os
import resource
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from infra.local.http.listening import free_port
from tests.infra.serve import Serve
from tests.support.outside import OBJ_ID, Outside
from tests.support.service import StubService

pytestmark = pytest.mark.timeout(300)

AGAIN_SECONDS = 40
DISK_BYTES = 30_000_000
RESULT = {"status": "success", "message": "kept", "analysis": {"results": {"format": "json", "data": {"n": 1}}}}


@contextmanager
def disk(folder):
    """Mount a small file system, if we may; yield whether it is one."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    mounted = os.geteuid() == 0 and subprocess.run(command, capture_output=True, check=False).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def filled_up(folder, _pid):
    """Let nothing fit on the disk."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for piece in (1_000_000, 4096, 1):
            try:
                while True:
                    file.write(b"x" * piece)
            except OSError:
                continue
    yield
    ballast.unlink()


@contextmanager
def limited(_folder, pid):
    """Let the embedded AWS write no file any more."""
    _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, most))
    yield
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))


@pytest.mark.parametrize("full", [filled_up, limited])
def test_a_full_disk_is_told_and_nothing_is_lost(full, tmp_path):
    port = free_port()
    with (
        tempfile.TemporaryDirectory(prefix="siderostat-disk-") as name,
        disk(Path(name)) as mounted,
        StubService() as service,
    ):
        if full is filled_up and not mounted:
            pytest.skip("a file system can be mounted by root alone; the other test limits the size of files instead")
        data = Path(name) / "data"
        with Serve(tmp_path / "log", "--port", str(port), "--data", str(data)) as stack:
            outside = Outside(stack.url, (data / "admin-token").read_text().strip())
            run, received = outside.received_run(service)
            callback = received.document["callback_url"]
            _wait_until(outside, run, "pending")
            with full(Path(name), stack.child("run_aws")):
                _check_refusals(outside, run, callback)
                time.sleep(6)  # polls, ticks and the purge go on meanwhile
                _check_refusals(outside, run, callback)
            began = time.monotonic()
            while not (answer := outside.call("POST", "/api/groups", json={"name": "room"})).ok:
                assert time.monotonic() - began < AGAIN_SECONDS, answer.text
                time.sleep(0.5)
            assert requests.post(callback, json=RESULT, timeout=60).status_code == 200
            _wait_until(outside, run, "completed")
            groups = [group["name"] for group in outside.data("GET", "/api/groups")["all_groups"]]
            assert groups.count("room") == 1
            assert "full" not in groups
            stack.process.terminate()
            assert stack.process.wait(timeout=10) == 0
            assert stack.process.stderr.read() == ""
        log = (tmp_path / "log").read_text()
        assert "no space" in log
        assert "Traceback" not in log, log[log.index("Traceback") - 300 :][:2000]


def _check_refusals(outside, run, callback):
    """What writes is refused in the common envelope, and what reads is answered."""
    service = outside.data("GET", "/api/analysis_service")[0]["id"]
    source = {"id": "FULL", "ra": 1.0, "dec": 2.0}
    refused = [
        outside.call("POST", "/api/groups", json={"name": "full"}),
        outside.call("POST", "/api/sources", json=source),
        outside.call("POST", f"/api/obj/{OBJ_ID}/analysis/{service}", json={}),
        outside.call("DELETE", f"/api/obj/analysis/{run}"),
        requests.post(callback, json=RESULT, timeout=60),
    ]
    for answer in refused:
        assert answer.status_code >= 500, answer.text
        assert answer.json()["status"] == "error"
        assert answer.json()["data"] == {}
    assert outside.data("GET", f"/api/obj/analysis/{run}")["status"] == "pending"
    assert outside.data("GET", f"/api/sources/{OBJ_ID}")["id"] == OBJ_ID
    assert outside.data("GET", "/api/health") == {"healthy": True}


def _wait_until(outside, run, state):
    deadline = time.monotonic() + 60
    while (found := outside.data("GET", f"/api/obj/analysis/{run}"))["status"] != state:
        assert time.monotonic() < deadline, found
        time.sleep(0.5)
