"""What accounts answer, as SkyPortal's clients read it."""

from typing import Any

from pydantic import Field

from chalicelib.http.parsing import Id
from chalicelib.http.record import Record, Time


class Group(Record):
    """A group, without its members."""

    id: Id
    created_at: Time
    modified: Time
    name: str
    nickname: str | None
    description: str | None
    private: bool
    auto_accept_requests: bool
    single_user_group: bool


class Member(Record):
    """A user in a group; contact details only for those who may see them."""

    id: Id
    username: str
    first_name: str | None
    last_name: str | None
    contact_email: str | None
    contact_phone: str | None
    oauth_uid: str | None
    admin: bool
    can_save: bool
    can_share_photometry: bool


class GroupWithMembers(Group):
    """A group and, if wanted, who is in it."""

    users: list[Member] | None = None


class VisibleGroups(Record):
    """The caller's groups, those it can reach, and all for a System admin."""

    user_groups: list[Group]
    user_accessible_groups: list[Group]
    all_groups: list[Group] | None


class NewMember(Record):
    """Who joined which group."""

    group_id: Id
    user_id: Id
    admin: bool


class User(Record):
    """A user; contact details only for those who may see them."""

    id: Id
    created_at: Time
    modified: Time
    username: str
    first_name: str | None
    last_name: str | None
    bio: str | None
    affiliations: list[str]
    contact_email: str | None
    contact_phone: str | None
    oauth_uid: str | None
    is_bot: bool
    expiration_date: Time | None
    roles: list[str]
    acls: list[str]
    permissions: list[str]
    gravatar_url: str | None


class UserWithGroups(User):
    """A user, with groups for itself and for managers."""

    groups: list[Group] | None = None


class UsersPage(Record):
    """One page of users."""

    users: list[User]
    total_matches: int = Field(alias="totalMatches", ge=0)


class Acl(Record):
    """A permission."""

    id: str


class Token(Record):
    """A token, by the first digits of its hash."""

    id: str
    created_at: Time
    modified: Time
    created_by_id: Id
    created_by: User
    name: str
    acls: list[Acl]


class NewToken(Record):
    """A new token, shown this once."""

    token_id: str


class OwnToken(Record):
    """One of the caller's tokens."""

    id: str
    name: str
    acls: list[str]
    created_at: Time


class Profile(User):
    """The caller, with tokens and preferences; secrets among those are null."""

    tokens: list[OwnToken]
    preferences: dict[str, Any]
    group_admission_requests: list[Any] = Field(alias="groupAdmissionRequests", max_length=0)
    streams: list[Any] = Field(max_length=0)
    is_anonymous: bool


class Role(Record):
    """A role and the permissions that it grants."""

    id: str
    acls: list[str]


class SystemInfo(Record):
    """No commits are told."""

    gitlog: list[Any] = Field(max_length=0)
