"""Roles, permissions, lists of values, and the sign of life."""

from pynamodb.exceptions import GetError

from chalicelib.accounts import enumerations
from chalicelib.accounts.items.user import User
from tests.support.people import make_user

TABLE = {
    "Super admin": None,
    "Group admin": {
        "Annotate",
        "Comment",
        "Manage sources",
        "Manage Analysis Services",
        "Upload data",
        "Run Analyses",
        "Post taxonomy",
        "Manage users",
        "Classify",
    },
    "Full user": {"Annotate", "Comment", "Upload data", "Classify", "Run Analyses"},
    "View only": set(),
}


def test_roles_grant_what_the_contract_says(admin):
    roles = {role["id"]: set(role["acls"]) for role in make_user(admin, roles=[]).get("/api/roles").data}
    everything = set(admin.get("/api/acls").data)
    assert roles == TABLE | {"Super admin": everything}
    assert everything == TABLE["Group admin"] | {"System admin"}


def test_roles_are_as_old_as_the_site(admin):
    site = admin.get("/api/groups/public").data
    for role in admin.get("/api/roles").data:
        assert role["created_at"] == role["modified"] == site["created_at"]


def test_values_that_a_room_declares_are_listed(admin, monkeypatch):
    monkeypatch.setattr(enumerations, "_VALUES", {})
    enumerations.declare("MOON_PHASES", ("new", "full"))
    assert admin.get("/api/enum_types").data == {"MOON_PHASES": ["new", "full"]}


def test_all_but_the_sign_of_life_need_a_token(anonymous):
    for path in ("/api/roles", "/api/acls", "/api/enum_types"):
        assert anonymous.get(path).error[0] == 401
    answer = anonymous.get("/api/sysinfo")
    assert answer.data == {"gitlog": []}
    assert answer.json["version"]


def test_health_is_whether_the_site_can_read(anonymous, monkeypatch):
    assert anonymous.get("/api/health").data == {"healthy": True}

    def unreadable(_number):
        raise GetError("no answer")

    monkeypatch.setattr(User, "of_id", unreadable)
    answer = anonymous.get("/api/health")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert "cannot be read" in answer.json["message"]
