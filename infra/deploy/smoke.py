"""Whether a site works: an analysis is started, or uploaded, and seen to complete."""

import time
import uuid
from typing import Any

import requests

from infra.deploy.errors import DeploymentFailed

_SECONDS = 180
_OPEN = {"queued", "pending"}


def check(url: str, token: str, service_url: str | None) -> str:
    """Go the way of an analysis and say what was seen.

    Parameters
    ----------
    url : str
        The site's.
    token : str
        Of an administrator.
    service_url : str or None
        Of an analysis service that the site can reach; without one a result is uploaded, and nothing is sent.

    Raises
    ------
    DeploymentFailed
        It did not complete.
    """
    site = _Client(url, token)
    name = f"smoke-{uuid.uuid4().hex[:12]}"
    group = site.get("/api/groups/public")["id"]
    site.post("/api/sources", {"id": name, "ra": 10.0, "dec": 20.0, "redshift": 0.1, "group_ids": [group]})
    service = {
        "name": name,
        "url": service_url or "https://example.org/",
        "analysis_type": "meta_analysis",
        "authentication_type": "none",
        "input_data_types": ["redshift"],
        "timeout": _SECONDS,
        "upload_only": service_url is None,
        "group_ids": [group],
    }
    service_id = site.post("/api/analysis_service", service)["id"]
    try:
        if service_url is None:
            result = {"status": "success", "message": "smoke test", "analysis": {"results": {"redshift": 0.1}}}
            run = site.post(f"/api/obj/{name}/analysis_upload/{service_id}", result)["id"]
            read = site.get(f"/api/obj/analysis/{run}/results")
            if read.get("redshift") != result["analysis"]["results"]["redshift"]:  # type: ignore[index]
                raise DeploymentFailed(f"The result of analysis {run} reads as {read}.")
            return f"Analysis {run} was uploaded, and its results were read. SERVICE=URL would have one sent, too."
        run = site.post(f"/api/obj/{name}/analysis/{service_id}", {})["id"]
        return _ended(site, run)
    finally:
        site.delete(f"/api/analysis_service/{service_id}")
        site.delete(f"/api/sources/{name}")


def _ended(site: "_Client", run: int) -> str:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        record = site.get(f"/api/obj/analysis/{run}")
        if record["status"] not in _OPEN:
            break
        time.sleep(1)
    if record["status"] != "completed":
        raise DeploymentFailed(f"Analysis {run} is {record['status']}: {record['status_message']}")
    return f"Analysis {run} was started, sent and answered: {record['status_message']}"


class _Client:
    """Talks to the API and takes the data out of its envelope."""

    def __init__(self, url: str, token: str) -> None:
        self._url, self._headers = url.rstrip("/"), {"Authorization": f"token {token}"}

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        return self._call("GET", path)

    def post(self, path: str, body: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
        return self._call("POST", path, body)

    def delete(self, path: str) -> None:
        self._call("DELETE", path)

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 - JSON
        try:
            answer = requests.request(method, self._url + path, headers=self._headers, json=body, timeout=60)
            content = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise DeploymentFailed(f"{self._url} does not answer as Siderostat does: {error}") from None
        if answer.status_code != requests.codes.ok:
            raise DeploymentFailed(f"{method} {path} was answered {answer.status_code}: {content.get('message')}")
        return content["data"]
