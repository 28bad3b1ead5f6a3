"""Another checkout of this one, elsewhere, with environments that look as if they had been installed there."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENVIRONMENTS = (Path(".venv"), Path("examples") / "sn_fitter" / ".venv", Path("kit") / ".venv")

WHEELS = Path("examples") / "spectral_type" / "wheels"
"""What the kit's environment was fetched with."""

_GIT = ("git", "-c", "safe.directory=*")
"""A checkout may belong to somebody else, as in a container."""


def check_out(folder: Path) -> None:
    """Clone this checkout into a folder, with what has been changed since the last commit, ready for `make`."""
    subprocess.run([*_GIT, "clone", "--quiet", str(ROOT), str(folder)], check=True)
    for name in _changed():
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
        else:
            (folder / name).unlink()
    for environment in ENVIRONMENTS:
        _move_in(ROOT / environment, folder / environment)
    (folder / WHEELS).symlink_to(ROOT / WHEELS)


def _changed() -> list[str]:
    command = [*_GIT, "ls-files", "-z", "--modified", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    return [name for name in listed.stdout.split("\0") if name and Path(name) not in ENVIRONMENTS]


def _move_in(installed: Path, wanted: Path) -> None:
    """Make an environment with the packages of another and with scripts of its own, as pip would write them."""
    subprocess.run([installed / "bin" / "python", "-m", "venv", "--without-pip", wanted], check=True)
    python = wanted / "bin" / "python"
    [packages] = wanted.glob("lib/python*/site-packages")
    packages.rmdir()
    packages.symlink_to(installed / packages.relative_to(wanted))
    for script in (installed / "bin").iterdir():
        if not (python.parent / script.name).exists():
            _write_script(script, python)
    (wanted / ".installed").touch()


def _write_script(script: Path, python: Path) -> None:
    """Write a script of one environment for the Python of another; what is no script stays where it is."""
    place = python.parent / script.name
    first, _, rest = script.read_bytes().partition(b"\n") if script.is_file() else (b"", b"", b"")
    if not first.startswith(b"#!"):
        place.symlink_to(script)
        return
    if first == b"#!/bin/sh":
        rest = rest.partition(b"' '''\n")[2]
    # no path that is long or has a space in it may stand behind #!
    place.write_bytes(f"#!/bin/sh\n'''exec' \"{python}\" \"$0\" \"$@\"\n' '''\n".encode() + rest)
    place.chmod(0o755)
