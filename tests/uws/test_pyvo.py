"""pyvo's client of UWS jobs, as it is, with a site that serves."""

import os
import re
import subprocess
import sys
import threading

import pytest
import requests

from tests.conftest import ADMIN_TOKEN as TOKEN
from tests.infra.serve import ROOT
from tests.support.late import Late
from tests.support.service import StubService
from tests.support.site import Site

dal = Late("pyvo.dal")

OBJECT, SERVICE = "19dwz", "sn_fitter"
"""As in the page that is run here."""
PAGE = ROOT / "docs" / "virtual-observatory.md"
FITTED = {
    "status": "success",
    "message": "fit converged",
    "analysis": {"results": {"format": "json", "data": {"z": 0.5}}},
}


@pytest.fixture
def session():
    with requests.Session() as one:
        one.trust_env = False
        one.headers["Authorization"] = f"token {TOKEN}"
        yield one


@pytest.fixture(scope="module")
def stub():
    with StubService() as running:
        yield running


@pytest.fixture
def jobs_url(stub, stack, configure):
    with Site(is_working=True) as site:
        configure(public_url=site.url)
        parameters = {"input_data_types": [], "optional_analysis_parameters": {"source": ["salt2", "salt3"]}}
        service = {"name": SERVICE, "url": stub.url, "authentication_type": "none", **parameters}
        for path, body in (
            ("/api/sources", {"id": OBJECT, "ra": 210.8, "dec": 54.3}),
            ("/api/analysis_service", {**service, "analysis_type": "lightcurve_fitting"}),
        ):
            headers = {"Authorization": f"token {TOKEN}"}
            assert requests.post(site.url + path, json=body, headers=headers, timeout=20).status_code == 200
        yield f"{site.url}/api/uws/{SERVICE}"


def made(session, jobs_url):
    answer = session.post(jobs_url, data={"OBJ": OBJECT}, timeout=20)
    assert answer.history[0].status_code == 303
    return dal.AsyncTAPJob(answer.url, session=session)


def answering(stub, document):
    """Let the service post a document, a moment after it took an analysis."""

    def react(received):
        arguments = (received.document["callback_url"],)
        threading.Timer(0.3, requests.post, arguments, {"json": document, "timeout": 20}).start()
        return stub.reaction

    stub.react = react


def test_a_job_is_run_waited_for_and_read(session, jobs_url, stub):
    answering(stub, FITTED)
    with made(session, jobs_url) as job:
        assert (job.phase, job.uws_version) == ("PENDING", "1.1")
        assert job.owner
        assert job.destruction is not None
        job.run().wait(timeout=40)
        assert job.phase == "COMPLETED"
        job.raise_if_error()
        assert job.execution_duration.sec == 3600
        assert [one.content for one in job.job.parameters if one.id_ == "OBJ"] == [OBJECT]
        assert job.job.endtime >= job.job.starttime >= job.job.creationtime
        [results] = [uri for uri in job.result_uris if uri.endswith("/results")]
        assert session.get(results, timeout=20).json()["data"] == {"z": 0.5}
        url = job.url
    assert session.get(url, timeout=20).status_code == 404


def test_an_error_is_raised_with_the_reason(session, jobs_url, stub):
    answering(stub, {"status": "failure", "message": "too few points"})
    with made(session, jobs_url) as job:
        job.run().wait(timeout=40)
        assert job.phase == "ERROR"
        with pytest.raises(dal.DALQueryError, match="too few points"):
            job.raise_if_error()


def test_a_job_is_aborted(session, jobs_url, stub):
    stub.react = None
    with made(session, jobs_url) as job:
        job.run()
        job.abort()
        assert job.phase == "ABORTED"


def test_the_pages_python_runs_as_it_stands(jobs_url, stub):
    answering(stub, FITTED)
    [code] = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    url = jobs_url.partition("/api/")[0]
    environment = {**os.environ, "SIDEROSTAT_URL": url, "SIDEROSTAT_TOKEN": TOKEN, "NO_PROXY": "*"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=90, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[0] == "results"
    assert done.stdout.split()[-1].endswith("/results")
