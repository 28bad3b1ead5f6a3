"""Runs services of the kit as their authors do: by the Python of the kit's own environment."""

import os
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.support.callbacks import Callbacks

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / "kit" / ".venv" / "bin" / "python"
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": str(ROOT / "kit"),
    "PYTHONUNBUFFERED": "1",
    "PATH": f"{PYTHON.parent}{os.pathsep}{os.environ['PATH']}",
}
COLUMNS = "mjd,flux,fluxerr,mag,magerr,filter,magsys,limiting_mag,zp,instrument_name,predicted_mag"
FADING = [
    "59363.2,58.1,6.9,19.49,0.129,ztfg,ab,20.1,23.9,ZTF,",
    "59365.2,53.0,6.2,19.59,0.127,ztfg,ab,20.1,23.9,ZTF,",
    "59369.2,44.5,5.7,19.78,0.139,ztfg,ab,20.1,23.9,ZTF,",
    "59371.2,,5.7,,,ztfg,ab,20.3,23.9,ZTF,",
]


@pytest.fixture(scope="session")
def kit_python():
    if not PYTHON.exists():
        pytest.fail("The kit's environment is missing: run `make test`, which installs it.")
    return PYTHON


@pytest.fixture(scope="session")
def run(kit_python):
    """Run the kit's Python with arguments, and return what it wrote."""

    def call(*arguments, status=0, **options):
        command = [kit_python, *map(str, arguments)]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env=ENVIRONMENT, timeout=100, **options
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout

    return call


@pytest.fixture(scope="session")
def launch(kit_python, tmp_path_factory):
    """A context manager: starts a command whose first line is `ready <url>` and gives the URL."""

    @contextmanager
    def start(*arguments, folder=ROOT, environment=None):
        log = tmp_path_factory.mktemp("service") / "log.txt"
        with log.open("w") as stderr:
            process = subprocess.Popen(
                [kit_python, *map(str, arguments)],
                cwd=folder,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
                env={**ENVIRONMENT, **(environment or {})},
            )
        with process:
            try:
                ready = process.stdout.readline()
                assert ready.startswith("ready http://127.0.0.1:"), log.read_text()
                yield ready.removeprefix("ready ").strip() + "/analysis"
            finally:
                process.terminate()

    return start


@pytest.fixture
def callbacks():
    with Callbacks() as server:
        yield server


@pytest.fixture
def inputs():
    """A function that builds inputs of a fading source; arguments replace or, with None, remove one."""

    def build(**changes):
        everything = {
            "photometry": "\n".join([COLUMNS, *FADING, ""]),
            "redshift": "redshift,redshift_error,redshift_origin\n0.0246,,\n",
            "analysis_parameters": {},
        } | changes
        return {name: value for name, value in everything.items() if value is not None}

    return build


@pytest.fixture
def document(callbacks, inputs):
    """A function that builds what a portal posts."""

    def build(path="/token-1", invalid_after="2036-11-22 10:31:07.000000", upload=None, **changes):
        whole = {
            "callback_url": callbacks.url + path,
            "inputs": inputs(**changes),
            "callback_method": "POST",
            "invalid_after": invalid_after,
            "analysis_resource_type": "obj",
            "resource_id": "ZTF21aaqjmps",
            "analysis_parameters": {},
        }
        return whole if upload is None else {**whole, "upload_url": callbacks.url + upload}

    return build


@pytest.fixture
def post():
    def send(url, document, **options):
        return requests.post(url, json=document, timeout=10, **options)

    return send
