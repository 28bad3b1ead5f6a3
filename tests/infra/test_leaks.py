"""A run that passes prints nothing but its summary: what else comes out fails a test; run here over small suites."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INI = """
[pytest]
addopts = -q -p no:cacheprovider
filterwarnings = error
"""
CONFTEST = 'pytest_plugins = ["tests.support.leaks"]\n'
WORKERS = pytest.mark.parametrize("workers", ["0", "1"])


@pytest.fixture
def run(tmp_path):
    """Run a suite of this text; return its exit status and its output."""
    (tmp_path / "pytest.ini").write_text(INI)
    (tmp_path / "conftest.py").write_text(CONFTEST)

    def run(text, workers="0", *options):
        (tmp_path / "test_suite.py").write_text(text)
        ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "xdist", "-n", workers, *options],
            cwd=tmp_path,
            env={**ours, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            capture_output=True,
            text=True,
            timeout=110,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    return run


LEAK = """
import os, pytest

def test_first(request):
    # as a thread does between two tests
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        {statement}

def test_second():
    pass
"""
STATEMENTS = {
    "print": "import sys; print('leaked', file=sys.stderr)",
    "descriptor": "os.write(2, b'leaked')",
    "log": "import logging; logging.lastResort.handle(logging.makeLogRecord({'msg': 'leaked'}))",
    "process": "import subprocess; subprocess.run(['sh', '-c', 'echo leaked >&2'], check=True)",
}


@pytest.mark.parametrize(("statement", "workers"), [*((name, "1") for name in STATEMENTS), ("print", "0")])
def test_what_is_written_past_the_capture_fails_the_test(run, statement, workers):
    status, output = run(LEAK.format(statement=STATEMENTS[statement]), workers)

    assert status == 1, output
    assert "ERROR test_suite.py::test_first" in output
    assert "Output leaked past the capture:" in output
    assert "2 passed, 1 error" in output


SERVER = """
import socket, threading
from socketserver import BaseRequestHandler, ThreadingTCPServer

class Handler(BaseRequestHandler):
    def handle(self):
        raise {exception}("leaked")

def test_server():
    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = False
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        with socket.create_connection(server.server_address) as connection:
            assert connection.recv(1) == b""
        server.shutdown()
        thread.join()
"""


@pytest.mark.parametrize(("exception", "workers"), [("ValueError", "1"), ("BrokenPipeError", "0")])
def test_the_traceback_of_a_server_fails_the_test(run, exception, workers):
    status, output = run(SERVER.format(exception=exception), workers)

    assert status == 1, output
    assert "ERROR test_suite.py::test_server" in output
    assert f"{exception}: leaked" in output


STUB = """
import socket, struct, threading
from tests.support.stub_server import QuietHandler, StubServer

hung_up = threading.Event()

class Handler(QuietHandler):
    def do_GET(self):
        assert hung_up.wait(10)
        for _ in range(100):
            self.wfile.write(bytes(100_000))

def test_client():
    with StubServer(Handler) as server:
        connection = socket.create_connection(server.server_address)
        connection.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        hung_up.set()
"""


def test_a_client_that_hangs_up_is_no_failure_of_a_stub(run):
    status, output = run(STUB)

    assert status == 0, output
    assert "Exception" not in output
    assert output.count("\n") == 2, output


UNCAUGHT = {
    "PytestUnhandledThreadExceptionWarning": """
import threading

def test_thread():
    thread = threading.Thread(target=lambda: int("leaked"))
    thread.start()
    thread.join()
""",
    "PytestUnraisableExceptionWarning": """
class Bad:
    def __del__(self):
        raise ValueError("leaked")

def test_destructor():
    Bad()
""",
    "UserWarning": """
import warnings

def test_warning():
    warnings.warn("leaked")
""",
}


@pytest.mark.parametrize("kind", UNCAUGHT)
def test_what_nobody_catches_fails_the_test(run, kind):
    status, output = run(UNCAUGHT[kind])

    assert status == 1, output
    assert kind in output


EXIT = """
import os, pytest

@pytest.hookimpl(trylast=True)
def pytest_sessionfinish():
    os.write(2, b"leaked at the end")

"""


@WORKERS
def test_what_leaks_after_the_last_test_fails_the_run(run, tmp_path, workers):
    (tmp_path / "conftest.py").write_text(CONFTEST + EXIT)
    status, output = run("def test_nothing():\n    pass\n", workers)

    assert status == 1, output
    assert "output leaked after the last test" in output
    assert "leaked at the end" in output


@WORKERS
def test_a_run_that_passes_prints_its_summary_alone(run, workers):
    text = "import sys\n\ndef test_noise():\n    print('captured')\n    print('captured', file=sys.stderr)\n"
    status, output = run(text, workers)

    assert status == 0, output
    assert "captured" not in output
