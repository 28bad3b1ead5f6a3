"""The token of the settings makes the first administrator, once."""

import pytest

from chalicelib import memory
from tests.conftest import ADMIN_TOKEN
from tests.support.api import Api
from tests.support.parallel import at_once


@pytest.fixture
def admin(stack):
    """Somebody who has the token of the settings, at a site where nobody has been before."""
    return Api(ADMIN_TOKEN)


def test_the_first_request_makes_administrator_and_public_group(admin):
    profile = admin.get("/api/internal/profile").data
    assert profile["username"] == "admin"
    assert profile["roles"] == ["Super admin"]
    group = admin.get("/api/groups/public").data
    assert group["name"] == "Sitewide Group"
    members = admin.get(f"/api/groups/{group['id']}").data["users"]
    assert [(member["id"], member["admin"]) for member in members] == [(profile["id"], True)]


def test_first_requests_at_once_make_one_administrator(admin):
    answers = at_once(lambda _: admin.get("/api/internal/profile"), range(8))
    assert {answer.data["username"] for answer in answers} == {"admin"}
    assert len({answer.data["id"] for answer in answers}) == 1
    assert admin.get("/api/user").data["totalMatches"] == 1
    assert len(admin.get("/api/groups").data["all_groups"]) == 1


def test_a_process_that_starts_later_finds_the_same_administrator(admin):
    before = admin.get("/api/internal/profile").data["id"]
    memory.forget()
    assert admin.get("/api/internal/profile").data["id"] == before


def test_its_token_can_be_revoked_for_good(admin):
    spare = admin.post("/api/internal/tokens", {"name": "spare", "acls": ["System admin"]}).data["token_id"]
    assert admin.delete(f"/api/internal/tokens/{admin.token}").status == 200
    assert admin.get("/api/internal/profile").error == (401, "Unknown token.")
    assert type(admin)(spare).get("/api/internal/profile").data["username"] == "admin"
