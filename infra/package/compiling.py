"""Compiled modules, where a Python of the runtime's version is at hand; without one the package holds none."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from infra.package.errors import PackagingFailed
from infra.package.runtime import MAGIC_NUMBER, PYTHON, RUNTIME

_SCRIPT = Path(__file__).with_name("compile_modules.py")
_ASK = "import importlib.util; print(importlib.util.MAGIC_NUMBER.hex())"


def compile_modules(folder: Path) -> bool:
    """Compile all modules below a folder; say whether there was a Python to do it.

    Raises
    ------
    PackagingFailed
        That Python failed.
    """
    python = interpreter()
    if python is None:
        return False
    done = subprocess.run(  # noqa: S603 - our own script
        (python, "-I", "-X", "utf8", str(_SCRIPT), str(folder)),
        # the order of names in sets is part of a compiled module
        env={"PATH": os.defpath, "PYTHONHASHSEED": "0"},
        capture_output=True,
        check=False,
        text=True,
    )
    if done.returncode != 0:
        raise PackagingFailed(f"{python} could not compile the modules:\n{done.stderr}")
    return True


def interpreter() -> str | None:
    """Return a Python that compiles for the runtime, or None; not every command of that name is one that runs."""
    return next((python for python in _candidates() if _magic_number(python) == MAGIC_NUMBER), None)


def _candidates() -> Iterator[str]:
    yield sys.executable
    for folder in os.get_exec_path():
        if (found := Path(folder) / RUNTIME).is_file():
            yield str(found)
    for versions in (os.environ.get("PYENV_ROOT"), Path.home() / ".pyenv"):
        if versions:
            yield from map(str, sorted(Path(versions).glob(f"versions/{PYTHON}*/bin/{RUNTIME}")))
    if uv := shutil.which("uv", path=os.pathsep.join((str(Path(sys.executable).parent), *os.get_exec_path()))):
        found_by_uv = _said((uv, "python", "find", "--no-config", "--no-python-downloads", PYTHON))
        if found_by_uv:
            yield found_by_uv


def _magic_number(python: str) -> bytes:
    return bytes.fromhex(_said((python, "-I", "-c", _ASK)))


def _said(command: tuple[str, ...]) -> str:
    """Return what a command printed; nothing if it failed."""
    try:
        done = subprocess.run(command, capture_output=True, check=False, text=True)  # noqa: S603 - our own question
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
