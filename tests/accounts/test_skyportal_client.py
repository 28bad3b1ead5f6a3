"""SkyPortal's typed client, whose models refuse unknown fields, reads all that accounts answer."""

import pytest

from tests.support.late import Late
from tests.support.people import make_group, make_user
from tests.support.skyportal_client import client_for

sp = Late("skyportal_py")


@pytest.fixture
def client(admin):
    return client_for(admin)


def test_groups(admin, client):
    user = make_user(admin)
    group_id = client.post_group(sp.groups.GroupPost(name="Kilonovae", nickname="KN", group_admins=[user.user_id])).id
    added = client.post_group_user(group_id, make_user(admin).user_id, admin=True, can_save=False)
    assert (added.group_id, added.admin) == (group_id, True)
    client.update_group_user(group_id, added.user_id, admin=False)
    members = {member.id: member for member in client.fetch_group(group_id).users}
    assert (members[added.user_id].admin, members[added.user_id].can_save) == (False, False)
    client.delete_group_user(group_id, added.user_id)
    assert client.fetch_group(group_id, include_group_users=False).users is None
    assert [group.id for group in client.fetch_groups_by_name("Kilonovae")] == [group_id]
    assert client.fetch_public_group().name == "Sitewide Group"
    assert client.fetch_groups().all_groups is not None
    assert client_for(user).fetch_groups().all_groups is None


def test_users(admin, client):
    group = make_group(admin)
    payload = sp.users.UserPost(username="nova", first_name="N", affiliations=["A"], roles=["View only"])
    user_id = client.post_user(payload.model_copy(update={"group_ids_and_admin": [[group, True]]})).id
    user = client.fetch_user(user_id)
    assert (user.username, user.affiliations, user.roles) == ("nova", ["A"], ["View only"])
    client.update_user(user_id, expiration_date="2030-01-01")
    assert client.fetch_user(user_id).expiration_date.year == 2030
    client.update_user(user_id, expiration_date=None)
    assert client.fetch_user(user_id).expiration_date is None
    page = client.fetch_users(username="nova", num_per_page=10)
    assert (page.total_matches, page.users[0].id) == (1, user_id)
    assert client_for(make_user(admin)).fetch_users(group="Sitewide Group").total_matches == 3


def test_tokens(client):
    token = client.post_token("pipeline", ["Comment"]).token_id
    listed = next(row for row in client.fetch_tokens() if row.name == "pipeline")
    client.update_token(token, name="renamed", acls=["Comment", "Annotate"])
    found = client.fetch_token(listed.id)
    assert (found.name, [acl["id"] for acl in found.acls]) == ("renamed", ["Annotate", "Comment"])
    client.delete_token(listed.id)
    with pytest.raises(sp.SkyPortalError, match="Cannot access this token") as error:
        client.fetch_token(token)
    assert error.value.status_code == 403


def test_profile(client):
    client.update_profile(sp.profile.ProfilePatch(bio="b", preferences={"summary": {"OpenAI": {"apikey": "k"}}}))
    profile = client.fetch_profile()
    assert profile.bio == "b"
    assert profile.preferences == {"summary": {"OpenAI": {"apikey": None, "apikey_set": True}}}


def test_site(client):
    assert client.fetch_sysinfo().gitlog == []
    assert "System admin" in client.fetch_acls()
    assert {role.id for role in client.fetch_roles()} == {"Super admin", "Group admin", "Full user", "View only"}
    assert all(isinstance(values, list) for values in client.fetch_enum_types().values())
