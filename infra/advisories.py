"""Compares the pinned versions with known vulnerabilities, as far as that goes without a network.

`python -m infra.advisories` fails on a pin that an advisory of infra/advisories.toml names, and on an installed package
that is not as it is pinned.
"""

import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]


def pinned(text: str) -> dict[str, str]:
    """Return the versions in a constraints file by canonical name."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    pairs = (line.partition("==") for line in lines if line)
    return {str(canonicalize_name(name)): version for name, _, version in pairs}


def vulnerable(pins: Mapping[str, str], snapshot: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for every advisory that a pinned version falls under."""
    for advisory in snapshot["advisory"]:
        version = pins.get(str(canonicalize_name(advisory["package"])))
        if version is not None and SpecifierSet(advisory["affected"]).contains(version, prereleases=True):
            yield f"{advisory['package']} {version} is affected by {advisory['id']} ({advisory['affected']})."


def astray(pins: Mapping[str, str], installed: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for every installed package whose version is not the pinned one."""
    for name, version in sorted(installed.items()):
        if name in pins and pins[name] != version:
            yield f"{name} {version} is installed, but {pins[name]} is pinned."


def main() -> None:
    """Check this environment."""
    pins = pinned((ROOT / "constraints.txt").read_text())
    snapshot = tomllib.loads((ROOT / "infra" / "advisories.toml").read_text())
    installed = {str(canonicalize_name(each.metadata["Name"])): each.version for each in distributions()}
    problems = [*vulnerable(pins, snapshot), *astray(pins, installed)]
    if problems:
        sys.exit("\n".join(problems))
    sys.stdout.write(
        f"No pinned version falls under one of the {len(snapshot['advisory'])} advisories of infra/advisories.toml, "
        "a short list kept by hand. `make audit` asks the live database.\n"
    )


if __name__ == "__main__":
    main()
