"""Users as others see them."""

import hashlib
from collections.abc import Iterable
from typing import Any

from chalicelib import clock
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.groups.groups import group_records
from chalicelib.accounts.items.membership import Membership
from chalicelib.accounts.items.user import User
from chalicelib.accounts.permissions import MANAGE_USERS, permissions_of
from chalicelib.http.errors import Forbidden
from chalicelib.memory import Remembered
from chalicelib.settings import settings

_CONTACT = ("contact_email", "contact_phone", "oauth_uid")

_public_records: Remembered[dict[str, Any]] = Remembered(settings().identity_seconds)


def user_record(user_id: int) -> dict[str, Any] | None:
    """Return a user as everybody may see it, or None; remembered in the process."""
    record = _public_records.get(user_id)
    if record is None:
        user = User.of_id(user_id)
        if user is None:
            return None
        record = record_of(user, with_contact=False)
        _public_records.put(user_id, record)
    return dict(record)


def remember_users(user_ids: Iterable[int]) -> None:
    """Read users together, so that `user_record` finds them remembered; no call when all of them are."""
    missing = [number for number in set(user_ids) if _public_records.get(number) is None]
    for user in User.of_ids(missing) if missing else ():
        _public_records.put(user.id, record_of(user, with_contact=False))


def forget_users() -> None:
    """Forget the remembered records: called after every change of a user."""
    _public_records.clear()


def record_of(user: User, *, with_contact: bool) -> dict[str, Any]:
    """Return a user as JSON, without preferences; contact details are null unless asked for."""
    expires = user.expiration_date
    return {
        "id": user.id,
        "created_at": clock.iso(user.created_at),
        "modified": clock.iso(user.modified),
        "username": user.username,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "bio": user.bio,
        "affiliations": user.affiliations,
        **{name: getattr(user, name) if with_contact else None for name in _CONTACT},
        "is_bot": user.is_bot,
        "expiration_date": None if expires is None else clock.iso(expires),
        "roles": user.roles,
        "acls": [],
        "permissions": sorted(permissions_of(frozenset(user.roles))),
        "gravatar_url": _gravatar(user.contact_email if with_contact and user.contact_email else user.username),
    }


def _gravatar(name: str) -> str:
    """Return where Gravatar keeps a picture by the digest of an address; without one, that of the username.

    The digest of an address is as good as the address: it is only for those who may see that.
    """
    digest = hashlib.md5(name.strip().lower().encode(), usedforsecurity=False).hexdigest()
    return f"https://secure.gravatar.com/avatar/{digest}?d=blank"


def sees_contact(caller: Caller, user_id: int) -> bool:
    """Say whether the caller may see how to reach a user."""
    return caller.user_id == user_id or caller.may(MANAGE_USERS)


def seen_by(caller: Caller, user: User) -> dict[str, Any]:
    """Return a user as JSON, as this caller may see it."""
    return record_of(user, with_contact=sees_contact(caller, user.id))


def existing_user(user_id: int) -> User:
    """Read a user; raise Forbidden if there is none."""
    user = User.of_id(user_id)
    if user is None:
        raise Forbidden("Cannot access this user.")
    return user


def full_record(caller: Caller, user_id: int) -> dict[str, Any]:
    """Return one user; for itself and for managers, with its groups."""
    user = existing_user(user_id)
    record = seen_by(caller, user)
    if not sees_contact(caller, user_id):
        return record
    return record | {"groups": group_records(row.group_id for row in Membership.of_user(user_id))}
