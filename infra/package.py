"""Builds what a deployment uploads: the template, the API's package and those of the isolated functions.

`python -m infra.package` leaves them in build/package, ready for `aws cloudformation package`.
"""

import argparse
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import yaml

from infra.alarms import alarms
from infra.edge import api_properties
from infra.local.aws.account import REGION
from infra.local.aws.resources import template

ROOT = Path(__file__).parents[1]
OUTPUT = ROOT / "build" / "package"

ISOLATED = ("products", "periodograms")
"""Rooms that are functions of their own."""

_CHALICE = (str(Path(sys.executable).parent / "chalice"),)
_PYTHON_OF_LAMBDA = "3.11"
_INCOMPLETE = "Could not install dependencies"
"""Chalice goes on without the packages that it cannot place."""


class PackagingFailed(Exception):
    """A package would be incomplete; the message says why."""


def additions() -> dict[str, Any]:
    """Return what is merged into the template that Chalice generates."""
    deployment: dict[str, Any] = yaml.safe_load((ROOT / "infra" / "deployment.yaml").read_text())
    resources = template()
    return {
        "Parameters": {**resources["Parameters"], **deployment["Parameters"]},
        "Globals": deployment["Globals"],
        "Resources": {
            **resources["Resources"],
            **deployment["Resources"],
            **alarms(resources["Resources"]),
            "RestAPI": {"Properties": api_properties()},
        },
    }


def package_api(project: Path, output: Path, stage: str) -> None:
    """Write the template and the package of the API and of the functions behind queues and clock.

    Parameters
    ----------
    project : Path
        Holds app.py, chalicelib, .chalice and requirements.txt.
    output : Path
        Made anew.
    stage : str
        Of .chalice/config.json.

    Raises
    ------
    PackagingFailed
        Chalice failed, or left a dependency out.
    """
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    extra = output / "additions.yaml"
    extra.write_text(yaml.safe_dump(additions()))
    arguments = ("package", "--stage", stage, "--merge-template", str(extra), "--template-format", "yaml", str(output))
    text = _run((*_CHALICE, "--project-dir", str(project), *arguments))
    extra.unlink()
    if _INCOMPLETE in text:
        raise PackagingFailed(text)


def package_isolated(output: Path, room: str) -> None:
    """Write the package of an isolated function: its own dependencies, and of our code its room alone.

    Parameters
    ----------
    room : str
        Its folder in chalicelib, whose requirements stand in the folder of the same name in infra.

    Raises
    ------
    PackagingFailed
        A dependency has no wheel for Lambda.
    """
    folder = output / room
    wheels = ("--only-binary=:all:", "--platform=manylinux2014_x86_64", "--platform=manylinux_2_28_x86_64")
    where = ("--implementation=cp", f"--python-version={_PYTHON_OF_LAMBDA}", f"--target={folder}")
    requirements = ("-r", str(ROOT / "infra" / room / "requirements.txt"))
    _run((sys.executable, "-m", "pip", "install", "-q", "--no-compile", *wheels, *where, *requirements))
    code = folder / "chalicelib"
    shutil.copytree(ROOT / "chalicelib" / room, code / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "chalicelib" / "__init__.py", code)
    with zipfile.ZipFile(output / f"{room}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, file.relative_to(folder))
    shutil.rmtree(folder)


def _run(command: tuple[str, ...]) -> str:
    """Run a command and return all that it printed."""
    # Chalice wants a region, though nothing in the template depends on it
    environment = {
        "AWS_DEFAULT_REGION": REGION,
        **os.environ,
        "PIP_CONSTRAINT": str(ROOT / "constraints.txt"),
    }
    done = subprocess.run(  # noqa: S603 - our own tools
        command, cwd=ROOT, env=environment, capture_output=True, check=False, text=True
    )
    if done.returncode != 0:
        raise PackagingFailed(done.stderr or done.stdout)
    return done.stdout + done.stderr


def main() -> None:
    """Build everything for one stage."""
    parser = argparse.ArgumentParser(prog="python -m infra.package", description="Builds what a deployment uploads.")
    parser.add_argument("--stage", default="dev", help="a stage of .chalice/config.json (default: %(default)s)")
    stage = parser.parse_args().stage
    try:
        package_api(ROOT, OUTPUT, stage)
        for room in ISOLATED:
            package_isolated(OUTPUT, room)
    except PackagingFailed as error:
        sys.exit(f"The package is incomplete and must not be deployed:\n{error}")
    for file in sorted(OUTPUT.iterdir()):
        print(f"{file.stat().st_size / 1e6:8.1f} MB  {file.relative_to(ROOT)}")  # noqa: T201 - talks to a person


if __name__ == "__main__":
    main()
