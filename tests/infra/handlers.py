"""What the products function is made to run in these tests."""

import os
import resource
import sys
import time


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
        "large": lambda: "x" * 7_000_000,
        "too much memory": lambda: len(bytearray(3 << 30)),
    }[event["do"]]()
