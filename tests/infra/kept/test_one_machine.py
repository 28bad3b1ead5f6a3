import json
import os
import re
import shutil
import signal
import stat
import time
import uuid
from urllib.parse import urlsplit

import pytest
import requests

from infra.local.aws.kept import folder
from infra.local.http.listening import free_port
from tests.infra.kept.command import refused, run
from tests.infra.serve import Serve
from tests.support.outside import Outside
from tests.support.processes import gone_within
from tests.support.service import StubService

TOKEN = str(uuid.uuid4())
CREDENTIAL = {
    "authentication_type": "header_token",
    "_authinfo": json.dumps({"header_token": {"X-Key": "a secret of the service"}}),
}


@pytest.fixture(scope="module")
def port():
    return free_port()


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return tmp_path_factory.mktemp("one-machine") / "data"


@pytest.fixture(scope="module")
def start(tmp_path_factory, port, data):
    """Start the stack in its folder, again and again."""
    started = []

    def begin(*arguments):
        if started:
            started[-1].end()
        log = tmp_path_factory.mktemp("log") / "log"
        started.append(Serve(log, "--port", str(port), "--data", str(data), *arguments))
        return started[-1].wait_until_ready()

    begin.started = started
    yield begin
    for each in started:
        each.end()


@pytest.fixture
def serving(start):
    """Return the stack that serves in its folder, or start one: who only asks it need not start it anew."""

    def current():
        return next((stack for stack in start.started[-1:] if stack.process.poll() is None), None) or start()

    return current


def call(method, url, token, **arguments):
    return requests.request(method, url, headers={"Authorization": f"token {token}"}, timeout=40, **arguments)


def group_names(stack, token):
    return {group["name"] for group in call("GET", f"{stack.url}/api/groups", token).json()["data"]["all_groups"]}


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_what_was_answered_is_there_after_kill_9_of_everything_and_after_a_stop(start, data):
    stack = start()
    token = (data / "admin-token").read_text().removesuffix("\n")
    assert uuid.UUID(token).version == 4
    assert token not in "".join(stack.lines)
    assert str(data / "admin-token") in "".join(stack.lines)
    assert call("POST", f"{stack.url}/api/groups", token, json={"name": "first"}).status_code == 200
    children = stack.descendants()
    stack.end(signal.SIGKILL)
    assert gone_within(children, 10)

    stack = start()
    assert "first" in group_names(stack, token)
    assert call("POST", f"{stack.url}/api/groups", token, json={"name": "second"}).status_code == 200
    children = stack.descendants()
    began = time.monotonic()
    stack.end(signal.SIGTERM)
    assert time.monotonic() - began < 10
    assert stack.process.returncode == 0
    assert gone_within(children, 0)

    assert {"first", "second"} <= group_names(start(), token)


def test_a_folder_is_its_owners_alone_and_one_process_at_a_time(serving, data, port):
    stack = serving()

    assert mode(data) == 0o700
    assert {mode(path) for path in data.iterdir() if path.is_file()} == {0o600}
    assert {"siderostat.db", "siderostat.db-wal", "siderostat.db-shm", "admin-token"} <= {
        path.name for path in data.iterdir()
    }
    status, said = refused("serve", "--data", data, "--port", port + 1)
    assert status == 1
    assert str(stack.process.pid) in said
    assert requests.get(f"{stack.url}/api/sysinfo", timeout=10).status_code == 200


def test_a_backup_of_what_is_served_runs_elsewhere_with_the_same_token(serving, data, tmp_path):
    stack = serving()
    token = (data / "admin-token").read_text().strip()
    call("POST", f"{stack.url}/api/groups", token, json={"name": "copied"})
    to, elsewhere, other = tmp_path / "copy", tmp_path / "elsewhere", free_port()
    assert run("backup", "--data", data, "--to", to).stdout.startswith(f"backup  {to} (")
    call("POST", f"{stack.url}/api/groups", token, json={"name": "after the copy"})
    stack.end()

    assert run("restore", "--from", to, "--data", elsewhere).stderr == ""
    assert mode(elsewhere) == 0o700
    assert {mode(path) for path in elsewhere.rglob("*") if path.is_file()} == {0o600}
    copy = Serve(tmp_path / "log", "--port", str(other), "--data", str(elsewhere))
    names = group_names(copy.wait_until_ready(), token)
    copy.end()
    assert "copied" in names
    assert "after the copy" not in names


