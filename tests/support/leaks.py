"""A plugin of pytest: a test fails if it, or what it left running, wrote past the capture of its output.

pytest captures what is written while a test runs. What a thread or a process writes between two tests would stand among
the dots of a run that passes, and a server's traceback would be seen by nobody if it came in time. Here both fail the
test in which, or before which, they were noticed; the exceptions of threads and destructors do so by themselves, being
warnings.
"""

import os
import socketserver
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

_STDERR = 2
_LEAKS: pytest.StashKey["Leaks"] = pytest.StashKey()
_LATE: pytest.StashKey[list[str]] = pytest.StashKey()


class Leaks:
    """Takes the place of standard error while nothing is captured; standard output is pytest's own then."""

    def __init__(self, config: pytest.Config) -> None:
        self._capture = config.pluginmanager.getplugin("capturemanager")
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed by `stop`
        self._original = os.dup(_STDERR)
        self._errors: list[str] = []
        self._seen = 0
        self._handle_error = socketserver.BaseServer.handle_error
        with self._uncaptured():
            os.dup2(self._file.fileno(), _STDERR)
        socketserver.BaseServer.handle_error = lambda server, _request, client: self._note_error(server, client)

    def stop(self) -> None:
        """Put everything back."""
        socketserver.BaseServer.handle_error = self._handle_error
        with self._uncaptured():
            os.dup2(self._original, _STDERR)
        os.close(self._original)
        self._file.close()

    def taken(self) -> list[str]:
        """Return what has leaked since this was called last."""
        written = os.pread(self._file.fileno(), 1 << 20, self._seen)
        self._seen += len(written)
        errors, self._errors = self._errors, []
        return [*errors, written.decode(errors="replace")] if written else errors

    @contextmanager
    def _uncaptured(self) -> Iterator[None]:
        """Let pytest begin its capture anew, for it remembers where output went before."""
        self._capture.stop_global_capturing()
        yield
        self._capture.start_global_capturing()
        self._capture.suspend_global_capture()

    def _note_error(self, server: socketserver.BaseServer, client: object) -> None:
        self._errors.append(f"{type(server).__name__}, serving {client}:\n{traceback.format_exc()}")


@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    """Begin where tests run, after faulthandler has taken the true standard error."""
    config.stash[_LATE] = []
    is_worker = hasattr(config, "workerinput")
    is_controller = not is_worker and config.getoption("dist", "no") != "no"
    if config.getoption("capture") == "fd" and not is_controller:
        config.stash[_LEAKS] = Leaks(config)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item):
    """Judge a test when all that it used is gone."""
    result = yield
    leaks = item.config.stash.get(_LEAKS, None)
    if leaks is not None and (found := leaks.taken()):
        pytest.fail("Output leaked past the capture:\n" + "\n".join(found), pytrace=False)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session):
    """Fail the run for what leaked after its last test; a worker tells the controller."""
    result = yield
    config = session.config
    leaks = config.stash.get(_LEAKS, None)
    if leaks is not None:
        config.stash[_LATE] += leaks.taken()
        leaks.stop()
        del config.stash[_LEAKS]
    if hasattr(config, "workeroutput"):
        config.workeroutput["leaks"] = config.stash[_LATE]
    elif config.stash[_LATE] and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    return result


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """Collect what leaked in a worker after its last test."""
    node.config.stash[_LATE] += getattr(node, "workeroutput", {}).get("leaks", [])


def pytest_terminal_summary(terminalreporter, config):
    """Show what leaked after the last test."""
    if config.stash[_LATE]:
        terminalreporter.section("output leaked after the last test", red=True, bold=True)
        for text in config.stash[_LATE]:
            terminalreporter.line(text)
