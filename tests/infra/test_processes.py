import os
import subprocess
import sys

import pytest

from tests.support.processes import alive, children, descendants, gone_within

LONG = "a word with spaces " * 400


@pytest.fixture
def parent():
    """A process with a child, both with longer command lines than a terminal is wide."""
    sleep = "import sys; sys.stdin.read()"
    begin = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {sleep!r}, *sys.argv[1:]], check=False)"
    with subprocess.Popen([sys.executable, "-c", begin, LONG, "end"], stdin=subprocess.PIPE) as running:
        yield running
        running.kill()


def test_command_lines_are_seen_whole(parent):
    while not (found := children(parent.pid)) or not all(found.values()):
        assert parent.poll() is None
    [(child, words)] = found.items()

    assert words[-2:] == [LONG, "end"]
    assert descendants(os.getpid())[child][-1] == "end"
    assert alive([parent.pid, child]) == sorted([parent.pid, child])


def test_what_has_ended_runs_no_more(parent):
    while not (found := children(parent.pid)):
        assert parent.poll() is None
    parent.stdin.close()
    parent.kill()

    assert gone_within([parent.pid, *found], 5)  # though nobody has waited for it yet
