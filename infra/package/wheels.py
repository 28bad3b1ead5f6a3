"""Dependencies for the runtime of Lambda, whatever Python builds them."""

import os
import subprocess
import sys
from pathlib import Path

from infra.package.errors import PackagingFailed
from infra.package.runtime import GLIBC, PYTHON, Architecture

_CONSTRAINTS = "constraints.txt"


def install(requirements: Path, folder: Path, architecture: Architecture, root: Path) -> None:
    """Put what a requirements file names, and what that draws in, into a folder.

    By uv, in a tenth of the time, or else by pip: uv does not know each way to packages that pip was told.

    Parameters
    ----------
    requirements : Path
        Below `root`.
    folder : Path
        Made if it is not there.
    architecture : Architecture
        For which the wheels are.
    root : Path
        Holds constraints.txt.

    Raises
    ------
    PackagingFailed
        A package has no wheel for the runtime.
    """
    # relative, for pip takes a path in PIP_CONSTRAINT apart at its spaces
    files = (
        "-r",
        str(requirements.relative_to(root)),
        "-c",
        _CONSTRAINTS,
        f"--target={folder}",
        f"--python-version={PYTHON}",
    )
    uv, python = Path(sys.executable).with_name("uv"), sys.executable
    if uv.exists() and _run((str(uv), "pip", "install", *_uv(architecture), *files), root) is None:
        return
    problem = _run((python, "-m", "pip", "install", *_pip(architecture), *files), root)
    if problem is not None:
        raise PackagingFailed(problem)


def _uv(architecture: Architecture) -> tuple[str, ...]:
    platform = f"--python-platform={architecture.machine}-manylinux_{GLIBC[0]}_{GLIBC[1]}"
    return ("-q", "--no-config", "--link-mode=copy", "--only-binary=:all:", "--no-compile", platform)


def _pip(architecture: Architecture) -> tuple[str, ...]:
    platforms = (f"--platform={platform}" for platform in architecture.platforms)
    quiet = ("-q", "--disable-pip-version-check", "--no-compile", "--upgrade")
    return (*quiet, "--only-binary=:all:", "--implementation=cp", *platforms)


def _run(command: tuple[str, ...], root: Path) -> str | None:
    """Run a command; return what it complained about, or None."""
    environment = {name: value for name, value in os.environ.items() if name != "PIP_CONSTRAINT"}
    done = subprocess.run(  # noqa: S603 - our own tools
        command, cwd=root, env=environment, capture_output=True, check=False, text=True
    )
    return (done.stderr or done.stdout or "It failed.") if done.returncode else None
