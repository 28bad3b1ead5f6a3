"""The command `siderostat`, run as people and scripts run it, on a stack that serves."""

import json
import subprocess
import tomllib
import uuid

import pytest

from chalicelib.settings import VERSION
from tests.infra.serve import ROOT, Serve
from tests.kit.conftest import ENVIRONMENT, PYTHON
from tests.support.scene import PNG, SUCCESS
from tests.support.service import StubService

TOKEN = str(uuid.uuid4())
CSV = "mjd,filter,mag,magerr\n59000.5,ztfg,19.5,0.1\n59001.5,ztfr,19.2,0.1\n"
SPECTRUM = "# DATE-OBS: 2026-11-01\nwavelength,flux\n4000,1\n4001,2\n"


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    with Serve(tmp_path_factory.mktemp("stack") / "log", "--admin-token", TOKEN) as stack:
        yield stack.url


@pytest.fixture
def siderostat(url, tmp_path):
    """Run the command; return its status, output and errors."""
    if not PYTHON.exists():
        pytest.fail("The kit's environment is missing: run `make test`, which installs it.")

    def run(*arguments, where=url, token=TOKEN):
        settings = {"PYTHONPATH": str(ROOT / "client"), "SIDEROSTAT_URL": where, "SIDEROSTAT_TOKEN": token}
        command = [PYTHON, "-m", "siderostat.command", *map(str, arguments)]
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env={**ENVIRONMENT, **settings},
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.fixture
def service(url):
    """A registered service that answers as the test wants; its name and what it posts."""
    import requests

    with StubService() as stub:
        name = f"stub-{uuid.uuid4().hex[:8]}"
        body = {"name": name, "url": stub.url, "authentication_type": "none", "analysis_type": "lightcurve_fitting"}
        body |= {"input_data_types": ["photometry"], "optional_analysis_parameters": {"steps": {"type": "number"}}}
        headers = {"Authorization": f"token {TOKEN}"}
        assert requests.post(f"{url}/api/analysis_service", json=body, headers=headers, timeout=20).status_code == 200
        stub.name, stub.result = name, SUCCESS

        def react(received):
            import threading

            def post():
                requests.post(received.document["callback_url"], data=json.dumps(stub.result), timeout=20)

            threading.Timer(0.2, post).start()
            return stub.reaction

        stub.react = react
        yield stub


@pytest.fixture
def imported(siderostat, tmp_path):
    name = f"SN{uuid.uuid4().hex[:8]}"
    (tmp_path / "curve.csv").write_text(CSV)
    assert siderostat("import", "curve.csv", "--object", name, "--ra", "10", "--dec", "20")[0] == 0
    return name


def test_an_analysis_is_started_waited_for_and_fetched(siderostat, service, imported, tmp_path):
    status, out, _ = siderostat("run", imported, service.name, "-p", "steps=7", "--json")
    record = json.loads(out)
    assert (status, record["status"]) == (0, "completed")
    assert service.received[0].document["inputs"]["analysis_parameters"] == {"steps": 7}

    status, out, error = siderostat("get", record["id"], "--output", "found")
    assert (status, "fit converged" in error) == (0, True)
    assert out.splitlines()[0].split() == ["z", "0.5"]
    assert (tmp_path / "found" / "plot_0.png").read_bytes() == PNG
    assert "found/results.json" in out
    status, out, _ = siderostat("get", record["id"], "--json")
    assert json.loads(out)["results"]["z"] == 0.5


def test_scripts_can_start_and_wait_in_two_steps(siderostat, service, imported):
    status, out, _ = siderostat("run", imported, service.name, "--no-wait")
    assert (status, out.strip().isdecimal()) == (0, True)
    status, out, _ = siderostat("wait", out.strip())
    assert (status, "completed" in out) == (0, True)


def test_the_status_says_how_it_ended(siderostat, service, imported, url):
    service.result = {"status": "failure", "message": "no redshift"}
    status, out, _ = siderostat("run", imported, service.name)
    assert (status, "no redshift" in out) == (1, True)
    service.react = None
    assert siderostat("run", imported, service.name, "--timeout", "0.5")[0] == 5
    assert siderostat("run", imported, "nobody")[0] == 2
    assert siderostat("run", "nothing", service.name)[0] == 3
    assert siderostat("services", token="")[0] == 2
    assert siderostat("services", token=str(uuid.uuid4()))[0] == 3
    assert siderostat("services", where="http://127.0.0.1:9")[0] == 4


def test_services_are_listed(siderostat, service):
    status, out, _ = siderostat("services")
    assert (status, service.name in out, "steps" in out) == (0, True, True)
    assert service.name in {one["name"] for one in json.loads(siderostat("services", "--json")[1])}


def test_files_are_imported_all_or_none(siderostat, imported, tmp_path):
    (tmp_path / "spectrum.txt").write_text(SPECTRUM)
    (tmp_path / "bad.csv").write_text(CSV.replace("19.2", "faint"))
    status, _, error = siderostat("import", "spectrum.txt", "bad.csv", "--object", imported)
    assert (status, "bad.csv: line 3, column mag" in error) == (1, True)
    status, out, _ = siderostat("import", "curve.csv", "spectrum.txt", "--object", imported, "--json")
    assert (status, [one["rows"] for one in json.loads(out)]) == (0, [2, 2])
    status, out, _ = siderostat("import", "curve.csv", "--object", imported, "--dry-run", "--json")
    assert (status, "ids" in json.loads(out)[0]) == (0, False)


def test_the_version_is_the_products():
    assert tomllib.loads((ROOT / "client" / "pyproject.toml").read_text())["project"]["version"] == VERSION
