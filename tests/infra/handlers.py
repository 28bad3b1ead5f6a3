"""What the products function is made to run in these tests."""

import importlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def _large_file():
    """Claim more in one file than Lambda has in /tmp."""
    with tempfile.TemporaryFile() as file:
        return file.truncate((2048 << 20) + 1)


def handle(event, _context):
    """Do what the event names."""
    return {
        "echo": lambda: event,
        "pid": os.getpid,
        "import": lambda: importlib.import_module(event["name"]).__name__,
        "child": lambda: subprocess.Popen(["/bin/sleep", "60"]).pid,
        "environment": lambda: dict(os.environ),
        "memory": lambda: resource.getrlimit(resource.RLIMIT_AS)[0],
        "raise": lambda: int("no number"),
        "exit": lambda: os._exit(3),
        "sleep": lambda: time.sleep(60),
        "write later": lambda: time.sleep(1) or Path(event["path"]).touch(),
        "nap": lambda: time.sleep(event["seconds"]) or os.getpid(),
        "print": lambda: sys.stdout.write("chatter\n") and None,
        "large file": _large_file,
        "large": lambda: "x" * 7_000_000,
        "too much memory": lambda: len(bytearray(3 << 30)),
    }[event["do"]]()


def name_foreign_object(_event, _context):
    """Answer as a parser could that was taken over by what it read."""
    return _answer(key="products/1/document.json.gz")


def answer_nonsense(_event, _context):
    """Answer with a header's end in a content type."""
    return _answer(key=None, content_type="text/html\r\nSet-Cookie: a=b")


def _answer(**changes):
    row = {"name": "results", "key": None, "content_type": "application/json", "size": 2, "error": None}
    return {"products": [row | changes], "summary": None}


def die(_event, _context):
    """End as a parser does that was led into a wild pointer."""
    os.abort()


def die_of_the_corner(event, context):
    """Decode everything, and end as a plot does that takes all of the memory."""
    from chalicelib.products.handler import handler

    if "corner" in event["wanted"]:
        os.abort()
    return handler(event, context)


def die_of_many_parameters(event, context):
    """End as a process does for which some parameters are too many."""
    from chalicelib.products.handler import handler

    if event["corner"]["most"] > 12:
        os.abort()
    return handler(event, context)


def overrun(_event, _context):
    """Never come to an end."""
    time.sleep(60)
