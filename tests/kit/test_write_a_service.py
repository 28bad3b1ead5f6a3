"""docs/write-a-service.md: every snippet of it is run here, in its order, against a stack on this machine."""

import json
import os
import re
import signal
import subprocess
import time
import uuid
from contextlib import contextmanager

import pytest
import requests

from infra.local.http.listening import free_port
from tests.infra.serve import Serve
from tests.kit.conftest import COLUMNS, ENVIRONMENT, FADING, ROOT
from tests.support.service import StubService

TOKEN = str(uuid.uuid4())
PAGE = (ROOT / "docs" / "write-a-service.md").read_text()
SNIPPETS = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
HEADERS = {"Authorization": f"token {TOKEN}"}


def snippets(language, containing=""):
    return [text for kind, text in SNIPPETS if kind == language and containing in text]


def snippet(language, containing):
    [text] = snippets(language, containing)
    return text


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with Serve(tmp_path_factory.mktemp("stack") / "log", "--admin-token", TOKEN) as stack:
        yield stack.url


@pytest.fixture(scope="module")
def call(served):
    def send(method, path, body=None):
        answer = requests.request(method, served + path, json=body, headers=HEADERS, timeout=40)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    return send


@pytest.fixture(scope="module")
def ended(call):
    """Wait until a run has ended, and return its record."""

    def wait(run, seconds=60):
        ends = time.monotonic() + seconds
        while (record := call("GET", f"/api/obj/analysis/{run}"))["status"] in {"queued", "pending"}:
            assert time.monotonic() < ends, record
            time.sleep(0.2)
        return record

    return wait


@pytest.fixture
def portal_stub():
    with StubService() as stub:
        yield stub


@pytest.fixture(scope="module")
def source(call):
    call("POST", "/api/sources", {"id": "ZTF21aaqjmps", "ra": 202.505, "dec": 13.411, "redshift": 0.0246})
    telescope = call("POST", "/api/telescope", {"name": "Palomar 1.2m", "nickname": "P48"})["id"]
    facts = {"name": "ZTF", "type": "imager", "telescope_id": telescope, "filters": ["ztfg"]}
    instrument = call("POST", "/api/instrument", facts)["id"]
    rows = [row.split(",") for row in FADING]
    columns = {
        name: [float(row[i]) if row[i] else None for row in rows] for i, name in enumerate(COLUMNS.split(",")[:3])
    }
    points = {"obj_id": "ZTF21aaqjmps", "instrument_id": instrument, "filter": "ztfg", "zp": 23.9, "magsys": "ab"}
    call("POST", "/api/photometry", {**points, **columns})
    return "ZTF21aaqjmps"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The folder of whoever reads the page: fade.py, put together from its snippets, and a light curve."""
    where = tmp_path_factory.mktemp("author")
    (where / "fade.py").write_text("\n".join(snippets("python")))
    (where / "light_curve.csv").write_text("\n".join([COLUMNS, *FADING, ""]))
    return where


@pytest.fixture(scope="module")
def shell(folder, served):
    """Run a snippet as it stands, but for its port."""
    environment = {**ENVIRONMENT, "SIDEROSTAT": served, "TOKEN": TOKEN}

    def run(text, port=6902, **variables):
        done = subprocess.run(
            ["sh", "-ec", text.replace("6902", str(port))],
            cwd=folder,
            env={**environment, **variables},
            capture_output=True,
            text=True,
            timeout=110,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


@contextmanager
def started(text, folder):
    """Start a snippet that serves, on a free port, until the end; gives the port."""
    port = free_port()
    process = subprocess.Popen(
        ["sh", "-c", text.replace("6902", str(port))],
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        session = requests.Session()
        session.mount(
            "http://", requests.adapters.HTTPAdapter(max_retries=requests.urllib3.Retry(12, backoff_factor=0.1))
        )
        assert session.get(f"http://127.0.0.1:{port}/analysis", timeout=10).json()["status"] == "active"
        session.close()
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def test_every_snippet_is_of_a_kind_that_is_run_here():
    assert {kind for kind, _ in SNIPPETS} == {"json", "python", "sh"}
    run = ("hello_service.py", "fade.py run", "fade.py serve", "fade.py describe", "check-service", "signing_secret")
    assert [sum(part in text for part in run) for text in snippets("sh")] == [1] * len(snippets("sh"))


def test_what_comes_in_is_what_a_service_is_sent(call, source, ended, portal_stub):
    shown = json.loads(snippet("json", "callback_url"))
    wanted = {"name": "stub", "url": portal_stub.url, "authentication_type": "none"}
    wanted |= {"analysis_type": "lightcurve_fitting", "input_data_types": ["photometry", "redshift"]}
    wanted["optional_analysis_parameters"] = {"rest_frame": ["False", "True"]}
    service = call("POST", "/api/analysis_service", wanted)["id"]
    parameters = {"analysis_parameters": {"rest_frame": "True"}}
    run = call("POST", f"/api/obj/{source}/analysis/{service}", parameters)["id"]
    while not portal_stub.received:
        time.sleep(0.1)
    got = portal_stub.received[0].document
    assert set(got) == set(shown)
    assert set(got["inputs"]) == set(shown["inputs"])
    for name in ("photometry", "redshift"):
        assert got["inputs"][name].partition("\n")[0] == shown["inputs"][name].partition("\n")[0]
    assert got["upload_url"].removeprefix(got["callback_url"]) == shown["upload_url"].removeprefix(
        shown["callback_url"]
    )

    back = json.loads(snippet("json", "posterior_samples"))
    assert requests.post(got["callback_url"], json=back, timeout=20).status_code == 200
    assert ended(run)["status"] == "completed"
    assert call("GET", f"/api/obj/analysis/{run}/results") == back["analysis"]["results"]["data"]


def test_the_service_in_one_file_starts():
    with started(snippet("sh", "hello_service.py"), ROOT):
        pass


def test_the_kits_service_runs_on_a_file_is_served_and_registered_and_analyses(shell, folder, call, source, ended):
    assert "ztfg: +" in shell(snippet("sh", "fade.py run"))
    assert {file.name for file in (folder / "found").iterdir()} == {"results.json", "plot_0.png", "inference_data.nc"}
    with started(snippet("sh", "fade.py serve"), folder) as port:
        assert snippet("sh", "check-service").startswith("make check-service URL=http")  # what it does: tests/infra
        service = json.loads(shell(snippet("sh", "fade.py describe"), port))["data"]["id"]
        run = call("POST", f"/api/obj/{source}/analysis/{service}", {"analysis_parameters": {"rest_frame": "True"}})[
            "id"
        ]
        record = ended(run)
    assert record["status"] == "completed", record["status_message"]
    assert call("GET", f"/api/obj/analysis/{run}/results")["ztfg"]["points"] == 3
    secret = json.loads(shell(snippet("sh", "signing_secret"), SERVICE_ID=str(service)))["data"]
    assert "whsec_" in str(secret)


def test_the_readme_of_the_kit_works(folder, run):
    text = (ROOT / "kit" / "README.md").read_text()
    [code] = re.findall(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    (folder / "brightest.py").write_text(code)
    assert run(folder / "brightest.py", "run", folder / "light_curve.csv").startswith("success: 19.49 in ztfg")
