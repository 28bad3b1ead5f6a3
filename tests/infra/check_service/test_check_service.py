"""The command that plays the portal, run on services that do it right and on services that do not."""

import base64
import io
import json
import os
import subprocess
import sys
import threading
import time
from contextlib import redirect_stderr, redirect_stdout
from xml.etree import ElementTree as ET

import joblib
import pytest
import requests

from infra.check_service.__main__ import main
from tests.infra.serve import ROOT
from tests.support.netcdf import netcdf_file
from tests.support.stub_server import QuietHandler, StubServer

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(40)
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(40)).decode()


GOOD = {
    "status": "success",
    "message": "fitted",
    "analysis": {
        "results": {"format": "json", "data": {"a": 1}},
        "plots": [{"format": "png", "data": PNG}],
        "inference_data": {"format": "netcdf4", "data": base64.b64encode(netcdf_file()).decode()},
    },
}


class Service(StubServer):
    """Posts `result` from a thread; attributes say in what it fails, `slow` how many seconds its first answer takes."""

    def __init__(
        self, result=GOOD, *, again=True, quiet_when="never", status=200, posts=1, location=None, slow=0.0, follows=True
    ):
        self.result, self.again, self.quiet_when = result, again, quiet_when
        self.status, self.posts, self.location, self.slow = status, posts, location, slow
        self.follows = follows
        super().__init__(_Handler)

    @property
    def address(self):
        return f"{self.url}/analysis"

    def work(self, document):
        for _ in range(self.posts):
            for _ in range(3):
                answer = requests.post(
                    document["callback_url"], json=self.result, timeout=10, allow_redirects=self.follows
                )
                if answer.status_code < 500 or not self.again:
                    break
                time.sleep(0.1)


class _Handler(QuietHandler):
    def do_GET(self):
        self._send(200)

    def do_POST(self):
        server = self.server
        try:
            document = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        except ValueError:
            self._send(400)
            return
        quiet = {
            "never": False,
            "missing": document["inputs"]["photometry"].count("\n") == 1,
            "unknown": "no_such_parameter" in document["inputs"]["analysis_parameters"],
            "always": True,
        }[server.quiet_when]
        time.sleep(server.slow)
        server.slow = 0.0
        if not quiet and server.status == 200:
            threading.Thread(target=server.work, args=(document,), daemon=True).start()
        self._send(server.status)

    def _send(self, status):
        self.send_response(status)
        if self.server.location and status >= 300:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")


SHORT = "0.2"
"""Seconds to settle, of services that never post again: there is nothing to be seen later."""


def check(url, *arguments, wait="3", settle="0.6"):
    """Do what the command does, without a process; return its status, the verdicts by name, and what it says."""
    out, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(errors):
        status = main([url, "--wait", wait, "--settle", settle, *arguments])
    return status, *_said(out.getvalue(), errors.getvalue())


def check_by_command(url, *arguments):
    """Run the command."""
    command = [sys.executable, "-m", "infra.check_service", url, "--wait", "3", "--settle", "0.6", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=110)
    return done.returncode, *_said(done.stdout, done.stderr)


def _said(out, errors):
    assert errors == ""
    rows = [line for line in out.splitlines() if line[:8].strip() in {"ok", "warning", "WRONG", "skipped"}]
    return {line[9:29].strip(): line[:8].strip() for line in rows}, out


def with_analysis(**products):
    return {**GOOD, "analysis": {**GOOD["analysis"], **products}}


def test_where_nobody_listens_it_asks_whether_the_service_is_started():
    status, verdicts, out = check_by_command("http://127.0.0.1:9/analysis")
    assert (status, verdicts["answer"]) == (1, "WRONG")
    assert "is it started" in " ".join(out.split())


def test_a_good_service_passes_everything_and_the_findings_are_junit(tmp_path):
    with Service() as service:
        junit = str(tmp_path / "new" / "found.xml")
        status, verdicts, out = check_by_command(service.address, "--junit", junit, "--strict")
    assert (status, set(verdicts.values())) == (0, {"ok"}), out
    suite = ET.parse(tmp_path / "new" / "found.xml").getroot()
    assert (suite.tag, suite.get("failures"), suite.get("tests")) == ("testsuite", "0", str(len(verdicts)))
    assert {case.get("name") for case in suite} == set(verdicts)


@pytest.mark.parametrize(
    ("result", "name"),
    [
        ({"message": "no status", "analysis": {}}, "status"),
        ([1, 2], "document"),
        (with_analysis(results={"format": "joblib", "data": "not base64!"}), "results"),
        (with_analysis(plots=[{"format": "png", "data": base64.b64encode(b"no image").decode()}]), "plots"),
        (with_analysis(plots=[{"format": "svg+xml", "data": PNG}]), "plots"),
        (with_analysis(plots=[{"data": PNG}, {"data": base64.b64encode(JPEG).decode()}]), "plots"),
        (with_analysis(plots={"a": 1}), "shape"),
        (
            with_analysis(inference_data={"format": "netcdf4", "data": base64.b64encode(b"no file").decode()}),
            "posterior group",
        ),
        ({**GOOD, "analysis": {"results": "x" * 4_600_000}}, "callback"),
    ],
)
def test_what_a_portal_cannot_read_is_wrong(result, name):
    with Service(result) as service:
        status, verdicts, out = check(service.address)
    assert (status, verdicts[name]) == (1, "WRONG"), out


@pytest.mark.parametrize(
    ("faults", "name"),
    [
        ({"status": 500}, "answer"),
        ({"status": 302, "location": "/elsewhere"}, "answer"),
        ({"quiet_when": "always"}, "callback"),
        ({"quiet_when": "missing"}, "missing data"),
        ({"quiet_when": "unknown"}, "unknown parameters"),
        ({"posts": 2}, "second post"),
        ({"slow": 5.5}, "answer time"),
        ({"follows": False}, "callback redirected"),
    ],
)
def test_what_loses_a_run_is_wrong(faults, name):
    with Service(**faults) as service:
        status, verdicts, out = check(service.address)
    assert (status, verdicts[name]) == (1, "WRONG"), out


def test_what_works_and_will_not_always_is_a_warning():
    with Service(again=False) as service:
        status, verdicts, out = check(service.address, settle=SHORT)
        assert (status, verdicts["callback 503"]) == (0, "warning"), out


class _Running:
    def __reduce__(self):
        return os.system, ("touch /nonexistent/never",)


@pytest.mark.parametrize("value", [_Running(), {"deep": [_Running()]}])
def test_a_pickle_that_would_run_something_is_wrong_and_names_it(value):
    stream = io.BytesIO()
    joblib.dump(value, stream, compress=3)
    results = {"format": "joblib", "data": base64.b64encode(stream.getvalue()).decode()}
    with Service(with_analysis(results=results)) as service:
        status, verdicts, out = check(service.address)
    assert (status, verdicts["results"]) == (1, "WRONG"), out
    assert "posix.system" in out


def test_a_service_that_is_not_there_is_wrong_and_named():
    status, verdicts, out = check("http://127.0.0.1:9/analysis")
    assert (status, verdicts["answer"]) == (1, "WRONG")
    assert "127.0.0.1:9" in out


def test_wrong_findings_are_failures_in_junit(tmp_path):
    with Service({"analysis": {}}) as service:
        check(service.address, "--junit", str(tmp_path / "found.xml"))
    suite = ET.parse(tmp_path / "found.xml").getroot()
    [failure] = suite.findall("testcase[@name='status']/failure")
    assert "status" in failure.get("message")
    assert int(suite.get("failures")) == len(suite.findall("testcase/failure")) > 0
