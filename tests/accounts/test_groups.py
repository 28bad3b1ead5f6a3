"""Groups: who sees them, who makes them, who is in them."""

import pytest

from tests.support.aws_calls import recorded_aws_calls
from tests.support.parallel import at_once
from tests.support.people import join, make_group, make_user


def _ids(records):
    return [record["id"] for record in records]


def test_a_user_sees_own_groups_and_an_administrator_all(admin):
    mine, foreign = make_group(admin), make_group(admin)
    user = make_user(admin, groups=[mine])
    public = admin.get("/api/groups/public").data["id"]
    seen = user.get("/api/groups").data
    assert _ids(seen["user_groups"]) == _ids(seen["user_accessible_groups"]) == [public, mine]
    assert seen["all_groups"] is None
    assert _ids(admin.get("/api/groups").data["all_groups"]) == [public, mine, foreign]


def test_a_group_is_found_by_its_exact_name_by_those_who_reach_it(admin):
    group = make_group(admin, name="Nuclear Transients")
    member, stranger = make_user(admin, groups=[group]), make_user(admin)
    assert _ids(member.get("/api/groups", name="Nuclear Transients").data) == [group]
    assert member.get("/api/groups", name="Nuclear").data == []
    assert stranger.get("/api/groups", name="Nuclear Transients").data == []


def test_members_see_each_other_and_strangers_see_nothing(admin):
    group = make_group(admin)
    member, stranger = make_user(admin, groups=[group], contact_email="m@example.org"), make_user(admin)
    other = make_user(admin, groups=[group])
    shown = {user["id"]: user for user in other.get(f"/api/groups/{group}").data["users"]}
    assert shown[member.user_id]["username"] == member.username
    assert shown[member.user_id]["contact_email"] is None
    assert "m@example.org" in [user["contact_email"] for user in admin.get(f"/api/groups/{group}").data["users"]]
    assert "users" not in other.get(f"/api/groups/{group}", includeGroupUsers="false").data
    assert stranger.get(f"/api/groups/{group}").error == (403, "Cannot access this group.")
    assert admin.get("/api/groups/999").error == (403, "Cannot access this group.")


def test_who_makes_a_group_administers_it_together_with_those_named(admin):
    maker, second = make_user(admin), make_user(admin)
    body = {"name": " Tidal ", "nickname": "T", "description": "d", "group_admins": [second.user_id]}
    group = maker.post("/api/groups", body).data["id"]
    record = maker.get(f"/api/groups/{group}").data
    assert (record["name"], record["nickname"], record["description"]) == ("Tidal", "T", "d")
    assert {user["id"]: user["admin"] for user in record["users"]} == {maker.user_id: True, second.user_id: True}


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "  "}, {"name": 7}, {"name": "x", "group_admins": "me"}])
def test_a_group_without_a_proper_name_is_refused(admin, body):
    code, message = admin.post("/api/groups", body).error
    assert code == 400
    assert message.startswith("Invalid/missing parameters: {")


def test_a_group_needs_existing_administrators(admin):
    code, message = admin.post("/api/groups", {"name": "ghosts", "group_admins": [77]}).error
    assert (code, message) == (400, "Cannot find one or more users with IDs: [77].")
    assert admin.post("/api/groups", {"name": "ghosts"}).status == 200


def test_of_two_groups_of_one_name_made_at_once_one_is(admin):
    admin.get("/api/acls")
    answers = at_once(lambda _: admin.post("/api/groups", {"name": "twins"}), range(4))
    assert sorted(answer.status for answer in answers) == [200, 400, 400, 400]
    refused = next(answer for answer in answers if answer.status == 400)
    assert "already exists" in refused.error[1]
    assert len(admin.get("/api/groups", name="twins").data) == 1


def test_a_viewer_makes_no_groups(admin):
    assert make_user(admin, roles=["View only"]).post("/api/groups", {"name": "x"}).error[0] == 401


def test_the_groups_administrator_adds_and_removes_members(admin):
    owner, user = make_user(admin), make_user(admin)
    group = owner.post("/api/groups", {"name": "ours"}).data["id"]
    added = owner.post(f"/api/groups/{group}/users", {"userID": user.user_id, "canSave": False}).data
    assert added == {"group_id": group, "user_id": user.user_id, "admin": False}
    member = next(row for row in user.get(f"/api/groups/{group}").data["users"] if row["id"] == user.user_id)
    assert (member["admin"], member["can_save"], member["can_share_photometry"]) == (False, False, False)
    assert owner.delete(f"/api/groups/{group}/users/{user.user_id}").data == {}
    assert user.get(f"/api/groups/{group}").error[0] == 403
    assert _ids(owner.get(f"/api/groups/{group}").data["users"]) == [owner.user_id]


def test_a_plain_member_changes_nobody_but_may_leave(admin):
    group = make_group(admin)
    member, other = make_user(admin, groups=[group]), make_user(admin, groups=[group])
    stranger = make_user(admin)
    assert member.post(f"/api/groups/{group}/users", {"userID": stranger.user_id}).error[0] == 403
    assert member.patch(f"/api/groups/{group}/users", {"userID": member.user_id, "admin": True}).error[0] == 403
    assert member.delete(f"/api/groups/{group}/users/{other.user_id}").error[0] == 403
    assert member.delete(f"/api/groups/{group}/users/{member.user_id}").status == 200
    assert member.get(f"/api/groups/{group}").error[0] == 403


