"""What a service at a plain http:// URL is sent in the clear, for whoever registers it and reads about it."""

from collections.abc import Iterable

from chalicelib.services.items.service import Service

CREDENTIALS = "credentials"
SIGNING_SECRET = "signing_secret"  # noqa: S105 - the name of a kind of warning
LLM_KEY = "llm_key"

_CREDENTIALS = {
    "header_token": "The headers of its header_token are sent as they are.",
    "api_key": "Its api_key is sent as it is, within the document.",
    "HTTPBasicAuth": "User name and password of its HTTPBasicAuth are sent as they are.",
    "HTTPDigestAuth": "The user name of its HTTPDigestAuth is sent as it is, the password as a digest of it.",
    "OAuth1": "App key, user token and signature of its OAuth1 are sent as they are; its two secrets are not sent.",
}
_SIGNED = "The signature made with its signing secret is sent as it is, and can be sent again with the same document."
_LLM = "LLM keys, the users' and the site's, are sent as they are: this service writes summaries and is trusted."

_ADVICE = "Plain http is not encrypted, so whoever listens on the way can read and use that: register an https:// URL."

Warned = dict[str, str]


def warnings_about(service: Service) -> list[Warned]:
    """Return what must not be overheard and is sent unencrypted, one warning each: `about`, its kind, and `text`.

    Nothing for a service at an https:// URL, nor for one that is never called.
    """
    if service.upload_only or not service.url.lower().startswith("http:"):
        return []
    found = {
        CREDENTIALS: _CREDENTIALS.get(service.authentication_type) if service.secret else None,
        SIGNING_SECRET: _SIGNED if service.signing_secret else None,
        LLM_KEY: _LLM if service.is_summary and service.trusted else None,
    }
    return [{"about": about, "text": f"{text} {_ADVICE}"} for about, text in found.items() if text is not None]


def warning_header(service: Service) -> dict[str, str]:
    """Return the same as a header of answers whose data is SkyPortal's: a persistent warning, RFC 7234, section 5.5."""
    return _header(warned["text"] for warned in warnings_about(service))


def _header(texts: Iterable[str]) -> dict[str, str]:
    value = ", ".join(f'299 - "{text}"' for text in texts)
    return {"Warning": value} if value else {}
