"""What the products function is made to run in these tests."""

import os
import resource
import sys
import tempfile
import time


def _large_file():
    """Claim more in one file than Lambda has in /tmp."""
    with tempfile.TemporaryFile() as file:
        return file.truncate((512 << 20) + 1)


def handle(event, _context):
    """Do what the event names."""
    return {
        "echo": lambda: event,
        "pid": os.getpid,
        "environment": lambda: dict(os.environ),
        "memory": lambda: resource.getrlimit(resource.RLIMIT_AS)[0],
        "raise": lambda: int("no number"),
        "exit": lambda: os._exit(3),
        "sleep": lambda: time.sleep(60),
        "print": lambda: sys.stdout.write("chatter\n") and None,
        "large file": _large_file,
        "large": lambda: "x" * 7_000_000,
        "too much memory": lambda: len(bytearray(3 << 30)),
    }[event["do"]]()


def die(_event, _context):
    """End as a parser does that was led into a wild pointer."""
    os.abort()


def overrun(_event, _context):
    """Never come to an end."""
    time.sleep(60)
