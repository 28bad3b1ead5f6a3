"""Builders of people and groups, through the HTTP API."""

import uuid
from collections.abc import Iterable

from tests.support.api import Api


def make_group(admin: Api, name: str | None = None, members: Iterable[Api] = ()) -> int:
    """Make a group that `admin` administers; return its id."""
    name = name or f"group {uuid.uuid4().hex[:8]}"
    group_id = admin.post("/api/groups", {"name": name}).data["id"]
    for member in members:
        join(admin, group_id, member)
    return group_id


def join(admin: Api, group_id: int, member: Api, *, as_admin: bool = False) -> None:
    """Add a user to a group that `admin` administers."""
    assert admin.post(f"/api/groups/{group_id}/users", {"userID": member.user_id, "admin": as_admin}).status == 200


def make_user(
    admin: Api,
    roles: Iterable[str] = ("Full user",),
    groups: Iterable[int] = (),
    group_admin_of: Iterable[int] = (),
    **facts: object,
) -> Api:
    """Make a user with a token that carries all that the roles grant; return its client.

    Extra keywords are fields of the new user, such as `username` and `contact_email`.
    """
    username = str(facts.pop("username", f"user-{uuid.uuid4().hex[:8]}"))
    memberships = [[group, False] for group in groups] + [[group, True] for group in group_admin_of]
    wanted = {"username": username, "roles": list(roles), "groupIDsAndAdmin": memberships, **facts}
    user_id = admin.post("/api/user", wanted).data["id"]
    acls = admin.get(f"/api/user/{user_id}").data["permissions"]
    return make_token(admin, user_id, acls, username=username)


def make_token(admin: Api, user_id: int, acls: Iterable[str], username: str | None = None) -> Api:
    """Make another token for a user; return its client."""
    wanted = {"name": uuid.uuid4().hex, "acls": list(acls), "user_id": user_id}
    token = admin.post("/api/internal/tokens", wanted).data["token_id"]
    return Api(token, user_id=user_id, username=username)
