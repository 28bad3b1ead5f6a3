"""Pages that are made from the code: the API, settings, permissions, states."""

from collections.abc import Mapping
from typing import Any

from pydantic import SecretStr

from chalicelib.accounts.permissions import ALL, ROLES
from chalicelib.analyses.states import State
from chalicelib.openapi.document import document
from chalicelib.settings import VERSION, Settings

_STATES = {
    "queued": "Recorded, and waiting to be sent.",
    "pending": "The service took it; its result must come before `invalid_after`.",
    "completed": "A result came and says success.",
    "failure": "The service said so, refused it, or could not be reached before the deadline; the message says which.",
    "timed_out": "The service took it and nothing came in time.",
    "deleted": "Nobody sees it any more; what is left of it goes within two days.",
    "cancelled": "Somebody cancelled it; what comes later is refused.",
}


def pages() -> Mapping[str, str]:
    """Return the generated pages by file name."""
    return {
        "reference-api.md": _api(document()),
        "reference-settings.md": _settings(),
        "reference-permissions.md": _permissions(),
        "reference-states.md": _states(),
    }


def _api(described: Mapping[str, Any]) -> str:
    lines = [
        "# API\n",
        f"Every endpoint of {VERSION}, from `GET /api/openapi.json`, which has parameters, bodies and answers too.\n",
    ]
    rooms: dict[str, list[str]] = {}
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            needed = operation.get("x-permission") or ("" if operation.get("security") == [] else "any token")
            row = f"| `{method.upper()} {path}` | {operation['summary']} | {needed or 'no token'} |"
            rooms.setdefault(operation["tags"][0], []).append(row)
    for room, rows in sorted(rooms.items()):
        lines += [f"## {room}\n", "| endpoint | what it does | permission |", "|---|---|---|", *rows, ""]
    return "\n".join(lines)


def _settings() -> str:
    rows = []
    for name, field in Settings.model_fields.items():
        default = field.default
        shown = "" if default is None else f"`{'' if isinstance(default, SecretStr) else default!s:.60}`"
        rows.append(f"| `SIDEROSTAT_{name.upper()}` | {field.description or name.replace('_', ' ')} | {shown} |")
    head = "# Settings\n\nRead from the environment by `chalicelib/settings.py`, and by nothing else.\n"
    return "\n".join([head, "| variable | what it is | default |", "|---|---|---|", *rows, ""])


def _permissions() -> str:
    head = (
        "# Permissions\n\nA token carries some of its owner's, who has those of the roles; `System admin` passes all.\n"
    )
    rows = [
        f"| {permission} | " + " | ".join("✓" if permission in granted else "" for granted in ROLES.values()) + " |"
        for permission in sorted(ALL)
    ]
    titles = f"| permission | {' | '.join(ROLES)} |"
    return "\n".join([head, titles, "|---" * (len(ROLES) + 1) + "|", *rows, ""])


def _states() -> str:
    rows = [f"| {state.value} | {_STATES[state.value]} |" for state in State]
    head = "# States\n\nOf an analysis; [architecture](architecture.md) draws which follows which.\n"
    return "\n".join([head, "| state | |", "|---|---|", *rows, ""])
