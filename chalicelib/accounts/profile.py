"""What users see and change about themselves."""

from typing import Any

from chalicelib import clock
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.items.user import User
from chalicelib.accounts.preferences import change_preferences, shown_preferences
from chalicelib.accounts.tokens import tokens_of
from chalicelib.accounts.users.body import PersonBody, Username, given
from chalicelib.accounts.users.update_user import store_facts
from chalicelib.accounts.users.users import existing_user, seen_by
from chalicelib.http.errors import BadRequest


class ProfilePatch(PersonBody):
    """What users may change about themselves."""

    username: Username | None = None
    is_bot: bool | None = None
    preferences: dict[str, Any] | None = None


def profile(caller: Caller) -> dict[str, Any]:
    """Return the caller's own record, with tokens and preferences."""
    return {
        **seen_by(caller, existing_user(caller.user_id)),
        "tokens": [
            {"id": row.id, "name": row.name, "acls": row.acls, "created_at": clock.iso(row.created_at)}
            for row in tokens_of(caller.user_id)
        ],
        "preferences": shown_preferences(caller.user_id),
        "groupAdmissionRequests": [],
        "streams": [],
        "is_anonymous": False,
    }


def change_profile(caller: Caller, body: ProfilePatch) -> None:
    """Change facts about the caller, and merge preferences.

    Raises
    ------
    BadRequest
        The username differs, or the preferences are refused; nothing is changed then.
    """
    if body.username not in {None, caller.username}:
        raise BadRequest("A username cannot be changed.")
    if body.preferences is not None:
        change_preferences(caller.user_id, body.preferences)
    facts = given(body)
    if body.is_bot is not None:
        facts["is_bot"] = body.is_bot
    store_facts(User.numbered(caller.user_id), facts)
