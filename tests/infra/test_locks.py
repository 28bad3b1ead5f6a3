"""The lock files are what the requirements and the constraints say, and hold hashes: `make lock` writes them."""

import re
from pathlib import Path

import pytest

from infra.advisories import pinned

ROOT = Path(__file__).parents[2]
FITTER = "examples/sn_fitter"
LOCKS = {
    "requirements-dev.lock": [
        "requirements-dev.txt",
        "requirements.txt",
        "infra/summarize/requirements.txt",
        "infra/products/requirements.txt",
        "infra/periodograms/requirements.txt",
    ],
    "infra/documentation/requirements.lock": ["infra/documentation/requirements.txt"],
    "kit/requirements.lock": ["kit/requirements.txt"],
    f"{FITTER}/requirements.lock": [f"{FITTER}/requirements.txt"],
    f"{FITTER}/requirements-models.lock": [f"{FITTER}/requirements-models.txt"],
}
_LOCKED = re.compile(r"^(?P<pin>\S+==\S+)[^\n\\]*(?P<hashes>(?: \\\n +--hash=sha256:[0-9a-f]{64})+)$", re.MULTILINE)


def pins(text):
    return pinned(re.sub(r"\[[a-z,0-9]+\]", "", text))


def locked(name):
    return pins("\n".join(found["pin"] for found in _LOCKED.finditer((ROOT / name).read_text())))


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_what_is_required_in_the_same_version(name):
    wanted = {}
    for file in LOCKS[name]:
        wanted |= pins("\n".join(line for line in (ROOT / file).read_text().splitlines() if not line.startswith("-")))
    assert wanted
    assert wanted.items() <= locked(name).items()


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_has_the_versions_of_the_constraints(name):
    constraints = pins((ROOT / "constraints.txt").read_text())
    assert {package: constraints.get(package, version) for package, version in locked(name).items()} == locked(name)


@pytest.mark.parametrize("name", LOCKS)
def test_everything_in_a_lock_has_a_hash(name):
    requirements = [line for line in (ROOT / name).read_text().splitlines() if line and not line.startswith((" ", "#"))]
    assert len(requirements) == len(list(_LOCKED.finditer((ROOT / name).read_text())))
