"""Users: who makes and changes them, and what others see of them."""

import hashlib

import pytest

from chalicelib.accounts.users.users import user_record
from tests.support.parallel import at_once
from tests.support.people import make_group, make_user


def test_a_new_user_has_the_default_role_and_is_in_the_public_group(admin):
    user_id = admin.post("/api/user", {"username": " rigel "}).data["id"]
    record = admin.get(f"/api/user/{user_id}").data
    assert record["username"] == "rigel"
    assert record["roles"] == ["Full user"]
    assert record["permissions"] == ["Annotate", "Classify", "Comment", "Run Analyses", "Upload data"]
    assert [group["name"] for group in record["groups"]] == ["Sitewide Group"]


def test_a_new_user_joins_the_groups_named_as_member_or_administrator(admin):
    one, two = make_group(admin), make_group(admin)
    user = make_user(admin, groups=[one], group_admin_of=[two])
    flags = {
        group: {row["id"]: row["admin"] for row in admin.get(f"/api/groups/{group}").data["users"]}[user.user_id]
        for group in (one, two)
    }
    assert flags == {one: False, two: True}


@pytest.mark.parametrize(
    "change",
    [
        {"username": ""},
        {"username": None},
        {"roles": ["Emperor"]},
        {"roles": "Full user"},
        {"groupIDsAndAdmin": [1]},
        {"groupIDsAndAdmin": [["a", True]]},
        {"affiliations": "Caltech"},
    ],
)
def test_improper_fields_are_refused(admin, change):
    assert admin.post("/api/user", {"username": "vega", **change}).error[0] == 400
    assert admin.get("/api/user", username="vega").data["totalMatches"] == 0


def test_no_roles_grant_nothing(admin):
    assert make_user(admin, roles=[]).get("/api/internal/profile").data["permissions"] == []


def test_blanks_in_lists_of_names_do_not_count(admin):
    lists = {"roles": ["", "View only", " "], "affiliations": ["Caltech", ""]}
    user_id = admin.post("/api/user", {"username": "mira", **lists}).data["id"]
    record = admin.get(f"/api/user/{user_id}").data
    assert (record["roles"], record["affiliations"]) == (["View only"], ["Caltech"])
    assert admin.patch(f"/api/user/{user_id}", {"roles": ["Full user", ""], "affiliations": [" "]}).status == 200
    record = admin.get(f"/api/user/{user_id}").data
    assert (record["roles"], record["affiliations"]) == (["Full user"], [])


def test_of_two_users_of_one_name_made_at_once_one_is(admin):
    admin.get("/api/groups/public")
    answers = at_once(lambda _: admin.post("/api/user", {"username": "castor"}), range(4))
    assert sorted(answer.status for answer in answers) == [200, 400, 400, 400]
    assert admin.get("/api/user", username="castor").data["totalMatches"] == 1


def test_a_group_that_does_not_exist_is_refused(admin):
    answer = admin.post("/api/user", {"username": "deneb", "groupIDsAndAdmin": [[99, False]]})
    assert answer.error == (403, "Cannot find one or more groups with IDs: [99].")


def test_only_managers_make_and_change_users(admin):
    user = make_user(admin)
    assert user.post("/api/user", {"username": "x"}).error[0] == 401
    assert user.patch(f"/api/user/{user.user_id}", {"roles": ["Super admin"]}).error[0] == 401


def test_nobody_grants_a_role_with_more_than_they_hold(admin):
    manager = make_user(admin, roles=["Group admin"])
    code, message = manager.post("/api/user", {"username": "x", "roles": ["Super admin"]}).error
    assert code == 403
    assert "System admin" in message
    assert manager.post("/api/user", {"username": "x", "roles": ["Group admin"]}).status == 200
    assert manager.patch(f"/api/user/{manager.user_id}", {"roles": ["Super admin"]}).error[0] == 403


def test_a_manager_puts_users_only_into_groups_that_they_administer(admin):
    group = make_group(admin)
    member = make_user(admin, roles=["Group admin"], groups=[group])
    owner = make_user(admin, roles=["Group admin"], group_admin_of=[group])
    body = {"username": "spy", "groupIDsAndAdmin": [[group, False]]}
    assert member.post("/api/user", body).error[0] == 403
    assert owner.post("/api/user", body).status == 200


def test_a_manager_does_not_change_those_with_more_permissions_or_other_groups(admin):
    manager = make_user(admin, roles=["Group admin"])
    elsewhere = make_user(admin, groups=[make_group(admin)])
    admin_id = admin.get("/api/internal/profile").data["id"]
    for user_id in (admin_id, elsewhere.user_id):
        assert manager.patch(f"/api/user/{user_id}", {"expirationDate": "2020-01-01"}).error[0] == 403
    assert admin.get("/api/internal/profile").status == 200


def test_an_administrator_does_not_lock_themselves_out(admin):
    own = f"/api/user/{admin.get('/api/internal/profile').data['id']}"
    assert admin.patch(own, {"expirationDate": "2020-01-01"}).error[0] == 400
    assert admin.patch(own, {"roles": ["Full user"]}).error[0] == 400
    assert admin.patch(own, {"first_name": "Ada"}).status == 200


