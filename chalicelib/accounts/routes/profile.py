"""The caller's own profile."""

from typing import Any

from chalicelib.accounts import profile
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.accounts.routes.blueprint import answers, blueprint


@endpoint(blueprint, "GET", "/api/internal/profile", answers=lambda: answers.Profile)
def get_profile(caller: Caller) -> dict[str, Any]:
    """Return the caller's own record, with tokens and preferences."""
    return profile.profile(caller)


@endpoint(blueprint, "PATCH", "/api/internal/profile")
def patch_profile(caller: Caller, body: profile.ProfilePatch) -> None:
    """Change facts about the caller, and merge preferences."""
    profile.change_profile(caller, body)
