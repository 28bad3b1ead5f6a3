"""Starts the supernova fitter as its users do, and receives what it posts."""

import json
import queue
import socket
import subprocess
import threading
import time
from collections import defaultdict
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from tests.support.processes import children
from tests.support.stub_server import QuietHandler, TolerantServer

FITTER = Path(__file__).parents[2] / "examples" / "sn_fitter"
PYTHON = FITTER / ".venv" / "bin" / "python"
COLUMNS = "mjd,flux,fluxerr,mag,magerr,filter,magsys,limiting_mag,zp,instrument_name,predicted_mag"
QUICK = {"nsamples": 20, "nburn": 20, "seed": 7}


@dataclass(frozen=True)
class Service:
    """A running fitter and the file that it logs to."""

    process: subprocess.Popen
    url: str
    log: Path

    def post(self, callback_url, inputs, object_id="19dwz"):
        document = {
            "callback_url": callback_url,
            "inputs": inputs,
            "callback_method": "POST",
            "invalid_after": "2036-11-22 10:31:07.000000",
            "analysis_resource_type": "obj",
            "resource_id": object_id,
            "analysis_parameters": {},
        }
        return requests.post(f"{self.url}/analysis", json=document, timeout=10)

    def children(self):
        return list(children(self.process.pid))

    def wait_for_log(self, text, count=1):
        wait_for(lambda: self.log.read_text().count(text) >= count, f"{text!r} in the log")


def wait_for(condition, what, seconds=40):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        time.sleep(0.05)


class Callbacks(TolerantServer):
    """Receives posts; `answers` holds the statuses to give first, before 200."""

    def __init__(self, bound=None):
        super().__init__(("127.0.0.1", 0), _Receiver, bind_and_activate=bound is None)
        if bound is not None:
            self.socket.close()
            self.socket = bound
            self.server_address = bound.getsockname()
        self.answers = []
        self.received = defaultdict(queue.SimpleQueue)

    def url(self, path="/token-1"):
        return f"http://127.0.0.1:{self.server_address[1]}{path}"

    def wait(self, path="/token-1"):
        return self.received[path].get(timeout=40)


class _Receiver(QuietHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status = self.server.answers.pop(0) if self.server.answers else 200
        self.server.received[self.path].put(body)
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()


@contextmanager
def serving(server):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def fitter_python():
    """The interpreter of the fitter's own environment."""
    if not PYTHON.exists():
        pytest.fail("The fitter's environment is missing: run `make test`, which installs it.")
    return PYTHON


@pytest.fixture(scope="session")
def launch(fitter_python, tmp_path_factory):
    """A context manager that starts a fitter with the given arguments and ends it."""

    @contextmanager
    def start(*arguments, **popen_arguments):
        log = tmp_path_factory.mktemp("fitter") / "log.txt"
        with log.open("w") as stderr:
            command = [fitter_python, FITTER / "service.py", "--port", "0", *arguments]
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True, **popen_arguments)
        with process:
            try:
                ready = process.stdout.readline()
                assert ready.startswith("ready http://127.0.0.1:"), log.read_text()
                yield Service(process, ready.removeprefix("ready ").strip(), log)
            finally:
                process.kill()

    return start


@pytest.fixture(scope="session")
def wait_until():
    """Wait until a condition holds, or fail."""
    return wait_for


@pytest.fixture(scope="session")
def service(launch):
    """A fitter that all tests share."""
    with launch() as service:
        yield service


@pytest.fixture
def callbacks():
    """The receiver of results."""
    with serving(Callbacks()) as server:
        yield server


@pytest.fixture
def late_callbacks():
    """A receiver whose port refuses connections until the function beside its URL is called."""
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    server = Callbacks(bound)
    with ExitStack() as stack:

        def open_it():
            server.server_activate()
            return stack.enter_context(serving(server))

        yield server.url(), open_it
    server.server_close()


@pytest.fixture(scope="session")
def demo(fitter_python):
    """What demo_data.py prints, by object."""

    def run(object_id):
        command = [fitter_python, FITTER / "demo_data.py", object_id]
        return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)

    return run


@pytest.fixture(scope="session")
def inputs(demo):
    """A function that builds what Siderostat sends for 19dwz; arguments replace or, with None, remove an input."""
    supernova = demo("19dwz")
    rows = [
        f"{mjd!r},{flux!r},{fluxerr!r},,,{band},ab,,23.9,{block['instrument']},"
        for block in supernova["photometry"]
        for mjd, flux, fluxerr, band in zip(
            *(block["data"][column] for column in ("mjd", "flux", "fluxerr", "filter")), strict=True
        )
    ]
    limit = "58570.5,,12.0,,,atlaso,ab,19.5,23.9,ATLAS,"

    def build(*, extra_rows=(), **changes):
        everything = {
            "photometry": "\n".join([COLUMNS, *rows, limit, *extra_rows, ""]),
            "redshift": f"redshift,redshift_error,redshift_origin\n{supernova['redshift']!r},,SNIFS\n",
            "analysis_parameters": QUICK,
        } | changes
        return {name: value for name, value in everything.items() if value is not None}

    return build


@pytest.fixture(scope="session")
def document(service, inputs):
    """What the fitter posts for 19dwz."""
    with serving(Callbacks()) as server:
        service.post(server.url(), inputs(analysis_parameters={"nsamples": 60, "nburn": 60, "seed": 1}))
        return server.wait()
