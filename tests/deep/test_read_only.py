"""A file system that becomes read-only under a whole stack: what is acknowledged is kept, and all is told in words.

One that holds files which are being written cannot be remounted so; the kernel itself does it after an error of the
disk, for good. A mount above the folder stops what is opened by its name, and can be taken away again.
"""

import os
import signal
import subprocess
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import requests

from infra.local.http.listening import free_port
from tests.infra.kept.command import refused
from tests.infra.serve import Serve
from tests.support.outside import Outside
from tests.support.service import StubService

pytestmark = [
    pytest.mark.timeout(400),
    pytest.mark.skipif(os.geteuid() != 0, reason="a file system can be mounted by root alone"),
]

RESULT = {"status": "success", "message": "kept", "analysis": {"results": {"format": "json", "data": {"n": 1}}}}
DISK_BYTES = 200_000_000


def command(*words):
    return subprocess.run([*map(str, words)], capture_output=True, text=True, check=False)


@contextmanager
def mounted(*words, at):
    """Mount something, or skip."""
    done = command("mount", *words, at)
    if done.returncode != 0:
        pytest.skip(f"no file system can be mounted here: {done.stderr}")
    try:
        yield
    finally:
        command("umount", "--lazy", at)


@pytest.fixture
def place():
    with tempfile.TemporaryDirectory(prefix="siderostat-read-only-") as name:
        yield Path(name)


def serve(place, log, port):
    return Serve(log, "--port", str(port), "--data", str(place / "data"))


def outside_of(stack, place):
    return Outside(stack.url, (place / "data" / "admin-token").read_text().strip())


def names(outside):
    return {group["name"] for group in outside.data("GET", "/api/groups")["all_groups"]}


def refused_in_words(answer):
    assert answer.status_code >= 500, answer.text
    assert (answer.json()["status"], answer.json()["data"]) == ("error", {})


def in_words(log):
    text = log.read_text()
    assert "read-only" in text
    assert "Traceback" not in text, text[text.index("Traceback") - 300 :][:2000]


def test_it_goes_on_when_the_folder_can_be_written_again(place, tmp_path):
    log, port = tmp_path / "log", free_port()
    with ExitStack() as mounts, StubService() as service:
        mounts.enter_context(mounted("-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", at=place))
        with serve(place, log, port) as stack:
            outside = outside_of(stack, place)
            run, received = outside.received_run(service)
            callback = received.document["callback_url"]
            with mounted("--bind", place / "data", at=place / "data"):
                assert command("mount", "-o", "remount,bind,ro", place / "data").returncode == 0
                refused_in_words(requests.post(callback, json=RESULT, timeout=60))
                assert outside.data("GET", f"/api/obj/analysis/{run}")["status"] == "pending"
                acknowledged = {
                    name
                    for name in ("one", "two")
                    if outside.call("POST", "/api/groups", json={"name": name}).status_code == 200
                }
                processes = [stack.process.pid, *stack.descendants()]
                status, said = refused("backup", "--data", place / "data", "--to", tmp_path / "file")
                assert (status, "read-only" in said) == (1, True), said
            assert requests.post(callback, json=RESULT, timeout=60).status_code == 200
            for pid in processes:
                os.kill(pid, signal.SIGKILL)
        in_words(log)
        with serve(place, log, port) as stack:
            outside = outside_of(stack, place)
            assert acknowledged <= names(outside)
            _wait_until(outside, run, "completed")

        command("mount", "-o", "remount,ro", place)
        status, said = refused("serve", "--data", place / "data", "--port", port)
        assert (status, "cannot be written" in said, "read-only" in said) == (1, True, True), said
        status, said = refused("restore", "--from", tmp_path / "log", "--data", place / "other")
        assert status == 1


def test_after_an_error_of_the_disk_it_reads_on_and_is_whole_when_it_is_mounted_again(place, tmp_path):
    log, port, disk = tmp_path / "log", free_port(), tmp_path / "disk"
    with disk.open("wb") as file:
        file.truncate(DISK_BYTES)
    if command("mkfs.ext4", "-q", "-O", "^has_journal", "-e", "remount-ro", disk).returncode != 0:
        pytest.skip("ext4 cannot be made here")
    with StubService() as service:
        with mounted("-o", "loop", disk, at=place), serve(place, log, port) as stack:
            device = Path(command("findmnt", "-n", "-o", "SOURCE", place).stdout.strip()).name
            trigger = Path("/sys/fs/ext4") / device / "trigger_fs_error"
            if not trigger.exists():
                pytest.skip("this kernel lets nobody ask for an error of ext4")
            outside = outside_of(stack, place)
            run, received = outside.received_run(service)
            callback = received.document["callback_url"]
            _wait_until(outside, run, "pending")
            trigger.write_text("1")
            refused_in_words(outside.call("POST", "/api/groups", json={"name": "refused"}))
            refused_in_words(requests.post(callback, json=RESULT, timeout=60))
            assert outside.data("GET", f"/api/obj/analysis/{run}")["status"] == "pending"
            assert outside.data("GET", "/api/health") == {"healthy": True}
            os.kill(stack.child("run_aws"), signal.SIGKILL)
            deadline = time.monotonic() + 60
            while "cannot be used: the file system is read-only" not in log.read_text():
                assert time.monotonic() < deadline
                time.sleep(0.5)
            stack.process.terminate()
            assert stack.process.wait(timeout=10) == 0
        in_words(log)
        command("e2fsck", "-fy", disk)
        with mounted("-o", "loop", disk, at=place), serve(place, log, port) as stack:
            outside = outside_of(stack, place)
            assert "refused" not in names(outside)
            assert requests.post(callback, json=RESULT, timeout=60).status_code == 200
            _wait_until(outside, run, "completed")


def _wait_until(outside, run, state):
    deadline = time.monotonic() + 60
    while (found := outside.data("GET", f"/api/obj/analysis/{run}"))["status"] != state:
        assert time.monotonic() < deadline, found
        time.sleep(0.5)
