"""The image's steps without a container engine: its files alone, an unprivileged user, a read-only root, as process 1.

The packages are those of this environment, which the same lock fills, and the pages those that were built here.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from fnmatch import fnmatch
from pathlib import Path

import pytest
import requests
import yaml

from infra.local.http.listening import free_port
from tests.infra.serve import ROOT
from tests.support.outside import Outside
from tests.support.processes import descendants
from tests.support.service import StubService

FOLDER = ROOT / "infra" / "local" / "service"
SCRIPT = Path(__file__).with_name("image.sh")
PAGES = ROOT / "chalicelib" / "pages" / "built"
START_SECONDS = 120
NOBODY = 65534

pytestmark = [
    pytest.mark.timeout(400),
    pytest.mark.skipif(
        os.geteuid() != 0
        or shutil.which("unshare") is None
        or subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], check=False).returncode != 0,
        reason="takes root, who may unshare mounts and processes",
    ),
]


def ignored(path, patterns):
    """Say whether a path, or a folder that it is in, is left out."""
    for place in (path, *path.parents):
        for pattern in patterns:
            name = pattern.removeprefix("**/")
            if fnmatch(place.name, name) if name != pattern else fnmatch(str(place), pattern):
                return True
    return False


@pytest.fixture
def root():
    """A root with what `COPY . .` copies of a checkout, and the pages that the recipe then builds."""
    recipe = (FOLDER / "Dockerfile").read_text()
    assert "WORKDIR /opt/siderostat\n" in recipe
    lines = (FOLDER / "Dockerfile.dockerignore").read_text().splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    with tempfile.TemporaryDirectory(prefix="siderostat-image-") as name:
        place = Path(name)
        place.chmod(0o755)
        for file in filter(None, listed.split("\0")):
            if not ignored(Path(file), patterns):
                copy = place / "opt" / "siderostat" / file
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / file, copy)
        shutil.copytree(PAGES, place / "opt" / "siderostat" / PAGES.relative_to(ROOT))
        yield place


def test_what_the_recipe_copies_serves_for_an_unprivileged_user_and_ends_when_told(root, tmp_path):
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    words = ["unshare", "--mount", "--pid", "--fork", "sh", SCRIPT, root, sys.prefix, sys.base_prefix, port]
    with (tmp_path / "said").open("wb") as said:
        container = subprocess.Popen([*map(str, words)], stdout=said, stderr=said)
    try:
        _wait_until_ready(container, tmp_path / "said")
        [first] = [
            pid for pid, line in descendants(container.pid).items() if line[1:4] == ["-m", "infra.local", "serve"]
        ]
        seen = Path(f"/proc/{first}/root")
        assert os.statvfs(seen).f_flag & os.ST_RDONLY
        assert (seen / "data").stat().st_uid == (seen / "data" / "admin-token").stat().st_uid == NOBODY
        token = (seen / "data" / "admin-token").read_text().strip()

        assert _is_healthy(port)
        assert requests.get(url, timeout=30).status_code == 200
        assert requests.get(f"{url}/api/groups", headers={"Authorization": f"token {token}"}, timeout=30).ok
        _complete_a_run(url, token)
        os.kill(first, 15)
        began = time.monotonic()
        assert container.wait(timeout=15) == 0
        assert time.monotonic() - began < 10
        assert not _is_healthy(port)
        text = (tmp_path / "said").read_text()
        assert "Traceback" not in text
        assert token not in text
    finally:
        container.kill()  # and with the first process of its namespace all others
        container.wait()


def _wait_until_ready(container, said):
    deadline = time.monotonic() + START_SECONDS
    while "ready http" not in said.read_text():
        assert container.poll() is None, said.read_text()
        assert time.monotonic() < deadline, said.read_text()
        time.sleep(0.2)


def _is_healthy(port):
    """Ask as compose.yaml does."""
    compose = yaml.safe_load((FOLDER / "compose.yaml").read_text())
    kind, python, *words = compose["services"]["siderostat"]["healthcheck"]["test"]
    assert (kind, python) == ("CMD", "python")
    words = [word.replace("127.0.0.1:8000", f"127.0.0.1:{port}") for word in words]
    return subprocess.run([sys.executable, *words], capture_output=True, check=False, timeout=30).returncode == 0


def _complete_a_run(url, token):
    with StubService() as service:
        outside = Outside(url, token)
        run, received = outside.received_run(service)
        result = {"status": "success", "message": "done", "analysis": {"results": {"format": "json", "data": {"n": 1}}}}
        assert requests.post(received.document["callback_url"], json=result, timeout=60).status_code == 200
        deadline = time.monotonic() + 60
        while (found := outside.data("GET", f"/api/obj/analysis/{run}"))["status"] != "completed":
            assert time.monotonic() < deadline, found
            time.sleep(0.5)
