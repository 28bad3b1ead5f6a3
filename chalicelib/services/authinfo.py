"""Reads `_authinfo`, the credentials of a service, in both shapes that SkyPortal's users write."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.http import reading
from chalicelib.http.errors import BadRequest
from chalicelib.services.schemes import ApiKey, Basic, Credentials, Digest, HeaderToken, OAuth1

MAX_BYTES = 4096
"""KMS encrypts no more in one call."""

DOCUMENT_KEYS = frozenset(
    {
        "callback_url",
        "inputs",
        "callback_method",
        "invalid_after",
        "analysis_resource_type",
        "resource_id",
        "analysis_parameters",
        "upload_url",
    }
)
"""Keys of the document that a service is sent: an API key must not take the place of one."""

_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_OUR_HEADERS = frozenset({"host", "content-length", "transfer-encoding", "connection"})
_OUR_PREFIX = "webhook-"
_NO_CREDENTIAL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
"""Control characters, and halves of surrogate pairs, which have no UTF-8."""


def text_of(authinfo: object) -> str:
    """Return `_authinfo`, a JSON string or an object, as the JSON text that is stored.

    Raises
    ------
    BadRequest
        Neither, or more than `MAX_BYTES`.
    """
    text = json.dumps(authinfo, separators=(",", ":")) if isinstance(authinfo, dict) else authinfo
    if not isinstance(text, str):
        raise _unreadable()
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise _unreadable() from None
    if size > MAX_BYTES:
        raise BadRequest(f"`_authinfo` has {size} bytes; at most {MAX_BYTES} are accepted.")
    return text


def parse(authentication_type: str, text: str) -> Credentials:
    """Return the credentials of a type other than "none".

    Both shapes are read: `{"api_key": "…", "api_key_name": "…"}` with the fields beside the key named like the type,
    and `{"api_key": {"api_key": "…", "api_key_name": "…"}}` with the fields below it.

    Raises
    ------
    BadRequest
        Saying which field is missing or what is wrong with it, never what it holds.
    """
    try:
        given = reading.json_object(text.encode(), any_text=True)
    except BadRequest:
        raise _unreadable() from None
    if authentication_type not in given:
        raise BadRequest(f'`_authinfo` must contain a key for "{authentication_type}".')
    nested = given[authentication_type]
    flat = not isinstance(nested, dict) and authentication_type != "header_token"
    return _READERS[authentication_type](given if flat else nested)


def _unreadable() -> BadRequest:
    return BadRequest("`_authinfo` must be parseable to a valid JSON object.")


def _strings(fields: Mapping[str, Any], *names: str) -> list[str]:
    for name in names:
        if not isinstance(fields.get(name), str) or not fields[name]:
            raise BadRequest(f"`_authinfo` needs {name!r}, a string that is not empty.")
        if _NO_CREDENTIAL.search(fields[name]):
            raise BadRequest(f"`_authinfo` has control characters or line breaks in {name!r}.")
    return [fields[name] for name in names]


def _header_token(fields: object) -> HeaderToken:
    if not isinstance(fields, dict) or not fields or not all(isinstance(value, str) for value in fields.values()):
        raise BadRequest('`_authinfo` needs an object of header names and values under "header_token".')
    headers = {name: value.strip(" \t") for name, value in fields.items()}
    for name, value in headers.items():
        _check_header(name, value)
    return HeaderToken(headers)


def _check_header(name: str, value: str) -> None:
    if not _HEADER_NAME.fullmatch(name):
        raise BadRequest("`_authinfo` has a header whose name is not allowed in HTTP.")
    if name.lower() in _OUR_HEADERS or name.lower().startswith(_OUR_PREFIX):
        raise BadRequest(f"`_authinfo` must not set the header {name!r}: it belongs to the request itself.")
    if _NO_CREDENTIAL.search(value) or not _is_latin1(value):
        raise BadRequest(f"`_authinfo` has line breaks or characters outside of Latin-1 in the header {name!r}.")


def _is_latin1(text: str) -> bool:
    return all(ord(character) < 256 for character in text)  # noqa: PLR2004 - the size of Latin-1


def _api_key(fields: Mapping[str, Any]) -> ApiKey:
    key, name = _strings(fields, "api_key", "api_key_name")
    if name in DOCUMENT_KEYS:
        raise BadRequest(f"`_authinfo` must not use the api_key_name {name!r}: the document has a key of that name.")
    return ApiKey(name, key)


def _basic(fields: Mapping[str, Any]) -> Basic:
    username, password = _strings(fields, "username", "password")
    if ":" in username:
        raise BadRequest("`_authinfo` has a colon in 'username', which Basic authentication cannot carry.")
    return Basic(username, password)


def _digest(fields: Mapping[str, Any]) -> Digest:
    username, password = _strings(fields, "username", "password")
    if not _is_latin1(username) or '"' in username or "\\" in username:
        raise BadRequest("`_authinfo` has characters in 'username' that Digest authentication cannot carry.")
    return Digest(username, password)


def _oauth1(fields: Mapping[str, Any]) -> OAuth1:
    return OAuth1(*_strings(fields, "app_key", "app_secret", "user_oauth_token", "user_oauth_token_secret"))


_READERS: dict[str, Callable[[Any], Credentials]] = {
    "header_token": _header_token,
    "api_key": _api_key,
    "HTTPBasicAuth": _basic,
    "HTTPDigestAuth": _digest,
    "OAuth1": _oauth1,
}
