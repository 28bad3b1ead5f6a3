"""The routes of accounts."""

from chalicelib.accounts.routes import groups, profile, session, site, tokens, users
from chalicelib.accounts.routes.blueprint import blueprint

__all__ = ["blueprint", "groups", "profile", "session", "site", "tokens", "users"]
