"""What the processes of a local stack use: CPU and memory, from outside."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

_AWS = "run_aws"
_KIB = 1024


@dataclass(frozen=True)
class Use:
    """Seconds of CPU of our own processes, and of the embedded AWS."""

    own: float
    aws: float

    def since(self, before: "Use", runs: int) -> "Use":
        """Return milliseconds for each run."""
        return Use(1000 * (self.own - before.own) / runs, 1000 * (self.aws - before.aws) / runs)


def use_of(pid: int) -> Use:
    """Return what a stack has used so far."""
    seconds = {True: 0.0, False: 0.0}
    for process in _processes(pid):
        times = process.cpu_times()
        seconds[_is_aws(process)] += times.user + times.system
    return Use(own=seconds[False], aws=seconds[True])


def memory_of(pid: int) -> int:
    """Return the bytes that a stack takes, each shared page divided among those that share it (PSS)."""
    return sum(_pss(process.pid) for process in _processes(pid))


def endpoint_of(pid: int) -> str:
    """Return where the embedded AWS of a stack is reached."""
    named = (one.environ().get("AWS_ENDPOINT_URL") for one in _processes(pid))  # what was forked shows its parent's
    return next(filter(None, named))


def _processes(pid: int) -> Iterator[psutil.Process]:
    stack = psutil.Process(pid)
    yield stack
    yield from stack.children(recursive=True)


def _is_aws(process: psutil.Process) -> bool:
    return any(word.endswith(_AWS) for word in process.cmdline())


def _pss(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) * _KIB for line in lines if line.startswith("Pss:"))