def test_facts_are_changed_and_removed(admin):
    user = make_user(admin, first_name="Jocelyn", affiliations=["Cambridge"])
    path = f"/api/user/{user.user_id}"
    admin.patch(path, {"last_name": "Bell", "affiliations": None})
    record = admin.get(path).data
    assert (record["first_name"], record["last_name"], record["affiliations"]) == ("Jocelyn", "Bell", [])
    admin.patch(path, {"first_name": None})
    assert admin.get(path).data["first_name"] is None


def test_contact_details_are_for_the_user_and_for_managers(admin):
    user = make_user(admin, contact_email="v@example.org", contact_phone="1", oauth_uid="o", first_name="Vera")
    path = f"/api/user/{user.user_id}"
    stranger = make_user(admin)
    for reader in (user, admin):
        record = reader.get(path).data
        assert (record["contact_email"], record["contact_phone"], record["oauth_uid"]) == ("v@example.org", "1", "o")
    record = stranger.get(path).data
    assert record["first_name"] == "Vera"
    assert (record["contact_email"], record["contact_phone"], record["oauth_uid"]) == (None, None, None)
    assert stranger.get("/api/user", email="v@example.org").data["totalMatches"] == 0
    assert admin.get("/api/user", email="V@example").data["totalMatches"] == 1
    assert user_record(user.user_id)["contact_email"] is None


def test_a_user_that_does_not_exist_cannot_be_reached(admin):
    assert admin.get("/api/user/99").error == (403, "Cannot access this user.")
    assert admin.patch("/api/user/99", {"roles": []}).error[0] == 403
    assert admin.get("/api/user/abc").error[0] == 400
    assert user_record(99) is None


def test_the_remembered_record_follows_changes(admin):
    user = make_user(admin)
    assert user_record(user.user_id)["first_name"] is None
    admin.patch(f"/api/user/{user.user_id}", {"first_name": "Cecilia"})
    assert user_record(user.user_id)["first_name"] == "Cecilia"


class TestList:
    @pytest.fixture
    def api(self, stack, admin):
        return stack.recall("three users", lambda: self._people(admin))

    def _people(self, admin):
        group = make_group(admin, name="Variables")
        make_user(admin, username="altair", first_name="Zoe", groups=[group])
        make_user(admin, username="Bellatrix", first_name="Ann", roles=["View only"])
        make_user(admin, username="capella", first_name="Max", roles=["Group admin"], groups=[group])
        return admin

    def _names(self, api, **query):
        return [user["username"] for user in api.get("/api/user", **query).data["users"]]

    def test_is_sorted_by_username_in_any_case(self, api):
        assert self._names(api) == ["admin", "altair", "Bellatrix", "capella"]

    def test_is_sorted_as_asked(self, api):
        assert self._names(api, sortBy="firstName", sortOrder="desc")[0] == "altair"
        assert self._names(api, sortBy="createdAt") == ["admin", "altair", "Bellatrix", "capella"]
        assert api.get("/api/user", sortBy="shoeSize").error[0] == 400

    def test_has_pages(self, api):
        page = api.get("/api/user", pageNumber=2, numPerPage=3).data
        assert [user["username"] for user in page["users"]] == ["capella"]
        assert page["totalMatches"] == 4
        assert api.get("/api/user", pageNumber=0).error[0] == 400
        assert len(api.get("/api/user", numPerPage=1000).data["users"]) == page["totalMatches"]
        assert api.get("/api/user", numPerPage=0).error[0] == 400

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ({"username": "ELLA"}, ["Bellatrix", "capella"]),
            ({"firstName": "zo"}, ["altair"]),
            ({"role": "View only"}, ["Bellatrix"]),
            ({"acl": "Manage users"}, ["admin", "capella"]),
            ({"group": "Variables"}, ["admin", "altair", "capella"]),
            ({"group": "Constants"}, []),
            ({"stream": "ZTF"}, []),
        ],
    )
    def test_is_filtered(self, api, query, names):
        assert self._names(api, **query) == names

    def test_leaves_closed_accounts_out_unless_asked(self, api):
        user_id = api.get("/api/user", username="altair").data["users"][0]["id"]
        api.patch(f"/api/user/{user_id}", {"expirationDate": "2020-01-01"})
        assert "altair" not in self._names(api)
        assert "altair" in self._names(api, includeExpired="true")


def test_a_picture_is_found_by_the_address_for_those_who_see_it_and_by_the_name_for_others(admin):
    user = make_user(admin, contact_email=" Vera@Example.org", username="vera")
    path = f"/api/user/{user.user_id}"
    by_address, by_name = (hashlib.md5(text.encode()).hexdigest() for text in ("vera@example.org", "vera"))
    url = "https://secure.gravatar.com/avatar/{}?d=blank"
    assert user.get("/api/internal/profile").data["gravatar_url"] == url.format(by_address)
    assert admin.get(path).data["gravatar_url"] == url.format(by_address)
    assert make_user(admin).get(path).data["gravatar_url"] == url.format(by_name)
    assert make_user(admin, username="mira").get("/api/internal/profile").data["gravatar_url"] == url.format(
        hashlib.md5(b"mira").hexdigest()
    )