def test_a_restored_folder_opens_credentials_and_takes_results_that_were_on_their_way(tmp_path):
    ports = [free_port(), free_port()]
    folders = [tmp_path / name for name in ("first", "second")]
    with StubService() as service:
        with Serve(tmp_path / "log", "--port", str(ports[0]), "--data", str(folders[0])) as stack:
            token = (folders[0] / "admin-token").read_text().strip()
            run_id, received = Outside(stack.url, token).received_run(service, CREDENTIAL)
            assert run("backup", "--data", folders[0], "--to", tmp_path / "copy").returncode == 0
        assert run("restore", "--from", tmp_path / "copy", "--data", folders[1]).returncode == 0
        for name in ("admin-token", "signing-secret"):
            assert (folders[1] / name).read_text() == (folders[0] / name).read_text()
        with Serve(tmp_path / "log", "--port", str(ports[1]), "--data", str(folders[1])) as stack:
            outside = Outside(stack.url, token)
            path = urlsplit(received.document["callback_url"]).path
            result = {"status": "success", "message": "from before", "analysis": {}}
            assert requests.post(f"{stack.url}{path}", json=result, timeout=60).status_code == 200
            assert outside.data("GET", f"/api/obj/analysis/{run_id}")["status_message"] == "from before"
            service.forget()
            outside.start()
            again = service.wait_for_one()
    assert received.headers["X-Key"] == again.headers["X-Key"] == "a secret of the service"
    assert again.document["callback_url"].startswith(f"http://127.0.0.1:{ports[1]}/")


def test_the_embedded_aws_is_started_again_when_it_dies(serving, data):
    stack = serving()
    token = (data / "admin-token").read_text().strip()
    call("POST", f"{stack.url}/api/groups", token, json={"name": "before"})
    os.kill(stack.child("run_aws"), signal.SIGKILL)
    began = time.monotonic()

    assert "before" in group_names(stack, token)
    assert time.monotonic() - began < 20


def test_the_token_that_is_given_on_the_first_start_is_kept(tmp_path):
    for given in (TOKEN, str(uuid.uuid4())):
        # the port is none that may be used, so that it ends when the folder is prepared
        refused("serve", "--data", tmp_path / "data", "--port", 1, "--host", "192.0.2.1", SIDEROSTAT_ADMIN_TOKEN=given)
    status, said = refused(
        "serve", "--data", tmp_path / "data", "--port", 1, "--host", "192.0.2.1", SIDEROSTAT_ADMIN_TOKEN=TOKEN
    )

    assert (status, "192.0.2.1" in said) == (1, True)
    assert (tmp_path / "data" / "admin-token").read_text() == f"{TOKEN}\n"
    assert mode(tmp_path / "data" / "admin-token") == 0o600


def status_with(stack, token):
    return call("GET", f"{stack.url}/api/groups", token).status_code


def test_a_token_whose_file_was_removed_gives_way_to_a_new_one_also_in_a_restored_folder(tmp_path):
    data, copy, port = tmp_path / "data", tmp_path / "copy", free_port()
    with Serve(tmp_path / "log", "--port", str(port), "--data", str(data)) as stack:
        old = (data / "admin-token").read_text().strip()
        own = {"name": "my own", "acls": ["System admin"]}
        own = call("POST", f"{stack.url}/api/internal/tokens", old, json=own).json()["data"]["token_id"]
        (data / "admin-token").unlink()
        assert run("backup", "--data", data, "--to", tmp_path / "file").returncode == 0
    assert run("restore", "--from", tmp_path / "file", "--data", copy).returncode == 0

    file = copy / "admin-token"
    with Serve(tmp_path / "log", "--port", str(port), "--data", str(copy)) as stack:
        new = file.read_text().removesuffix("\n")
        assert (mode(file), new in "".join(stack.lines)) == (0o600, False)
        # the old one first: it is revoked before somebody comes with the new one
        assert [status_with(stack, token) for token in (old, new, own)] == [401, 200, 200]

    file.unlink()
    status, said = refused("serve", "--data", copy, "--port", port, SIDEROSTAT_ADMIN_TOKEN=old)
    assert (status, "has been revoked" in said, file.exists()) == (1, True, False), said


