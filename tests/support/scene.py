"""A source with photometry and a service that analyses it: where most tests begin."""

import base64
import gzip
import itertools
import json
from dataclasses import dataclass
from typing import Any

import boto3

from chalicelib.settings import settings
from tests.support.api import Api
from tests.support.people import make_group, make_user
from tests.support.service import StubService

_numbers = itertools.count(1)

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SUCCESS = {
    "status": "success",
    "message": "fit converged",
    "analysis": {
        "plots": [{"format": "png", "data": base64.b64encode(PNG).decode()}],
        "results": {"format": "json", "data": {"z": 0.5, "chi2": float("nan")}},
    },
}


def make_instrument(api: Api, filters: list[str]) -> int:
    """Make a telescope with one instrument and return its id."""
    number = next(_numbers)
    telescope = {"name": f"Telescope {number}", "nickname": f"T{number}", "diameter": 1.2, "lat": 33.4, "lon": -116.9}
    telescope_id = api.post("/api/telescope", {**telescope, "elevation": 1700.0, "robotic": True}).data["id"]
    instrument = {"name": f"Camera {number}", "type": "imager", "telescope_id": telescope_id, "filters": filters}
    return api.post("/api/instrument", instrument).data["id"]


@dataclass
class Scene:
    """What a test has at its start."""

    admin: Api
    user: Api
    group_id: int
    obj_id: str
    instrument_id: int
    service: StubService
    service_id: int

    def start(self, **body: Any) -> int:
        return self.user.post(f"/api/obj/{self.obj_id}/analysis/{self.service_id}", body).data["id"]

    def read(self, analysis_id: int) -> dict[str, Any]:
        return self.user.get(f"/api/obj/analysis/{analysis_id}").data

    def status(self, analysis_id: int) -> str:
        return self.read(analysis_id)["status"]

    def answer(self, token: str, body: Any = SUCCESS, raw: bytes | None = None):
        """Post a result as the service does."""
        return Api(None).post(f"/api/webhook/obj_analysis/{token}", body, raw=raw)

    def outsider(self) -> Api:
        """Somebody with every permission of a full user, in another group."""
        return make_user(self.admin, groups=[make_group(self.admin)])


def register(admin: Api, group_id: int, url: str, **changes: Any) -> int:
    """Register a service and return its id."""
    wanted = {
        "name": f"service {next(_numbers)}",
        "url": url,
        "authentication_type": "none",
        "analysis_type": "lightcurve_fitting",
        "input_data_types": ["photometry", "redshift"],
        "optional_analysis_parameters": json.dumps({"source": ["salt2", "salt3"], "cube": {"type": "file"}}),
        "timeout": 600,
        "group_ids": [group_id],
    }
    return admin.post("/api/analysis_service", {**wanted, **changes}).data["id"]


def make_scene(admin: Api, service: StubService, **service_changes: Any) -> Scene:
    """Make a user in a group, a source with three points, and a registered service."""
    group_id = make_group(admin)
    user = make_user(admin, groups=[group_id])
    instrument_id = make_instrument(user, ["ztfg", "ztfr"])
    obj_id = f"ZTF26aa{next(_numbers):06d}"
    source = {"id": obj_id, "ra": 202.5, "dec": 13.4, "redshift": 0.0246, "group_ids": [group_id]}
    assert user.post("/api/sources", source).status == 200
    points = {
        "obj_id": obj_id,
        "instrument_id": instrument_id,
        "mjd": [59000.5, 59001.5, 59002.5],
        "filter": ["ztfg", "ztfr", "ztfg"],
        "flux": [100.0, 200.0, None],
        "fluxerr": [5.0, 4.0, 3.0],
        "zp": 23.9,
        "magsys": "ab",
        "group_ids": [group_id],
    }
    assert user.post("/api/photometry", points).status == 200
    service_id = register(admin, group_id, service.url, **service_changes)
    return Scene(admin, user, group_id, obj_id, instrument_id, service, service_id)


def stored(prefix: str) -> list[str]:
    """Return the keys of the objects below a prefix."""
    listed = boto3.client("s3").list_objects_v2(Bucket=settings().bucket, Prefix=prefix)
    return [item["Key"] for item in listed.get("Contents", [])]


def stored_json(key: str) -> Any:
    """Read a stored document."""
    content = boto3.client("s3").get_object(Bucket=settings().bucket, Key=key)["Body"].read()
    return json.loads(gzip.decompress(content))
