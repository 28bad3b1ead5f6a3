"""What takes long to make and no test changes, made once for all processes of a run."""

import fcntl
import os
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

MadeT = TypeVar("MadeT")


@contextmanager
def folder_of_run(temporary: pytest.TempPathFactory, name: str) -> Iterator[Path]:
    """Give a folder that all processes of this run share, to one of them at a time."""
    run = temporary.getbasetemp()
    folder = (run.parent if "PYTEST_XDIST_WORKER" in os.environ else run) / name
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def once(temporary: pytest.TempPathFactory, name: str, make: Callable[[], MadeT]) -> MadeT:
    """Return what `make` returns in the process that needs it first: a copy in every other one."""
    with folder_of_run(temporary, name) as folder:
        made = folder / "made"
        if not made.exists():
            half = folder / "half"
            half.write_bytes(pickle.dumps(make()))
            half.rename(made)
        content: MadeT = pickle.loads(made.read_bytes())
        return content
