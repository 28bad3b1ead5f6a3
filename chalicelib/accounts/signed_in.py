"""What the pages know of the person who is signed in."""

from typing import Any

from chalicelib.accounts.groups.groups import group_records
from chalicelib.accounts.sessions import SignedIn
from chalicelib.accounts.users.users import existing_user, seen_by


def description(person: SignedIn) -> dict[str, Any]:
    """Return who it is, in which groups, what the token permits, and when the session ends."""
    caller = person.caller
    groups = sorted(group_records(caller.group_ids), key=lambda group: str(group["name"]).casefold())
    return {
        "user": seen_by(caller, existing_user(caller.user_id)),
        "groups": [{"id": group["id"], "name": group["name"]} for group in groups],
        "permissions": sorted(caller.permissions),
        "is_admin": caller.is_admin,
        "expires_at": person.ends,
    }
