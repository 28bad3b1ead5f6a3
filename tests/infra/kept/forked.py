"""Processes of the embedded AWS, forked from one template in each worker of pytest."""

import atexit
import functools
import itertools
import json
import os
import signal
import socket
import subprocess
import sys

from tests.infra.kept.aws_template import MESSAGE, MODULE
from tests.infra.serve import ROOT

_NUMBERS = itertools.count()


class Forked:
    """Starts on construction; to be used like a `subprocess.Popen` with three pipes, by one thread at a time.

    `descriptors` are the listening socket, and the folder's lock if there is one.
    """

    def __init__(self, descriptors, arguments, environment):
        self.returncode = None
        (stdin, into), (out, stdout), (error, stderr) = os.pipe(), os.pipe(), os.pipe()
        self.stdin, self.stdout, self.stderr = os.fdopen(into, "wb"), os.fdopen(out, "rb"), os.fdopen(error, "rb")
        message = {"arguments": arguments, "environment": environment}
        self.pid = _ask(message, [stdin, stdout, stderr, *descriptors])
        for end in (stdin, stdout, stderr):
            os.close(end)

    def kill(self):
        """Kill it if it has not been waited for: until then the number is its own."""
        if self.returncode is None:
            os.kill(self.pid, signal.SIGKILL)

    def wait(self, timeout):
        """Return the exit code, or minus the signal that ended it."""
        if self.returncode is None:
            self.returncode = _ask({"ended": self.pid}, timeout=timeout)
        return self.returncode


def _ask(message, descriptors=(), timeout=None):
    """Return the answer to this message; one that nobody waited for may come before it."""
    channel, number = _template(), next(_NUMBERS)
    channel.settimeout(timeout)
    socket.send_fds(channel, [json.dumps([number, message]).encode()], descriptors)
    while (answer := json.loads(channel.recv(MESSAGE)))[0] != number:
        pass
    return answer[1]


@functools.cache
def _template():
    """Return the channel of a template that runs until this process ends."""
    channel, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, "-m", MODULE, str(other.fileno())]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, pass_fds=[other.fileno()])
    other.close()

    def end():
        channel.close()
        process.terminate()
        process.wait()

    atexit.register(end)
    return channel
