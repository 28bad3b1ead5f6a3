"""Who makes a request, and what that person may do."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from chalicelib.accounts.permissions import SYSTEM_ADMIN


@dataclass(frozen=True, slots=True)
class Caller:
    """The person behind a token, as of at most `identity_seconds` ago."""

    user_id: int
    username: str
    permissions: frozenset[str]
    """What the token carries and its owner still holds."""
    group_ids: frozenset[int] = field(default_factory=frozenset)
    admin_of: frozenset[int] = field(default_factory=frozenset)
    """The groups that the person administers."""
    is_at_pages: bool = False
    """Whether it is a person at our pages, rather than a program with a token."""

    @property
    def is_admin(self) -> bool:
        """Whether every check passes."""
        return SYSTEM_ADMIN in self.permissions

    def may(self, permission: str) -> bool:
        """Say whether the caller holds a permission."""
        return self.is_admin or permission in self.permissions

    def reaches(self, group_ids: Iterable[int]) -> bool:
        """Say whether the caller is in one of the groups that something is shared with."""
        return self.is_admin or not self.group_ids.isdisjoint(group_ids)
