"""The token of the settings makes the first administrator, once."""

import uuid

import pytest

from chalicelib import memory
from chalicelib.accounts.items.announced import Announced
from chalicelib.settings import settings
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


@pytest.fixture
def announce(monkeypatch):
    """Put another token into the settings, and return its holder."""

    def change(token=None):
        token = token or str(uuid.uuid4())
        monkeypatch.setenv("SIDEROSTAT_ADMIN_TOKEN", token)
        settings.cache_clear()
        return Api(token)

    yield change
    monkeypatch.undo()
    settings.cache_clear()


def profile(api):
    return api.get("/api/internal/profile")


def revoke(api):
    assert api.delete(f"/api/internal/tokens/{api.token}").status == 200


def test_another_token_in_the_settings_takes_the_place_of_the_one_before(admin, announce):
    before = profile(admin).data
    spare = Api(admin.post("/api/internal/tokens", {"name": "spare", "acls": ["System admin"]}).data["token_id"])
    new = announce()
    answers = at_once(lambda _: profile(Api(new.token)), range(8))
    assert {answer.data["id"] for answer in answers} == {before["id"]}
    assert profile(admin).error == (401, "Unknown token.")
    assert profile(spare).status == 200
    assert new.get("/api/user").data["totalMatches"] == 1
    names = [token["name"] for token in new.get("/api/internal/tokens").data]
    assert sorted(names) == ["first administrator", "spare"]


def test_a_token_that_was_replaced_or_revoked_is_not_taken_again(admin, announce):
    profile(admin)
    second = announce()
    profile(second)
    assert profile(announce(admin.token)).status == 401
    assert profile(second).status == 200
    revoke(second)
    assert profile(announce(second.token)).status == 401
    assert profile(announce()).data["username"] == "admin"


def test_the_one_before_is_revoked_whatever_it_is_called_and_so_is_what_bears_its_name(admin, announce):
    profile(admin)
    assert admin.put(f"/api/internal/tokens/{admin.token}", {"name": "mine"}).status == 200
    namesake = {"name": "first administrator", "acls": ["System admin"]}
    namesake = Api(admin.post("/api/internal/tokens", namesake).data["token_id"])
    new = announce()
    assert profile(new).status == 200
    assert [profile(each).status for each in (admin, namesake)] == [401, 401]
    assert [token["name"] for token in new.get("/api/internal/tokens").data] == ["first administrator"]


def test_it_makes_an_administrator_of_one_who_was_shut_out(admin, announce):
    number = profile(admin).data["id"]
    other = admin.post("/api/user", {"username": "other", "roles": ["Super admin"]}).data["id"]
    other = admin.post("/api/internal/tokens", {"name": "o", "acls": ["System admin"], "user_id": other})
    other = Api(other.data["token_id"])
    shut = {"roles": ["View only"], "expirationDate": "2001-01-01"}
    assert other.patch(f"/api/user/{number}", shut).status == 200
    assert profile(admin).status == 401
    assert profile(announce()).data["roles"] == ["Super admin"]


def test_a_site_that_does_not_remember_its_tokens_takes_another_one_unless_the_first_was_revoked(admin, announce):
    profile(admin)
    Announced.so_far().delete()
    second = announce()
    assert (profile(second).status, profile(admin).status) == (200, 401)
    assert profile(announce(admin.token)).status == 401

    announce(second.token)
    revoke(second)
    Announced.so_far().delete()
    assert [profile(each).status for each in (second, announce())] == [401, 401]
