"""From the Authorization header to what the caller may do."""

import uuid
from datetime import timedelta

import pytest

from chalicelib import clock
from tests.support.api import Api
from tests.support.aws_calls import recorded_aws_calls
from tests.support.people import make_group, make_token, make_user

PROFILE = "/api/internal/profile"


def test_a_request_without_a_token_is_refused(anonymous):
    code, message = anonymous.get(PROFILE).error
    assert code == 401
    assert "Authorization" in message


@pytest.mark.parametrize(
    "header", ["token", "token ", "Bearer {token}", "{token}", "token not-a-token", "token é", "token \ud800"]
)
def test_a_malformed_header_is_refused(admin, anonymous, header):
    assert admin.get(PROFILE).status == 200
    answer = anonymous.get(PROFILE, headers={"Authorization": header.format(token=admin.token)})
    assert answer.error[0] == 401


def test_an_unknown_token_is_refused(stack):
    assert Api(str(uuid.uuid4())).get(PROFILE).error == (401, "Unknown token.")


@pytest.mark.parametrize("scheme", ["token", "Token", "TOKEN"])
def test_the_scheme_is_read_in_any_case(admin, anonymous, scheme):
    answer = anonymous.get(PROFILE, headers={"Authorization": f"{scheme} {admin.token}"})
    assert answer.data["username"] == "admin"


def test_a_known_token_costs_three_calls_once_and_then_none(admin):
    user = make_user(admin)
    with recorded_aws_calls() as calls:
        user.get("/api/acls")
        assert len(calls) == 3
        user.get("/api/acls")
        assert len(calls) == 3


def test_an_unknown_token_is_not_remembered(admin):
    stranger = Api(str(uuid.uuid4()))
    with recorded_aws_calls() as calls:
        for _ in range(3):
            assert stranger.get("/api/acls").status == 401
    assert len(calls) == 3


def test_a_token_may_do_less_than_its_owner(admin):
    owner = make_user(admin)
    reader = make_token(admin, owner.user_id, ["Comment"])
    code, message = reader.post("/api/groups", {"name": "mine"}).error
    assert code == 401
    assert "Upload data" in message
    assert owner.post("/api/groups", {"name": "mine"}).status == 200


def test_a_role_taken_away_takes_its_permissions_from_existing_tokens_at_once(admin):
    user = make_user(admin)
    assert user.post("/api/groups", {"name": "one"}).status == 200
    assert admin.patch(f"/api/user/{user.user_id}", {"roles": ["View only"]}).status == 200
    assert user.post("/api/groups", {"name": "two"}).error[0] == 401


def test_an_administrators_token_with_few_permissions_is_no_administrator(admin):
    token = make_token(admin, admin.get(PROFILE).data["id"], ["Comment"])
    assert token.post("/api/user", {"username": "somebody"}).error[0] == 401


def test_a_closed_account_is_refused_until_it_is_opened_again(admin):
    user = make_user(admin)
    assert user.get(PROFILE).status == 200
    yesterday = clock.iso(clock.now() - timedelta(days=1))
    assert admin.patch(f"/api/user/{user.user_id}", {"expirationDate": yesterday}).status == 200
    code, message = user.get(PROFILE).error
    assert code == 401
    assert "closed" in message
    assert admin.patch(f"/api/user/{user.user_id}", {"expirationDate": None}).status == 200
    assert user.get(PROFILE).status == 200


def test_an_account_closes_at_its_moment_although_its_identity_is_remembered(admin, monkeypatch):
    user = make_user(admin)
    soon = clock.now() + timedelta(seconds=20)
    assert admin.patch(f"/api/user/{user.user_id}", {"expirationDate": clock.iso(soon)}).status == 200
    assert user.get(PROFILE).status == 200
    monkeypatch.setattr(clock, "now", lambda: soon)
    assert user.get(PROFILE).error[0] == 401


def test_a_date_with_an_offset_is_stored_as_utc(admin):
    user = make_user(admin)
    admin.patch(f"/api/user/{user.user_id}", {"expirationDate": "2099-01-01T02:00:00+02:00"})
    assert admin.get(f"/api/user/{user.user_id}").data["expiration_date"] == "2099-01-01T00:00:00.000000"


@pytest.mark.parametrize("wrong", [20990101, "59226.128", 4070908800, "4070908800", True])
def test_an_account_does_not_close_at_a_number(admin, wrong):
    user = make_user(admin)
    code, message = admin.patch(f"/api/user/{user.user_id}", {"expirationDate": wrong}).error
    assert (code, '"expirationDate": ["must be an ISO 8601 date or time' in message) == (400, True)
    assert admin.patch(f"/api/user/{user.user_id}", {"expirationDate": "20990101T000000Z"}).status == 200
    assert admin.get(f"/api/user/{user.user_id}").data["expiration_date"] == "2099-01-01T00:00:00.000000"


def test_joining_a_group_is_visible_to_existing_tokens_at_once(admin):
    user = make_user(admin)
    group = make_group(admin)
    assert user.get(f"/api/groups/{group}").error[0] == 403
    admin.post(f"/api/groups/{group}/users", {"userID": user.user_id})
    assert user.get(f"/api/groups/{group}").status == 200
