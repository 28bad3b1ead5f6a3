"""People and an analysis service elsewhere, who know a stack by its public URL alone."""

import json
import random
from typing import Any

import requests

from tests.support.service import Received, StubService

OBJ_ID = "OUTSIDE1"


class Outside:
    """Calls a stack as somebody on another machine does.

    Parameters
    ----------
    url : str
        The public URL.
    token : str
        An administrator's.
    certificates : str, optional
        A file of those that are trusted.
    """

    def __init__(self, url: str, token: str, certificates: str | None = None) -> None:
        self.url, self._headers = url, {"Authorization": f"token {token}"}
        self.session = requests.Session()
        self.session.verify, self.session.trust_env = certificates or True, False

    def call(self, method: str, path: str, **arguments: Any) -> requests.Response:
        headers = self._headers | arguments.pop("headers", {})
        return self.session.request(method, f"{self.url}{path}", headers=headers, timeout=60, **arguments)

    def data(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.call(method, path, json=body)
        assert answer.ok, answer.text
        return answer.json()["data"]

    def received_run(self, service: StubService, facts: dict[str, Any] | None = None) -> tuple[int, Received]:
        """Register a service, with `facts` of it, and start a run; return its id and what the service got."""
        group = self.data("POST", "/api/groups", {"name": "outside"})["id"]
        self.data("POST", "/api/sources", {"id": OBJ_ID, "ra": 202.5, "dec": 13.4, "group_ids": [group]})
        wanted = {
            "name": "outside",
            "url": service.url,
            "authentication_type": "none",
            "analysis_type": "lightcurve_fitting",
            "input_data_types": ["redshift"],
            "timeout": 600,
            "group_ids": [group],
        }
        self.data("POST", "/api/analysis_service", {**wanted, **(facts or {})})
        return self.start(), service.wait_for_one()

    def start(self) -> int:
        """Start a run at the first service there is, and return its id."""
        number = self.data("GET", "/api/analysis_service")[0]["id"]
        run: int = self.data("POST", f"/api/obj/{OBJ_ID}/analysis/{number}", {})["id"]
        return run

    def upload(self, received: Received, document: bytes) -> str:
        """Upload a result as docs/large-results.md says, commit it, and return where the form led."""
        form = self.session.post(received.document["upload_url"], timeout=60).json()["data"]
        posted = self.session.post(form["url"], data=form["fields"], files={"file": document}, timeout=300)
        assert posted.status_code == 204, posted.text
        done = {"status": "success", "message": "done", "uploaded": True}
        assert self.session.post(received.document["callback_url"], json=done, timeout=60).ok
        return form["url"]


def large_result(numbers: int = 500_000, ballast: int = 0) -> tuple[list[float], bytes]:
    """Return what is to be read, and a document that holds it; 500 000 numbers are too many for an answer."""
    chance = random.Random(7)
    found = [chance.random() for _ in range(numbers)]
    results = {"format": "json", "data": {"found": found}}
    document = {"status": "success", "message": "done", "ballast": "x" * ballast, "analysis": {"results": results}}
    return found, json.dumps(document).encode()
