"""What tests let be forked."""

import json
import os
import signal
import sys
import threading
from pathlib import Path


def run(arguments):
    """Do what the first argument says."""
    match arguments[0]:
        case "tell":
            sys.stderr.write("what a library prints\n")
            heard = sys.stdin.readline()
            json.dump({"heard": heard, "arguments": arguments, "argv": sys.argv, **_state()}, sys.stdout)
        case "raise":
            raise ValueError("on purpose")
        case "exit":
            sys.exit(int(arguments[1]))
        case "wait":
            sys.stdout.write("waits\n")
            sys.stdout.flush()
            sys.stdin.read()
        case "write at the end":
            sys.stdin.read()
            sys.stdout.write("what nobody reads")


def _state():
    return {
        "pid": os.getpid(),
        "session": os.getsid(0),
        "folder": str(Path.cwd()),
        "open": sorted(int(each.name) for each in Path("/proc/self/fd").iterdir()),
        "signals": [signal.getsignal(number) == signal.SIG_DFL for number in (signal.SIGTERM, signal.SIGINT)],
        "blocked": list(signal.pthread_sigmask(signal.SIG_BLOCK, [])),
        "threads": threading.active_count(),
        "line": os.fsdecode(Path("/proc/self/cmdline").read_bytes()).rstrip("\0").split("\0"),
    }


if __name__ == "__main__":
    run(sys.argv[1:])
