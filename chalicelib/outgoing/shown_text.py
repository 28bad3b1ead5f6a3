"""What people are shown of an answer: its beginning, without control characters and without secrets."""

import json
from collections.abc import Collection
from urllib.parse import quote, quote_plus

MAX_TEXT = 1024


def shown_text(answer: str, secrets: Collection[str]) -> str:
    """Return what may be shown; secrets are looked for again where control characters stood between their letters."""
    written = forms_of(secrets)
    spaced = (" " if character.isspace() else character for character in blotted(answer, written))
    printable = "".join(character for character in spaced if character.isprintable())
    return blotted(printable, written).strip()[:MAX_TEXT]


def blotted(text: str, secrets: Collection[str]) -> str:
    """Return a text with each secret replaced, the longest first."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "[secret]")
    return text


def forms_of(secrets: Collection[str]) -> set[str]:
    """Return how an echo may write secrets: as they are, within JSON or within a URL."""
    return {form for secret in filter(None, secrets) for form in _forms(secret)}


def _forms(secret: str) -> set[str]:
    within_json = {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    return {secret, *within_json, quote(secret), quote(secret, safe=""), quote_plus(secret)}
