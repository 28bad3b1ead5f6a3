"""The stack as a newcomer runs it, in processes of its own, and a client that knows nothing but HTTP."""

import time
import uuid
from dataclasses import dataclass

import pytest
import requests

from tests.infra.serve import Serve
from tests.support.late import Late
from tests.support.service import StubService

sp = Late("skyportal_py")

TOKEN = str(uuid.uuid4())


@dataclass
class Running:
    """The stack's address and an administrator's token."""

    url: str
    token: str = TOKEN

    @property
    def headers(self):
        return {"Authorization": f"token {self.token}"}

    def call(self, method, path, body=None, **options):
        return requests.request(method, self.url + path, json=body, headers=self.headers, timeout=30, **options)

    def data(self, method, path, body=None, **options):
        """Return the data of a success; fails the test on anything else."""
        answer = self.call(method, path, body, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def wait(self, analysis_id, seconds=30.0):
        """Wait until an analysis has ended, and return its record."""
        end = time.monotonic() + seconds
        while True:
            record = self.data("GET", f"/api/obj/analysis/{analysis_id}")
            if record["status"] not in {"queued", "pending"}:
                return record
            assert time.monotonic() < end, record
            time.sleep(0.1)


@pytest.fixture(scope="session")
def running(tmp_path_factory):
    with Serve(tmp_path_factory.mktemp("stack") / "log", "--admin-token", TOKEN) as stack:
        yield Running(stack.url)


@pytest.fixture(scope="session")
def instrument_id(running):
    telescope = {"name": "Palomar 1.2m", "nickname": "P48", "diameter": 1.2, "lat": 33.4, "lon": -116.9}
    telescope_id = running.data("POST", "/api/telescope", {**telescope, "elevation": 1700, "robotic": True})["id"]
    instrument = {"name": "ZTF", "type": "imager", "telescope_id": telescope_id, "filters": ["ztfg", "ztfr", "ztfi"]}
    return running.data("POST", "/api/instrument", instrument)["id"]


@pytest.fixture
def source(running, instrument_id):
    """A source with photometry and redshift; its id."""
    obj_id = f"ZTF26{uuid.uuid4().hex[:8]}"
    running.data("POST", "/api/sources", {"id": obj_id, "ra": 202.505, "dec": 13.411, "redshift": 0.0246})
    points = {"mjd": [59363.2, 59365.3, 59371.2], "flux": [58.1, 62.7, None], "fluxerr": [6.9, 7.2, 5.7], "zp": 23.9}
    photometry = {"obj_id": obj_id, "instrument_id": instrument_id, "filter": "ztfg", "magsys": "ab", **points}
    running.data("POST", "/api/photometry", photometry)
    return obj_id


@pytest.fixture
def service():
    with StubService() as stub:
        yield stub


@pytest.fixture
def register(running):
    """Register a service by its URL and return its id."""

    def make(url, **changes):
        wanted = {
            "name": f"stub {uuid.uuid4().hex[:8]}",
            "url": url,
            "authentication_type": "none",
            "analysis_type": "lightcurve_fitting",
            "input_data_types": ["photometry", "redshift"],
        }
        return running.data("POST", "/api/analysis_service", {**wanted, **changes})["id"]

    return make


@pytest.fixture
def skyportal(running):
    with sp.create_client(running.url, running.token, trust_env=False) as client:
        yield client
