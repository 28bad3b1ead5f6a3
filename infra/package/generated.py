"""What Chalice makes of the application: the template of its routes and handlers, and the zip of our own code."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from infra.local.aws.account import REGION
from infra.package.errors import PackagingFailed

_CHALICE = (str(Path(sys.executable).parent / "chalice"),)
_STAGE = "dev"
"""The only one of .chalice/config.json: all stages have the same functions."""
_CODE = ("app.py", "chalicelib", ".chalice")
_INDEX = "import app, json; from chalicelib.http.route_modules import index; print(json.dumps(index(), indent=1))"
_NOT_OURS = shutil.ignore_patterns("__pycache__", "deployments", "deployed")


def generate(project: Path, code: Path, stage: str) -> dict[str, Any]:
    """Put our code and Chalice's own into a folder, and return the template, whose functions are all deployment.zip.

    Raises
    ------
    PackagingFailed
        Chalice failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        copy.mkdir()
        for name in _CODE:
            if (project / name).is_dir():
                shutil.copytree(project / name, copy / name, ignore=_NOT_OURS)
            else:
                shutil.copy(project / name, copy)
        (
            copy / "requirements.txt"
        ).touch()  # Chalice takes no other runtime than its own, and goes on without what it cannot place
        _configure(copy / ".chalice" / "config.json", stage)
        _package(copy, Path(folder) / "out", stage)
        with zipfile.ZipFile(Path(folder) / "out" / "deployment.zip") as archive:
            archive.extractall(code)
        _index_routes(copy, code)
        template: dict[str, Any] = json.loads((Path(folder) / "out" / "sam.json").read_text())
    return template


def _index_routes(project: Path, code: Path) -> None:
    """Write down which modules have which routes, for the API to import those alone that it is asked for."""
    from chalicelib.http import route_modules  # noqa: PLC0415 - it takes long to import, and is needed to build alone

    index = _run((sys.executable, "-c", _INDEX), project)
    (code / route_modules.FILE.relative_to(route_modules.FILE.parents[2])).write_text(index)


def _configure(file: Path, stage: str) -> None:
    config = json.loads(file.read_text())
    config["stages"] = {stage: {**config["stages"][_STAGE], "api_gateway_stage": stage}}
    file.write_text(json.dumps(config))


def _package(project: Path, output: Path, stage: str) -> None:
    project_options = ("--project-dir", str(project))
    options = ("--stage", stage, "--template-format", "json", str(output))
    _run((*_CHALICE, *project_options, "package", *options), project)


def _run(command: tuple[str, ...], project: Path) -> str:
    """Return what a command prints that imports the application."""
    done = subprocess.run(  # noqa: S603 - our own tools
        command,
        cwd=project,
        # Chalice wants a region, though nothing in the template depends on it; this shell's settings do not count
        env={"PATH": os.environ["PATH"], "AWS_DEFAULT_REGION": REGION, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=False,
        text=True,
    )
    if done.returncode != 0:
        raise PackagingFailed(done.stderr or done.stdout)
    return done.stdout
