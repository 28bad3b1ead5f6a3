"""What a user has chosen, and the one secret in it: the key of their OpenAI account.

The key is encrypted with KMS under an encryption context that names the user, is kept in an attribute of its own, and
is never shown: the preferences then say `"apikey": null, "apikey_set": true`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from chalicelib import clock, sealing, transactions
from chalicelib.accounts.items.preferences import Preferences
from chalicelib.accounts.language_model import MAX_KEY_CHARACTERS, ModelParameters
from chalicelib.http.errors import BadRequest
from chalicelib.http.parsing import validated

MAX_BYTES = 64 * 1024
_ATTEMPTS = 5
_MARK = "apikey_set"


class _OpenAI(ModelParameters):
    model_config = ConfigDict(extra="allow", strict=True)

    active: bool | None = None
    apikey: Annotated[str, Field(max_length=MAX_KEY_CHARACTERS)] | None = None


class _Summary(BaseModel):
    model_config = ConfigDict(extra="allow")

    OpenAI: _OpenAI | None = None


class _Checked(BaseModel):
    model_config = ConfigDict(extra="allow")

    summary: _Summary | None = None


@dataclass(frozen=True, slots=True)
class SummarySettings:
    """What a user has chosen for summaries by a language model."""

    user_id: int
    openai: Mapping[str, Any] | None
    """`summary.OpenAI` of the preferences, without the key; None if there is none."""
    _ciphertext: bytes | None = field(repr=False)

    @property
    def has_active_key(self) -> bool:
        """Whether the user has a key, and wants it to be used."""
        return self._ciphertext is not None and (self.openai or {}).get("active") is True

    def key(self) -> str | None:
        """Decrypt the user's key; for the dispatch of trusted summary services, and for embeddings.

        Raises
        ------
        botocore.exceptions.ClientError
            KMS refused: try again.
        """
        if self._ciphertext is None:
            return None
        return sealing.opened(self._ciphertext, _owner(self.user_id)).decode()


def shown_preferences(user_id: int) -> dict[str, Any]:
    """Return the preferences, without the key but with a mark that one is set."""
    item = Preferences.of_user(user_id)
    ciphertext: bytes | None = item.openai_api_key
    if ciphertext is None:
        return dict(item.values)
    return merged(item.values, {"summary": {"OpenAI": {"apikey": None, _MARK: True}}})


def change_preferences(user_id: int, changes: dict[str, Any]) -> None:
    """Merge changes into the preferences, recursively; a null is stored as null.

    A null or empty key removes the key, except together with `apikey_set` true, as it was shown.

    Raises
    ------
    BadRequest
        A value of `summary.OpenAI` is out of range, or the whole is larger than `MAX_BYTES`.
    """
    changes_key, key = _key_change(validated(_Checked, changes))
    encrypted = _encrypted(user_id, key) if key else None
    for _ in range(_ATTEMPTS):
        item = Preferences.of_user(user_id)
        item.values = merged(item.values, _without_key(changes))
        if len(json.dumps(item.values).encode()) > MAX_BYTES:
            raise BadRequest(f"The preferences would be larger than {MAX_BYTES} bytes; remove something first.")
        if changes_key:
            item.openai_api_key = encrypted
        item.modified = clock.now()
        if _stored(item):
            return
    raise BadRequest("The preferences are being changed from somewhere else all the time; please try again.")


def summary_settings(user_id: int) -> SummarySettings:
    """Read what a user has chosen for summaries."""
    item = Preferences.of_user(user_id)
    summary = item.values.get("summary") or {}
    return SummarySettings(user_id, summary.get("OpenAI"), item.openai_api_key)


def merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Return the old object with the new one's values, objects within objects merged likewise."""
    both = {
        name: merged(old[name], value) if isinstance(value, dict) and isinstance(old.get(name), dict) else value
        for name, value in new.items()
    }
    return {**old, **both}


def _encrypted(user_id: int, key: str) -> bytes:
    return sealing.seal(key.encode(), _owner(user_id))


def _owner(user_id: int) -> str:
    return f"user#{user_id}"


def _key_change(changes: _Checked) -> tuple[bool, str | None]:
    """Say whether the key changes, and to what: whoever removes what surrounds it removes the key."""
    if changes.summary is None:
        return "summary" in changes.model_fields_set, None
    openai = changes.summary.OpenAI
    if openai is None:
        return "OpenAI" in changes.summary.model_fields_set, None
    as_shown = openai.apikey is None and (openai.model_extra or {}).get(_MARK) is True
    return "apikey" in openai.model_fields_set and not as_shown, openai.apikey


def _without_key(changes: dict[str, Any]) -> dict[str, Any]:
    summary = changes.get("summary")
    if not isinstance(summary, dict) or not isinstance(summary.get("OpenAI"), dict):
        return changes
    openai = {name: value for name, value in summary["OpenAI"].items() if name not in {"apikey", _MARK}}
    return {**changes, "summary": {**summary, "OpenAI": openai}}


def _stored(item: Preferences) -> bool:
    """Store the item unless somebody else changed it since it was read."""
    return transactions.holds(item.save)
