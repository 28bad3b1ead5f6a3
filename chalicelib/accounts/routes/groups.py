"""Groups and who is in them."""

from typing import Any

from pydantic import Field

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.accounts.groups import memberships
from chalicelib.accounts.groups.create_group import GroupBody, create_group
from chalicelib.accounts.groups.groups import group_records, public_group, require_reach
from chalicelib.accounts.permissions import UPLOAD_DATA
from chalicelib.accounts.routes.blueprint import answers, blueprint
from chalicelib.accounts.visible_groups import group_with_members, groups_named, visible_groups
from chalicelib.http.errors import BadRequest
from chalicelib.http.late import record
from chalicelib.http.parsing import Body, Flag, Id, Query


class GroupsQuery(Query):
    """Parameters of the list of groups."""

    name: str | None = None


class GroupQuery(Query):
    """Parameters of one group."""

    include_members: Flag = Field(default=True, alias="includeGroupUsers")


class MemberBody(Body):
    """A user and what it may do in the group."""

    user_id: Id = Field(alias="userID")
    admin: bool = False
    can_save: bool = Field(default=True, alias="canSave")
    can_share_photometry: bool = Field(default=False, alias="canSharePhotometry")


@endpoint(blueprint, "GET", "/api/groups", answers=lambda: answers.VisibleGroups | list[answers.ListedGroup])
def get_groups(caller: Caller, query: GroupsQuery) -> Any:  # noqa: ANN401 - a list by name, an object otherwise
    """List the groups that the caller is in and, for System admins, all of them."""
    return visible_groups(caller) if query.name is None else groups_named(caller, query.name)


@endpoint(blueprint, "GET", "/api/groups/public", answers=lambda: answers.Group)
def get_public_group(caller: Caller) -> dict[str, Any]:  # noqa: ARG001 - any caller
    """Return the group that every user belongs to."""
    return group_records([public_group()])[0]


@endpoint(blueprint, "GET", "/api/groups/{group_id}", answers=lambda: answers.GroupWithMembers)
def get_group(caller: Caller, group_id: int, query: GroupQuery) -> dict[str, Any]:
    """Return a group that the caller is in, with its members."""
    return group_with_members(caller, group_id, include_members=query.include_members)


@endpoint(blueprint, "POST", "/api/groups", permission=UPLOAD_DATA, answers=lambda: record.NewId)
def post_group(caller: Caller, body: GroupBody) -> dict[str, int]:
    """Make a group, administered by the caller and those named."""
    return {"id": create_group(caller, body)}


@endpoint(blueprint, "POST", "/api/groups/{group_id}/users", answers=lambda: answers.NewMember)
def post_member(caller: Caller, group_id: int, body: MemberBody) -> dict[str, Any]:
    """Add a user to a group that the caller administers."""
    _require_admin(caller, group_id)
    memberships.join(
        body.user_id,
        group_id,
        admin=body.admin,
        can_save=body.can_save,
        can_share_photometry=body.can_share_photometry,
    )
    return {"group_id": group_id, "user_id": body.user_id, "admin": body.admin}


@endpoint(blueprint, "PATCH", "/api/groups/{group_id}/users")
def patch_member(caller: Caller, group_id: int, body: MemberBody) -> None:
    """Change what a member may do."""
    _require_admin(caller, group_id)
    names = body.model_fields_set - {"user_id"}
    if not names:
        raise BadRequest("Give at least one of admin, canSave and canSharePhotometry.")
    memberships.change(body.user_id, group_id, **{name: getattr(body, name) for name in names})


@endpoint(blueprint, "DELETE", "/api/groups/{group_id}/users/{user_id}")
def delete_member(caller: Caller, group_id: int, user_id: int) -> None:
    """Remove a user from a group that the caller administers, or oneself."""
    if user_id != caller.user_id:
        _require_admin(caller, group_id)
    require_reach(caller, [group_id])
    memberships.leave(user_id, group_id)


def _require_admin(caller: Caller, group_id: int) -> None:
    require_reach(caller, [group_id])
    memberships.require_admin(caller, group_id)
