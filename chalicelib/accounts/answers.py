"""What accounts answer, as SkyPortal's clients read it."""

from typing import Any, Literal

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


class Person(Record):
    """A user in short; contact details only for those who may see them."""

    id: Id
    username: str
    first_name: str | None
    last_name: str | None
    contact_email: str | None
    contact_phone: str | None
    oauth_uid: str | None


class Member(Person):
    """A user in a group."""

    admin: bool
    can_save: bool
    can_share_photometry: bool


class ListedGroup(Group):
    """A group in the list of groups."""

    streams: list[Any] = Field(max_length=0)


class VisibleGroups(Record):
    """The caller's groups, those it can reach, and all for a System admin."""

    user_groups: list[ListedGroup]
    user_accessible_groups: list[ListedGroup]
    all_groups: list[ListedGroup] | None


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
    gravatar_url: str


class Membership(Record):
    """A user in a group, with the user."""

    id: Id
    created_at: Time
    modified: Time
    group_id: Id
    user_id: Id
    admin: bool
    can_save: bool
    can_share_photometry: bool
    user: Person


class GroupWithMembers(ListedGroup):
    """A group and, if wanted, who is in it."""

    filters: list[Any] = Field(max_length=0)
    users: list[Member] | None = None
    group_users: list[Membership] | None = None


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


class NamedGroup(Record):
    """A group."""

    id: Id
    name: str


class SignedIn(Record):
    """Who is signed in, and what the token behind it permits."""

    user: User
    groups: list[NamedGroup]
    permissions: list[str] = Field(description="of the token, as far as its owner still has them")
    is_admin: bool
    expires_at: Time | None = Field(description="when the session ends at the latest; null for a token without end")


class SignInTicket(Record):
    """What begins one session."""

    ticket: str
    expires_at: Time


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
    created_at: Time
    modified: Time
    acls: list[str]


class Health(Record):
    """The site can read what it keeps."""

    healthy: Literal[True]


class SystemInfo(Record):
    """No commits are told."""

    gitlog: list[Any] = Field(max_length=0)
