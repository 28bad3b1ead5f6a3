"""`python -m infra.local serve` as a process, and what can be seen of processes from outside."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Serve:
    """Starts on construction, with nothing of the tests' own settings."""

    def __init__(self, log, *arguments, aws=None):
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("SIDEROSTAT_", "AWS_"))}
        environment = inherited | ({} if aws is None else {"AWS_ENDPOINT_URL": aws})
        self.process = subprocess.Popen(
            [sys.executable, "-m", "infra.local", "serve", "--port", "0", "--log", str(log), *arguments],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines = []

    def wait_until_ready(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if line.startswith("ready "):
                self.url = line.split()[1]
                return self
        raise AssertionError(self.process.stderr.read())

    def descendants(self):
        """Command lines, by process id, of all that it started and that those started."""
        running = processes()
        found = {self.process.pid}
        while more := {pid for pid, (parent, _) in running.items() if parent in found} - found:
            found |= more
        return {pid: running[pid][1] for pid in found - {self.process.pid}}

    def child(self, module):
        [pid] = [pid for pid, command in self.descendants().items() if module in command]
        return pid

    def end(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        self.process.wait(timeout=10)
        self.process.stdout.close()
        self.process.stderr.close()


def processes():
    """Parent and command line of every process that runs, by its id."""
    listing = subprocess.run(["ps", "-eo", "pid=,ppid=,stat=,command="], capture_output=True, text=True, check=True)
    rows = [line.split(None, 3) for line in listing.stdout.splitlines()]
    return {int(row[0]): (int(row[1]), row[3]) for row in rows if not row[2].startswith("Z")}


def alive(pids):
    return sorted(set(pids) & set(processes()))


def gone_within(pids, seconds):
    deadline = time.monotonic() + seconds
    while alive(pids) and time.monotonic() < deadline:
        time.sleep(0.1)
    return alive(pids) == []
