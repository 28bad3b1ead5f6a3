"""The version, from one place into all packages."""

import shutil
import tomllib

import pytest

from chalicelib.settings import VERSION
from infra.release import PACKAGES, ROOT, release


@pytest.mark.parametrize("name", PACKAGES)
def test_every_package_has_the_version_that_the_api_answers(name):
    assert tomllib.loads((ROOT / name).read_text())["project"]["version"] == VERSION


def test_a_release_writes_version_and_date_and_nothing_else(tmp_path):
    for name in (*PACKAGES, "CHANGELOG.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "kit/pyproject.toml").write_text((ROOT / "kit/pyproject.toml").read_text().replace(VERSION, "9.9.9", 1))
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## next, unreleased\n\n* new\n\n## 0.0.1, 2020-01-01\n")
    release(tmp_path)
    for name in PACKAGES:
        assert (tmp_path / name).read_text() == (ROOT / name).read_text()
    lines = (tmp_path / "CHANGELOG.md").read_text().splitlines()
    assert lines[2].startswith(f"## {VERSION}, 20")
    assert lines[6] == "## 0.0.1, 2020-01-01"
