"""Lists users, page by page, by what the caller may see of them."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib import clock
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.groups.groups import group_number
from chalicelib.accounts.items.membership import Membership
from chalicelib.accounts.items.user import User
from chalicelib.accounts.users.users import seen_by
from chalicelib.http.pages import PageSize
from chalicelib.http.parsing import Flag, Query

_SORT_FIELDS = {
    "username": "username",
    "firstName": "first_name",
    "lastName": "last_name",
    "contactEmail": "contact_email",
    "createdAt": "created_at",
}
_CONTAINED = {"first_name": "first_name", "last_name": "last_name", "username": "username", "email": "contact_email"}


class UsersQuery(Query):
    """Which users, and in which order; names and email match parts in any case."""

    page_number: Annotated[int, Field(ge=1, alias="pageNumber")] = 1
    num_per_page: Annotated[PageSize, Field(alias="numPerPage")] = 25
    first_name: str | None = Field(default=None, alias="firstName")
    last_name: str | None = Field(default=None, alias="lastName")
    username: str | None = None
    email: str | None = None
    role: str | None = None
    acl: str | None = None
    group: str | None = None
    stream: str | None = None
    include_expired: Flag = Field(default=False, alias="includeExpired")
    sort_by: Literal["username", "firstName", "lastName", "contactEmail", "createdAt"] = Field(
        default="username", alias="sortBy"
    )
    sort_order: Literal["asc", "desc"] = Field(default="asc", alias="sortOrder")


def list_users(caller: Caller, query: UsersQuery) -> dict[str, Any]:
    """Return one page, `{users, totalMatches}`; contact details that the caller may not see match nothing."""
    users = _candidates(caller, query)
    moment = clock.now()
    records = [seen_by(caller, user) for user in users if query.include_expired or not user.expired(moment)]
    found = [record for record in records if _matches(record, query)]
    field = _SORT_FIELDS[query.sort_by]
    found.sort(key=lambda record: ((record[field] or "").lower(), record["id"]), reverse=query.sort_order == "desc")
    first = (query.page_number - 1) * query.num_per_page
    return {"users": found[first : first + query.num_per_page], "totalMatches": len(found)}


def _candidates(caller: Caller, query: UsersQuery) -> list[User]:
    if query.stream is not None:  # there are no alert streams here
        return []
    if query.group is None:
        return list(User.all())
    number = group_number(query.group)
    if number is None or not caller.reaches([number]):  # who is in a group is for its members to know
        return []
    return User.of_ids(row.user_id for row in Membership.of_group(number))


def _matches(record: dict[str, Any], query: UsersQuery) -> bool:
    parts = ((getattr(query, name), record[field]) for name, field in _CONTAINED.items())
    if any(part is not None and part.lower() not in (text or "").lower() for part, text in parts):
        return False
    return (query.role is None or query.role in record["roles"]) and (
        query.acl is None or query.acl in record["permissions"]
    )
