"""One of everything in a group of one's own, in a shared one and in a foreign one, and people of every role."""

import itertools
from dataclasses import dataclass
from typing import Any

from chalicelib.analyses.run.webhook_token import run_of
from tests.support.api import Api
from tests.support.completed import inference_data
from tests.support.people import make_group, make_user
from tests.support.scene import SUCCESS, make_instrument, register
from tests.support.service import StubService
from tests.support.worker import drain, take

TARGETS = ("own", "shared", "foreign")
ROLES = {"viewer": "View only", "member": "Full user", "manager": "Group admin"}

_numbers = itertools.count(1)


@dataclass
class World:
    """People by role, and the numbers of everything by target.

    The viewer, the member and the manager are in `near`; the author, who made everything, is in `near` and in `far`.
    What is "own" is shared with `near`, what is "shared" with both, what is "foreign" with `far`.
    """

    admin: Api
    people: dict[str, Api]
    groups: dict[str, list[int]]
    service: StubService
    instrument_id: int
    taxonomy_id: int

    @property
    def author(self) -> Api:
        return self.people["author"]

    def ids(self, target: str) -> dict[str, Any]:
        """Make one of everything and return the numbers by the names of the path parameters."""
        groups = self.groups[target]
        ids: dict[str, Any] = {"group_id": groups[0], "group_ids": groups, "number": 0}
        for kind in ("obj_id", "service_id", "upload_id", "default_id", "analysis_id", "photometry_id", "spectrum_id"):
            ids[kind] = self.make(kind, ids)
        for kind in ("comment_id", "annotation_id", "classification_id", "batch_id", "subscription_id"):
            ids[kind] = self.make(kind, ids)
        return ids

    def make(self, kind: str, ids: dict[str, Any]) -> Any:
        """Make another one of a kind, beside the others of a target, and return its number."""
        return getattr(self, f"_make_{kind}")(ids)

    def _make_obj_id(self, ids):
        obj_id = f"object-{next(_numbers)}"
        body = {"id": obj_id, "ra": 10.0, "dec": 20.0, "group_ids": ids["group_ids"]}
        assert self.author.post("/api/sources", body).status == 200
        return obj_id

    def _make_service_id(self, ids, **changes):
        number = register(self.admin, ids["group_ids"][0], self.service.url, **changes)
        assert self.admin.patch(f"/api/analysis_service/{number}", {"group_ids": ids["group_ids"]}).status == 200
        return number

    def _make_upload_id(self, ids):
        return self._make_service_id(ids, upload_only=True)

    def _make_default_id(self, ids):
        path = f"/api/analysis_service/{ids['service_id']}/default_analysis"
        return self.author.post(path, {"group_ids": ids["group_ids"]}).data["id"]

    def _make_analysis_id(self, ids):
        path = f"/api/obj/{ids['obj_id']}/analysis/{ids['service_id']}"
        number = self.author.post(path, {"group_ids": ids["group_ids"]}).data["id"]
        drain()
        posted = {**SUCCESS["analysis"], "inference_data": inference_data()}
        token = next(got.token for got in self.service.received if run_of(got.token) == number)
        answer = Api(None).post(f"/api/webhook/obj_analysis/{token}", {"status": "success", "analysis": posted})
        assert answer.status == 200
        drain()
        return number

    def _make_open_id(self, ids):
        path = f"/api/obj/{ids['obj_id']}/analysis/{ids['service_id']}"
        number = self.author.post(path, {"group_ids": ids["group_ids"]}).data["id"]
        take("dispatch")
        return number

    def _make_batch_id(self, ids):
        body = {"analysis_service_id": ids["service_id"], "obj_ids": [ids["obj_id"]], "group_ids": ids["group_ids"]}
        return self.author.post("/api/analysis_batch", body).data["id"]

    def _make_subscription_id(self, ids):
        body = {"url": self.service.url, "events": ["batch.finished"], "group_ids": ids["group_ids"]}
        return self.author.post("/api/event_subscriptions", body).data["id"]

    def _make_file_id(self, ids):
        source, groups = f"/api/sources/{ids['obj_id']}", ",".join(map(str, ids["group_ids"]))
        query = {"objID": ids["obj_id"], "instrument_id": self.instrument_id, "group_ids": groups}
        table = b"mjd,filter,mag,magerr\n59000.5,ztfg,19,0.1\n"
        assert self.author.call("POST", "/api/photometry_file", raw=table, **query).status == 200
        return self.author.get(f"{source}/files").data[0]["id"]

    def _make_relay_id(self, ids):
        body = {
            "service_id": ids["service_id"],
            "callback_hosts": ["portal.example.org"],
            "group_ids": ids["group_ids"],
        }
        return self.admin.post("/api/relay", body).data["id"]

    def _make_photometry_id(self, ids):
        return self.author.post("/api/photometry", self.point(ids)).data["ids"][0]

    def _make_spectrum_id(self, ids):
        return self.author.post("/api/spectrum", self.spectrum(ids)).data["id"]

    def _make_comment_id(self, ids):
        body = {"text": "hm", "group_ids": ids["group_ids"], "attachment": {"name": "hm.txt", "body": "aG0="}}
        return self.author.post(f"/api/sources/{ids['obj_id']}/comments", body).data["comment_id"]

    def _make_annotation_id(self, ids):
        body = {"origin": f"origin {next(_numbers)}", "data": {"a": 1}, "group_ids": ids["group_ids"]}
        return self.author.post(f"/api/sources/{ids['obj_id']}/annotations", body).data["annotation_id"]

    def _make_classification_id(self, ids):
        return self.author.post("/api/classification", self.classification(ids)).data["classification_id"]

    def point(self, ids, **changes):
        mjd = 59000.0 + next(_numbers)
        base = {"obj_id": ids["obj_id"], "instrument_id": self.instrument_id, "filter": "ztfg", "magsys": "ab"}
        return {**base, "mjd": mjd, "flux": 9.0, "fluxerr": 1.0, "zp": 23.9, "group_ids": ids["group_ids"], **changes}

    def spectrum(self, ids):
        base = {"obj_id": ids["obj_id"], "instrument_id": self.instrument_id, "observed_at": "2026-01-01T00:00:00"}
        return {**base, "wavelengths": [4000.0], "fluxes": [1.0], "group_ids": ids["group_ids"]}

    def classification(self, ids):
        base = {"obj_id": ids["obj_id"], "classification": "SN", "taxonomy_id": self.taxonomy_id}
        return {**base, "group_ids": ids["group_ids"]}


def make_world(admin: Api, service: StubService) -> World:
    """Make the people and the groups; `World.ids` makes the rest."""
    near, far = make_group(admin, "near"), make_group(admin, "far")
    people = {name: make_user(admin, [role], [near], username=name) for name, role in ROLES.items()}
    people["author"] = make_user(admin, groups=[near, far], username="author")
    people["admin"] = admin
    groups = {"own": [near], "shared": [near, far], "foreign": [far]}
    instrument_id = make_instrument(people["author"], ["ztfg", "ztfr"])
    taxonomy = {"name": "taxonomy", "version": "1", "hierarchy": {"class": "SN"}, "group_ids": [near, far]}
    taxonomy_id = admin.post("/api/taxonomy", taxonomy).data["taxonomy_id"]
    return World(admin, people, groups, service, instrument_id, taxonomy_id)
