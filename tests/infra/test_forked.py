"""Processes that are forked from one that has imported what they need."""

import json
import os
import signal
import subprocess
import sys

import pytest

from infra.local.processes.child import ROOT

MODULE = "tests.infra.forked_module"

BEGIN = f"""
import json, os, signal, socket, subprocess, sys, threading, time
from pathlib import Path
from infra.local.processes import child, forked
from infra.local.processes.forked import Forked

errors, listening, other = open(sys.argv[1], "w+"), socket.create_server(("127.0.0.1", 0)), open(os.devnull)

def stop(*_):
    raise RuntimeError("only here")

for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, stop)

def fork(*arguments):
    return Forked({MODULE!r}, arguments, Path(sys.argv[1]).parent, errors.fileno(), [listening.fileno()])
"""


@pytest.fixture
def script(tmp_path):
    """Run a script, which may `fork`, in a process with one thread; return what it prints as JSON."""

    def run(text):
        done = subprocess.run(
            [sys.executable, "-c", BEGIN + text, str(tmp_path / "errors")],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.stderr == ""
        return json.loads(done.stdout)

    return run


def test_it_is_as_one_that_was_executed(script, tmp_path):
    told = script("""
sys.stdout.write(" ")  # is written once
process = fork("tell", "é", "2")
process.stdin.write(b"go\\n")
process.stdin.flush()
said = json.loads(process.stdout.read())
print(json.dumps([said, process.pid, listening.fileno(), process.wait(), process.poll()]))
""")
    said, pid, listening, *statuses = told

    assert said["heard"] == "go\n"
    assert said["arguments"] == ["tell", "é", "2"]
    assert said["argv"] == [MODULE, "tell", "é", "2"]
    assert said["pid"] == said["session"] == pid
    assert said["folder"] == str(tmp_path)
    assert {0, 1, 2, listening} <= set(said["open"])
    assert len(said["open"]) == 5  # and the one by which they are listed
    assert said["signals"] == [True, True]
    assert said["blocked"] == []
    assert said["threads"] == 1
    assert said["line"] == ["siderostat.forked_module", "tell", "é", "2"]
    assert statuses == [0, 0]
    assert (tmp_path / "errors").read_text() == "what a library prints\n"


@pytest.mark.parametrize(
    ("arguments", "status", "written"),
    [(["raise"], 1, "ValueError: on purpose\n"), (["exit", "3"], 3, ""), (["exit", "0"], 0, "")],
)
def test_how_it_ended_is_told(script, tmp_path, arguments, status, written):
    assert script(f"process = fork(*{arguments!r})\nprint(json.dumps([process.wait(10), process.poll()]))") == [
        status,
        status,
    ]
    text = (tmp_path / "errors").read_text()
    assert text.endswith(written)
    assert bool(text) == bool(written)


def test_it_is_waited_for_as_long_as_is_said(script):
    assert script("""
process = fork("wait")
assert process.stdout.readline() == b"waits\\n"
try:
    process.wait(0.05)
except subprocess.TimeoutExpired as error:
    late = error.timeout
running = process.poll()
os.kill(process.pid, signal.SIGKILL)
print(json.dumps([late, running, process.wait(10)]))
""") == [0.05, None, -signal.SIGKILL]


def test_it_ends_though_nobody_reads_what_it_writes(script):
    assert script("""
process = fork("write at the end")
process.stdout.close()
process.stdin.close()
print(json.dumps(process.wait(10)))
""") in {0, 1}


def test_where_there_are_threads_a_program_is_executed(script):
    told = script(f"""
program = child.Program("tested", child.module({MODULE!r}, "tell"), is_forked=True)
alone = child.begin(program, errors.fileno())
threading.Thread(target=time.sleep, args=(5,), daemon=True).start()
among = child.begin(program, errors.fileno())
said = []
for process in (alone, among):
    process.stdin.close()
    said.append([type(process).__name__, json.loads(process.stdout.read())["line"], process.wait()])
print(json.dumps(said))
""")

    assert told == [
        ["Forked", ["siderostat.forked_module", "tell"], 0],
        ["Popen", [sys.executable, "-m", MODULE, "tell"], 0],
    ]


def test_where_ended_children_are_forgotten_its_end_is_noticed_all_the_same(script):
    assert script("""
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
process = fork("exit", "3")
print(json.dumps([process.wait(10), process.poll()]))
""") == [0, 0]


def test_an_argument_may_be_the_name_of_a_file_that_is_no_text(script):
    told = script(r"""
process = fork("tell", os.fsdecode(b"data\xff"))
process.stdin.close()
print(json.dumps(json.loads(process.stdout.read())["arguments"]))
""")

    assert told == ["tell", os.fsdecode(b"data\xff")]


def test_it_never_goes_on_as_its_parent(script):
    told = script("""
sys.stdout.flush()
sys.stdout, sys.stderr, output = None, errors, sys.stdout
forked.os.chdir = None
process = fork("tell")
print(json.dumps(process.wait(10)), file=output)
""")

    assert told == 1


def test_what_is_started_again_is_executed_though_no_thread_is_left(script):
    told = script(f"""
from infra.local.processes.supervisor import Demonstrated, Supervisor

begun = []
begin = child.begin

def remember(program, errors):
    begun.append(begin(program, errors))
    if len(begun) == 2:
        supervisor.events.put(Demonstrated(None))
    return begun[-1]

child.begin = remember
sys.stderr = open(os.devnull, "w")
with Supervisor(Path(sys.argv[1])) as supervisor:
    one = supervisor.start(child.Program("tested", child.module({MODULE!r}, "wait"), is_forked=True))
    one.go()
    os.kill(begun[0].pid, signal.SIGKILL)
    supervisor.watch()
print(json.dumps([type(process).__name__ for process in begun]))
""")

    assert told == ["Forked", "Popen"]
