"""The stack in processes of its own, and a source with data in it."""

import json
import uuid
from dataclasses import dataclass

import pytest
import requests

from tests.infra.serve import Serve

ADMIN_TOKEN = str(uuid.uuid4())
OBJ_ID = "ZTF26aaaaaaa"


@dataclass(frozen=True)
class Site:
    """A stack that serves, and the tokens of an administrator and of a full user."""

    url: str
    tokens: dict[str, str]

    def data(self, method, path, body=None, who="admin"):
        """Return the data of a success; fails the test on anything else."""
        headers = {"Authorization": f"token {self.tokens[who]}"}
        answer = requests.request(method, self.url + path, json=body, headers=headers, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    with Serve(tmp_path_factory.mktemp("stack") / "log", "--admin-token", ADMIN_TOKEN) as stack:
        made = Site(stack.url, {"admin": ADMIN_TOKEN})
        yield Site(made.url, {**made.tokens, "full user": _full_user(made)})


def _full_user(site):
    """Make a user and, so that there is something to find, data in its group; return its token."""
    group_id = site.data("POST", "/api/groups", {"name": "Deep"})["id"]
    user = {"username": "full", "roles": ["Full user"], "groupIDsAndAdmin": [[group_id, False]]}
    user_id = site.data("POST", "/api/user", user)["id"]
    acls = site.data("GET", f"/api/user/{user_id}")["permissions"]
    token = {"name": "deep", "acls": acls, "user_id": user_id}
    made = site.data("POST", "/api/internal/tokens", token)["token_id"]
    site.data("POST", "/api/sources", {"id": OBJ_ID, "ra": 10.0, "dec": 10.0, "group_ids": [group_id]})
    site.data("POST", f"/api/sources/{OBJ_ID}/annotations", {"origin": "deep", "data": {"a": 1}})
    tree = {"class": "Object", "subclasses": [{"class": "Ia"}]}
    site.data("POST", "/api/taxonomy", {"name": "T", "version": "1", "hierarchy": tree})
    _service(site, group_id)
    return made


def _service(site, group_id):
    service = {
        "name": "deep",
        "url": "http://127.0.0.1:9/analysis",
        "authentication_type": "none",
        "analysis_type": "meta_analysis",
        "optional_analysis_parameters": json.dumps({"a": ["1", "2"]}),
        "group_ids": [group_id],
    }
    site.data("POST", "/api/analysis_service", service)
