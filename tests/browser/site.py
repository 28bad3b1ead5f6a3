"""The whole stack as browsers meet it, with people, sources and services; used by the tests and for the pictures."""

import os
import shutil
import time
import uuid
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import requests

from tests.infra.serve import ROOT, Serve

BUILT = ROOT / "chalicelib" / "pages" / "built" / "index.html"
_SECONDS = 30


def chromium() -> str | None:
    """Return Debian's Chromium, or whichever CHROMIUM names."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@dataclass(frozen=True)
class Person:
    """A user with a token."""

    id: int
    username: str
    token: str


class Site:
    """A running stack, and an administrator who asks it over HTTP; a context manager."""

    def __init__(self, log: Path, *arguments: str) -> None:
        assert BUILT.is_file(), "The pages are not built: run `make web`."
        self.token = str(uuid.uuid4())
        self._serve = Serve(log, "--admin-token", self.token, *arguments)
        self.url = self._serve.wait_until_ready().url

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._serve.end()

    def call(self, method: str, path: str, body: Any = None, token: str | None = None, **options: Any) -> Any:
        headers = {"Authorization": f"token {token or self.token}", **options.pop("headers", {})}
        return requests.request(method, self.url + path, json=body, headers=headers, timeout=_SECONDS, **options)

    def data(self, method: str, path: str, body: Any = None, token: str | None = None, **options: Any) -> Any:
        """Return the data of a success; fails the test on anything else."""
        answer = self.call(method, path, body, token, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def ended(self, analysis_id: int, seconds: float = 60.0) -> dict[str, Any]:
        """Wait until an analysis has ended, and return its record."""
        end = time.monotonic() + seconds
        while True:
            record: dict[str, Any] = self.data("GET", f"/api/obj/analysis/{analysis_id}")
            if record["status"] not in {"queued", "pending"}:
                return record
            assert time.monotonic() < end, record
            time.sleep(0.2)

    def collected(self, analysis_id: int, seconds: float = 60.0) -> None:
        """Wait until nothing that an analysis brought is still being read."""
        end = time.monotonic() + seconds
        while True:
            listed = self.data("GET", f"/api/obj/analysis/{analysis_id}/products")["products"]
            if listed and all(product["state"] != "waiting" for product in listed):
                return
            assert time.monotonic() < end, listed
            time.sleep(0.2)

    def person(self, *roles: str) -> Person:
        """Make a user with these roles and a token with all that they permit."""
        username = f"u-{uuid.uuid4().hex[:8]}"
        user_id = self.data("POST", "/api/user", {"username": username, "roles": list(roles)})["id"]
        granted = {role["id"]: role["acls"] for role in self.data("GET", "/api/roles")}
        acls = sorted({acl for role in roles for acl in granted[role]})
        body = {"name": "browser", "acls": acls, "user_id": user_id}
        return Person(user_id, username, self.data("POST", "/api/internal/tokens", body)["token_id"])

    @cached_property
    def instrument_id(self) -> int:
        """A camera with the usual filters."""
        telescope = {"name": f"Palomar {uuid.uuid4().hex[:4]}", "nickname": "P48", "diameter": 1.2}
        place = {"lat": 33.4, "lon": -116.9, "elevation": 1700, "robotic": True}
        telescope_id = self.data("POST", "/api/telescope", telescope | place)["id"]
        camera = {"name": "ZTF camera", "type": "imager", "telescope_id": telescope_id}
        return int(self.data("POST", "/api/instrument", camera | {"filters": ["ztfg", "ztfr", "ztfi"]})["id"])

    @cached_property
    def public_group_id(self) -> int:
        return int(self.data("GET", "/api/groups/public")["id"])

    def source(self, obj_id: str | None = None, **facts: Any) -> str:
        """Make a source with a few points of photometry that everybody sees; return its id."""
        obj_id = obj_id or f"ZTF26{uuid.uuid4().hex[:8]}"
        place = {"ra": 202.505, "dec": 13.411, "redshift": 0.0246, "group_ids": [self.public_group_id]}
        self.data("POST", "/api/sources", {"id": obj_id, **place, **facts})
        points = {"mjd": [59363.2, 59365.3, 59371.2], "flux": [58.1, 62.7, None], "fluxerr": [6.9, 7.2, 5.7]}
        facts = {"obj_id": obj_id, "instrument_id": self.instrument_id, "filter": "ztfg", "magsys": "ab", "zp": 23.9}
        self.data("POST", "/api/photometry", {**facts, **points, "group_ids": [self.public_group_id]})
        return obj_id

    def service(self, url: str, **facts: Any) -> dict[str, Any]:
        """Register a service that everybody may use; return its record."""
        body = {
            "name": f"fit-{uuid.uuid4().hex[:8]}",
            "url": url,
            "analysis_type": "lightcurve_fitting",
            "authentication_type": "none",
            "input_data_types": ["photometry", "redshift"],
            "group_ids": [self.public_group_id],
            **facts,
        }
        service_id = self.data("POST", "/api/analysis_service", body)["id"]
        return dict(self.data("GET", f"/api/analysis_service/{service_id}"))

    def start(self, obj_id: str, service_id: int, token: str | None = None, **body: Any) -> int:
        return int(self.data("POST", f"/api/obj/{obj_id}/analysis/{service_id}", body, token)["id"])
