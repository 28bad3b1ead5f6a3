"""`python -m infra.package` leaves one template and the packages in build/package: see docs/deploy.md."""

import argparse
import re
import sys
import zipfile

from infra.package.build import OUTPUT, build
from infra.package.compiling import interpreter
from infra.package.errors import PackagingFailed
from infra.package.runtime import ARCHITECTURES, RUNTIME
from infra.package.template import ROOT

_STAGE = re.compile(r"[A-Za-z0-9_-]{1,128}")


def main() -> None:
    """Build everything for one stage."""
    parser = argparse.ArgumentParser(prog="python -m infra.package", description="Builds what a deployment uploads.")
    parser.add_argument("--stage", default="dev", help="last part of the API's own URL (default: %(default)s)")
    parser.add_argument(
        "--architecture", default="x86_64", choices=sorted(ARCHITECTURES), help="(default: %(default)s)"
    )
    arguments = parser.parse_args()
    if not _STAGE.fullmatch(arguments.stage):
        parser.error("a stage has letters, digits, hyphens and underscores")
    try:
        build(OUTPUT, arguments.stage, arguments.architecture)
    except PackagingFailed as error:
        sys.exit(f"The package is incomplete and must not be deployed:\n{error}")
    if interpreter() is None:
        _say(f"No {RUNTIME} was found here: modules are not compiled, and functions start more slowly.")
    for file in sorted(OUTPUT.glob("*.zip")):
        with zipfile.ZipFile(file) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        _say(f"{unpacked / 1e6:8.1f} MB, packed {file.stat().st_size / 1e6:5.1f} MB  {file.relative_to(ROOT)}")


def _say(text: str) -> None:
    print(text)  # noqa: T201 - talks to a person


if __name__ == "__main__":
    main()