def test_the_administrator_of_another_group_has_no_say(admin):
    group = make_group(admin)
    other = make_user(admin, group_admin_of=[make_group(admin)])
    code, message = other.post(f"/api/groups/{group}/users", {"userID": other.user_id}).error
    assert (code, message) == (403, f"Cannot find one or more groups with IDs: [{group}].")


def test_nobody_joins_twice_and_nobody_who_does_not_exist(admin):
    group = make_group(admin)
    user = make_user(admin, groups=[group])
    assert "already a member" in admin.post(f"/api/groups/{group}/users", {"userID": user.user_id}).error[1]
    assert admin.post(f"/api/groups/{group}/users", {"userID": 999}).error == (400, "Cannot find a user with ID 999.")
    assert admin.post("/api/groups/999/users", {"userID": user.user_id}).error[0] == 403
    assert "not a member" in admin.delete(f"/api/groups/{group}/users/999").error[1]


def test_the_last_administrator_stays_until_there_is_another(admin):
    owner, heir = make_user(admin), make_user(admin)
    group = owner.post("/api/groups", {"name": "dynasty"}).data["id"]
    join(owner, group, heir)
    code, message = owner.delete(f"/api/groups/{group}/users/{owner.user_id}").error
    assert code == 400
    assert "needs an administrator" in message
    assert owner.patch(f"/api/groups/{group}/users", {"userID": owner.user_id, "admin": False}).error[0] == 400
    assert owner.patch(f"/api/groups/{group}/users", {"userID": heir.user_id, "admin": True}).status == 200
    assert owner.delete(f"/api/groups/{group}/users/{owner.user_id}").status == 200
    assert heir.delete(f"/api/groups/{group}/users/{heir.user_id}").error[0] == 400


def test_of_two_administrators_who_leave_at_once_one_stays(admin):
    first, second = make_user(admin), make_user(admin)
    group = first.post("/api/groups", {"name": "pair", "group_admins": [second.user_id]}).data["id"]
    first.get("/api/acls"), second.get("/api/acls")
    answers = at_once(lambda user: user.delete(f"/api/groups/{group}/users/{user.user_id}"), [first, second])
    assert sorted(answer.status for answer in answers) == [200, 400]
    assert [user["admin"] for user in admin.get(f"/api/groups/{group}").data["users"]] == [True]


def test_a_change_names_what_it_changes(admin):
    group = make_group(admin)
    user = make_user(admin, groups=[group])
    assert admin.patch(f"/api/groups/{group}/users", {"userID": user.user_id}).error[0] == 400
    assert admin.patch(f"/api/groups/{group}/users", {"userID": user.user_id, "canSave": False}).status == 200
    member = next(row for row in user.get(f"/api/groups/{group}").data["users"] if row["id"] == user.user_id)
    assert (member["admin"], member["can_save"]) == (False, False)


def test_a_user_is_in_at_most_ninety_groups(admin, monkeypatch):
    monkeypatch.setattr("chalicelib.accounts.groups.memberships.MAX_GROUPS", 3)  # ninety would take a minute
    user = make_user(admin, groups=[make_group(admin), make_group(admin)])
    group = make_group(make_user(admin))
    code, message = admin.post(f"/api/groups/{group}/users", {"userID": user.user_id}).error
    assert code == 400
    assert "at most 3 groups" in message


def test_group_records_cost_no_call_once_read(admin):
    user = make_user(admin, groups=[make_group(admin)])
    user.get("/api/groups")
    with recorded_aws_calls() as calls:
        user.get("/api/groups")
    assert calls == []


def test_no_group_has_a_name_that_no_group_can_have(admin):
    assert admin.get("/api/groups", name="x" * 3000).data == []
    assert admin.get("/api/user", group="x" * 3000).data["totalMatches"] == 0


def test_a_group_says_who_is_in_it_twice_as_skyportal_does(admin):
    group = make_group(admin)
    members = [
        make_user(admin, group_admin_of=[group], contact_email="a@example.org"),
        make_user(admin, groups=[group]),
    ]
    record = members[1].get(f"/api/groups/{group}").data
    rows = {row["user_id"]: row for row in record["group_users"]}
    assert {row["id"] for row in record["users"]} == set(rows)
    assert all(row["group_id"] == group and row["user"]["id"] == user_id for user_id, row in rows.items())
    assert [rows[member.user_id]["admin"] for member in members] == [True, False]
    assert rows[members[0].user_id]["user"]["contact_email"] is None
    assert len({row["id"] for row in rows.values()}) == len(rows) == 3
    assert (record["streams"], record["filters"]) == ([], [])
    others = admin.get(f"/api/groups/{make_group(admin, members=members)}").data["group_users"]
    assert not {row["id"] for row in others} & {row["id"] for row in rows.values()}
    assert "group_users" not in admin.get(f"/api/groups/{group}", includeGroupUsers="false").data
