"""Whose key pays for an embedding: that of who wrote or asks, if they have one that is active, else the site's."""

from dataclasses import dataclass, field

from chalicelib.accounts.preferences import summary_settings
from chalicelib.settings import settings
from chalicelib.site_secrets import site_secret

NO_KEY = (
    "No API key for embeddings is set, so that summaries cannot be searched: ask your administrator to set the site's "
    "(SIDEROSTAT_EMBEDDING_API_KEY or SIDEROSTAT_OPENAI_API_KEY), or set one of your own in your profile's preferences."
)


class NoKey(Exception):
    """Neither who wrote or asks nor the site has a key."""

    message = NO_KEY


@dataclass(frozen=True, slots=True)
class Key:
    """A key for the server of the embedding model."""

    text: str = field(repr=False)
    is_own: bool
    """Whether it is a user's."""

    @property
    def whose(self) -> str:
        """Say whose key it is, and who can mend it."""
        own = "your own API key: look at the preferences in your profile"
        return own if self.is_own else "the site's API key: ask your administrator"


def site_key() -> Key | None:
    """Return the site's key."""
    text = site_secret(settings().embedding_api_key) or site_secret(settings().openai_api_key)
    return None if text is None else Key(text, is_own=False)


def own_key(user_id: int) -> Key | None:
    """Decrypt a user's key, if it is active: the function behind the queue may, the API's may not.

    Raises
    ------
    botocore.exceptions.ClientError
        KMS refused: try again.
    """
    chosen = summary_settings(user_id)
    text = chosen.key() if chosen.has_active_key else None
    return None if text is None else Key(text, is_own=True)


def wants_own(user_id: int) -> bool:
    """Say whether a user has a key that is active."""
    return summary_settings(user_id).has_active_key


class Keys:
    """The keys to try for users, in turn: each is decrypted once."""

    def __init__(self) -> None:
        self._own: dict[int, Key | None] = {}

    def of(self, user_id: int | None) -> list[Key]:
        """Return the keys for what a user has written: their own first, then the site's."""
        if user_id is not None and user_id not in self._own:
            self._own[user_id] = own_key(user_id)
        own = None if user_id is None else self._own[user_id]
        return [key for key in (own, site_key()) if key is not None]
