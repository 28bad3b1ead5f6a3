"""Users."""

from typing import Any

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.accounts.permissions import MANAGE_USERS
from chalicelib.accounts.routes.blueprint import answers, blueprint
from chalicelib.accounts.users.create_user import UserBody, create_user
from chalicelib.accounts.users.list_users import UsersQuery, list_users
from chalicelib.accounts.users.update_user import UserPatch, update_user
from chalicelib.accounts.users.users import full_record
from chalicelib.http.late import record


@endpoint(blueprint, "GET", "/api/user", answers=lambda: answers.UsersPage)
def get_users(caller: Caller, query: UsersQuery) -> dict[str, Any]:
    """List users, page by page."""
    return list_users(caller, query)


@endpoint(blueprint, "GET", "/api/user/{user_id}", answers=lambda: answers.UserWithGroups)
def get_user(caller: Caller, user_id: int) -> dict[str, Any]:
    """Return a user."""
    return full_record(caller, user_id)


@endpoint(blueprint, "POST", "/api/user", permission=MANAGE_USERS, answers=lambda: record.NewId)
def post_user(caller: Caller, body: UserBody) -> dict[str, int]:
    """Make a user."""
    return {"id": create_user(caller, body)}


@endpoint(blueprint, "PATCH", "/api/user/{user_id}", permission=MANAGE_USERS, answers=lambda: record.NewId)
def patch_user(caller: Caller, user_id: int, body: UserPatch) -> dict[str, int]:
    """Change a user's facts, roles, or the day on which the account closes."""
    update_user(caller, user_id, body)
    return {"id": user_id}
