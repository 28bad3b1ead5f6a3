"""Packages built in two clones, on two paths, one of them with a space, and under two umasks."""

import shutil
import subprocess
import sys
import zipfile

import pytest
import yaml

from infra.package import compiling
from tests.support.checkout import ROOT

GIT = ("git", "-c", "safe.directory=*")
MAGIC_AND_FLAGS = (3571).to_bytes(2, "little") + b"\r\n" + (1).to_bytes(4, "little")


@pytest.fixture
def sources(tmp_path):
    """What is under version control, as it is at this moment."""
    listed = subprocess.run((*GIT, "ls-files", "-z"), cwd=ROOT, capture_output=True, check=True, text=True).stdout
    folder = tmp_path / "sources"
    for name in filter(None, listed.split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    return folder


def built(sources, folder, umask):
    """Lay the sources somewhere and build there, all under one umask."""
    folder.parent.mkdir()
    shutil.copytree(sources, folder, copy_function=shutil.copyfile)
    build = 'umask "$1"; chmod -R "$3" . && exec "$2" -m infra.package --stage dev-2 --architecture arm64'
    command = ("sh", "-c", build, "-", f"{umask:o}", sys.executable, "go-rwx" if umask == 0o077 else "go=rX")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {file.name: file for file in (folder / "build" / "package").iterdir()}


@pytest.mark.timeout(1200)
def test_two_clones_build_the_same_bytes(sources, tmp_path):
    one = built(sources, tmp_path / "one" / "clone", 0o022)
    other = built(sources, tmp_path / "with a space" / "another clone", 0o077)

    assert set(one) == {"template.yaml", "deployment.zip", "summarize.zip", "products.zip", "periodograms.zip"}
    for name, file in one.items():
        assert file.read_bytes() == other[name].read_bytes(), name
    look_at(one)


def look_at(files):
    template = yaml.safe_load(files["template.yaml"].read_text())
    properties = [each["Properties"] for each in template["Resources"].values()]
    assert {each.get("CodeUri", each.get("Code")) for each in properties} - {None} == {
        f"./{name}" for name in files if name.endswith(".zip")
    }
    assert {tuple(each["Architectures"]) for each in properties if "Architectures" in each} == {("arm64",)}
    for name, file in files.items():
        if name.endswith(".zip"):
            with zipfile.ZipFile(file) as packed:
                look_into(packed, most=40e6 if name == "deployment.zip" else 250e6)


def look_into(packed, most):
    entries = packed.infolist()
    names = [entry.filename for entry in entries]
    modules = [name for name in names if name.endswith(".py")]
    compiled = [name for name in names if name.endswith(".pyc")]

    assert len(set(names)) == len(names)
    assert sum(entry.file_size for entry in entries) < most
    assert sum(entry.file_size for entry in entries if "/tests/" in entry.filename) < 0.5e6
    assert not [
        name for name in names if name.endswith("/RECORD") or name.startswith(("pip/", "setuptools/", "wheel/"))
    ]
    assert all(packed.read(name)[:8] == MAGIC_AND_FLAGS for name in compiled)
    assert len(compiled) >= (0.9 * len(modules) if compiling.interpreter() else 0)