def test_what_cannot_be_is_one_line(tmp_path):
    file = tmp_path / "file"
    file.write_text("")

    status, said = refused("serve", "--data", tmp_path / "data", "--port", 0)
    assert (status, "--port" in said) == (2, True)
    status, said = refused("serve", "--data", tmp_path / "data", AWS_ENDPOINT_URL="http://127.0.0.1:1")
    assert (status, "AWS_ENDPOINT_URL" in said) == (2, True)
    status, said = refused("serve", "--data", file)
    assert (status, "not a folder" in said) == (1, True)
    status, said = refused("serve", "--data", "/proc/nowhere")
    assert (status, "cannot be written" in said) == (1, True)
    for words in (
        ("--data", ""),
        ("--data", tmp_path / "data", "--port", "eight"),
        ("--data", tmp_path / "data", "--public-url", "https://a b/"),
        ("--data", tmp_path / "data", "--public-url", "https://a:eight/"),
    ):
        assert refused("serve", *words)[0] == 2
    assert "cannot be written" in refused("serve", "--data", tmp_path / ("n" * 300))[1]
    assert "cannot be written" in refused("restore", "--from", file, "--data", tmp_path / ("n" * 300))[1]
    assert "not a folder" in refused("import-from", "--data", file, "--endpoint-url", "http://127.0.0.1:9")[1]
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("name", ["admin-token", "signing-secret", "version", "lock", "objects", "siderostat.db"])
@pytest.mark.parametrize("kind", ["folder", "empty"])
def test_whatever_stands_in_a_files_place_is_one_line(tmp_path, name, kind):
    data = tmp_path / "data"
    os.close(folder.take(data).lock)
    shutil.rmtree(data / name) if name == "objects" else (data / name).unlink(missing_ok=True)
    if kind == "folder" and name != "objects":
        (data / name).mkdir()
    else:
        (data / name).write_text("")
    if (name, kind) == ("lock", "empty"):
        return  # as at the first start
    status, said = refused("serve", "--data", data, "--port", free_port())
    assert (status, str(data) in said) == (1, True), said


def test_a_token_that_no_header_can_carry_is_refused(tmp_path):
    for token in ("two words", "a\nb", "\u00fc"):
        status, said = refused("serve", "--data", tmp_path / "data", SIDEROSTAT_ADMIN_TOKEN=token)
        assert (status, "token" in said) == (2, True)
    assert not (tmp_path / "data" / "admin-token").exists()


def test_a_damaged_database_and_one_of_a_newer_version_are_refused(tmp_path, port):
    data = tmp_path / "data"
    os.close(folder.take(data).lock)
    database = data / "siderostat.db"
    whole = database.read_bytes()
    for damaged in (whole[: len(whole) // 2], b"\x55" * len(whole), whole[:4096] + b"\x55" * (len(whole) - 4096), b""):
        database.write_bytes(damaged)
        status, said = refused("serve", "--data", data, "--port", port)
        assert (status, "damaged" in said) == (1, True), said
    database.unlink()
    assert "damaged" in refused("serve", "--data", data, "--port", port)[1]
    database.write_bytes(whole)
    (data / "version").write_text("999\n")
    status, said = refused("serve", "--data", data, "--port", port)
    assert (status, bool(re.search("newer version", said))) == (1, True)
    assert database.read_bytes() == whole
