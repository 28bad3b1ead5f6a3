"""Changes a user: facts, roles, and the day on which the account closes."""

from typing import Any

from pydantic import Field

from chalicelib import clock
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.granting import require_authority, require_roles
from chalicelib.accounts.identity import forget_identities
from chalicelib.accounts.items.user import User
from chalicelib.accounts.permissions import SYSTEM_ADMIN, permissions_of
from chalicelib.accounts.users.body import Names, PersonBody, given
from chalicelib.accounts.users.users import existing_user, forget_users
from chalicelib.http.errors import BadRequest
from chalicelib.http.moments import Moment


class UserPatch(PersonBody):
    """What a manager may change; `expirationDate` null opens a closed account."""

    roles: Names | None = None
    expiration_date: Moment | None = Field(default=None, alias="expirationDate")


def update_user(caller: Caller, user_id: int, body: UserPatch) -> None:
    """Change another user's account, or the facts about oneself.

    Raises
    ------
    BadRequest
        An unknown role; or administrators would lock themselves out.
    Forbidden
        No such user, or one with more permissions or groups than the caller.
    """
    user = existing_user(user_id)
    require_authority(caller, user)
    facts = given(body)
    if "expiration_date" in body.model_fields_set:
        facts["expiration_date"] = body.expiration_date
    if body.roles is not None:
        facts["roles"] = require_roles(caller, body.roles)
    if user_id == caller.user_id:
        _keep_in(user, facts)
    store_facts(user, facts)


def store_facts(user: User, facts: dict[str, Any]) -> None:
    """Write these attributes of an existing user; what this process remembers of it is forgotten."""
    if not facts:
        return
    actions = [
        getattr(User, name).set(value) if value is not None else getattr(User, name).remove()
        for name, value in facts.items()
    ]
    user.update(actions=[*actions, User.modified.set(clock.now())], condition=User.pk.exists())
    forget_users()
    forget_identities()


def _keep_in(user: User, facts: dict[str, Any]) -> None:
    """Refuse what nobody could undo: the last administrator would be gone."""
    if facts.get("expiration_date") is not None:
        raise BadRequest("You cannot close your own account; ask another administrator.")
    held = permissions_of(frozenset(user.roles))
    if SYSTEM_ADMIN in held and SYSTEM_ADMIN not in permissions_of(frozenset(facts.get("roles", user.roles))):
        raise BadRequest("You cannot give up being an administrator; ask another one.")
