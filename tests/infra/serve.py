"""`python -m infra.local serve` as a process."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.support.processes import descendants

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

    def __enter__(self):
        try:
            return self.wait_until_ready()
        except BaseException:
            self.end()
            raise

    def __exit__(self, *_):
        self.end()

    def descendants(self):
        """Command lines, by process id, of all that it started and that those started."""
        return descendants(self.process.pid)

    def child(self, module):
        """Return the process id of the part of the stack that runs this module."""
        [pid] = [pid for pid, words in self.descendants().items() if any(word.endswith(f".{module}") for word in words)]
        return pid

    def end(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        self.process.wait(timeout=10)
        self.process.stdout.close()
        self.process.stderr.close()
