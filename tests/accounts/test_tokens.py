"""API tokens: shown once, listed by a part of their hash, never more powerful than whoever made them."""

import json
import uuid

import pytest

from tests.support.api import Api
from tests.support.parallel import at_once
from tests.support.people import make_group, make_token, make_user
from tests.support.storage import stored_text

TOKENS = "/api/internal/tokens"


@pytest.fixture
def user(stack, admin):
    return stack.recall("user", lambda: make_user(admin))


def _only(user):
    return user.get(TOKENS).data[0]


def test_a_token_is_a_uuid4_and_works(user):
    token = user.post(TOKENS, {"name": "laptop", "acls": ["Comment"]}).data["token_id"]
    assert uuid.UUID(token).version == 4
    assert str(uuid.UUID(token)) == token
    assert Api(token).get("/api/internal/profile").data["id"] == user.user_id


def test_no_token_is_stored(user):
    token = user.post(TOKENS, {"name": "laptop", "acls": []}).data["token_id"]
    stored = stored_text()
    assert "laptop" in stored
    assert token not in stored
    assert user.token not in stored


def test_the_list_shows_a_part_of_the_hash(user):
    record = _only(user)
    assert len(record["id"]) == 16
    assert record["id"] not in user.token
    assert user.token not in json.dumps(record)
    assert record["created_by_id"] == record["created_by"]["id"] == user.user_id
    assert {"id": "Comment"} in record["acls"]


def test_the_list_is_in_order_of_creation(user):
    for name in ("b", "a"):
        user.post(TOKENS, {"name": name, "acls": []})
    assert [record["name"] for record in user.get(TOKENS).data][1:] == ["b", "a"]


def test_a_token_is_found_by_itself_and_by_its_id(user):
    record = _only(user)
    assert user.get(f"{TOKENS}/{user.token}").data == record
    assert user.get(f"{TOKENS}/{record['id']}").data == record


def test_what_is_not_there_and_what_is_not_ones_own_look_the_same(admin, user):
    stranger = make_user(admin)
    expected = (403, "Cannot access this token.")
    for method in (stranger.get, stranger.put, stranger.delete):
        assert method(f"{TOKENS}/{user.token}").error == expected
        assert method(f"{TOKENS}/{_only(user)['id']}").error == expected
        assert method(f"{TOKENS}/{uuid.uuid4()}").error == expected
        assert method(f"{TOKENS}/0123456789abcdef").error == expected


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "x"},
        {"acls": []},
        {"name": "", "acls": []},
        {"name": "x", "acls": "Comment"},
        {"name": "x", "acls": [], "user_id": 2**53},
    ],
)
def test_name_and_acls_are_required(user, body):
    code, message = user.post(TOKENS, body).error
    assert code == 400
    assert message.startswith("Invalid/missing parameters: {")


def test_blanks_among_the_acls_do_not_count(user):
    token = user.post(TOKENS, {"name": "x", "acls": ["", "Comment", " "]}).data["token_id"]
    assert [acl["id"] for acl in user.get(f"{TOKENS}/{token}").data["acls"]] == ["Comment"]


def test_acls_must_exist_and_be_held_by_the_owner(admin, user):
    assert "Unknown ACLs" in user.post(TOKENS, {"name": "x", "acls": ["Fly"]}).error[1]
    wanted = {"name": "x", "acls": ["Manage users"]}
    assert user.post(TOKENS, wanted).error[0] == 400
    assert admin.post(TOKENS, {**wanted, "user_id": user.user_id}).error[0] == 400


def test_a_token_does_not_make_one_with_more_than_it_carries(admin, user):
    weak = make_token(admin, user.user_id, ["Comment"])
    assert weak.post(TOKENS, {"name": "strong", "acls": ["Comment", "Upload data"]}).error[0] == 403
    assert weak.put(f"{TOKENS}/{weak.token}", {"acls": ["Comment", "Upload data"]}).error[0] == 403
    assert weak.post(TOKENS, {"name": "same", "acls": ["Comment"]}).status == 200


def test_names_are_unique_per_owner(admin, user):
    body = {"name": "robot", "acls": []}
    assert user.post(TOKENS, body).status == 200
    code, message = user.post(TOKENS, body).error
    assert code == 400
    assert "Duplicate token name" in message
    assert make_user(admin).post(TOKENS, body).status == 200


def test_of_two_tokens_of_one_name_made_at_once_one_is(user):
    user.get("/api/acls")
    answers = at_once(lambda _: user.post(TOKENS, {"name": "twin", "acls": []}), range(4))
    assert sorted(answer.status for answer in answers) == [200, 400, 400, 400]
    assert len(user.get(TOKENS).data) == 2


def test_only_administrators_see_and_make_the_tokens_of_others(admin, user):
    stranger = make_user(admin)
    assert stranger.get(TOKENS, userID=user.user_id).error[0] == 403
    assert stranger.post(TOKENS, {"name": "x", "acls": [], "user_id": user.user_id}).error[0] == 403
    assert [record["created_by_id"] for record in admin.get(TOKENS, userID=user.user_id).data] == [user.user_id]
    assert admin.get(TOKENS, userID=999).error[0] == 403


def test_a_manager_gains_nothing_by_the_tokens_of_others(admin, user):
    manager = make_user(admin, roles=["Group admin"])
    elsewhere = make_user(admin, groups=[make_group(admin)])
    admin_id = admin.get("/api/internal/profile").data["id"]
    body = {"name": "x", "acls": ["Comment"]}
    assert manager.post(TOKENS, {**body, "user_id": user.user_id}).status == 200
    for user_id in (admin_id, elsewhere.user_id):
        assert manager.post(TOKENS, {**body, "user_id": user_id}).error[0] == 403
        assert manager.get(TOKENS, userID=user_id).error[0] == 403
    assert manager.delete(f"{TOKENS}/{admin.token}").error[0] == 403


def test_name_and_acls_change_one_by_one_and_at_once(user):
    token = user.post(TOKENS, {"name": "old", "acls": ["Upload data"]}).data["token_id"]
    path = f"{TOKENS}/{token}"
    assert Api(token).post("/api/groups", {"name": "g"}).status == 200
    user.put(path, {"acls": ["Comment"]})
    assert Api(token).post("/api/groups", {"name": "h"}).error[0] == 401
    user.put(path, {"name": "new"})
    record = user.get(path).data
    assert (record["name"], record["acls"]) == ("new", [{"id": "Comment"}])
    assert "new" in [listed["name"] for listed in user.get(TOKENS).data]
    assert user.post(TOKENS, {"name": "old", "acls": []}).status == 200
    assert user.put(path, {"name": "old"}).error[0] == 400
    assert user.put(path, {"name": "new"}).status == 200


def test_a_revoked_token_is_unknown_at_once_and_its_name_free(user):
    token = user.post(TOKENS, {"name": "old", "acls": []}).data["token_id"]
    assert Api(token).get("/api/acls").status == 200
    token_id = user.get(TOKENS).data[1]["id"]
    assert user.delete(f"{TOKENS}/{token_id}").data == {}
    assert Api(token).get("/api/acls").error == (401, "Unknown token.")
    assert user.delete(f"{TOKENS}/{token_id}").error[0] == 403
    assert user.post(TOKENS, {"name": "old", "acls": []}).status == 200


def test_the_longest_name_fits(user):
    assert user.post(TOKENS, {"name": "🔭" * 200, "acls": []}).status == 200
    assert user.post(TOKENS, {"name": "n" * 201, "acls": []}).error[0] == 400
