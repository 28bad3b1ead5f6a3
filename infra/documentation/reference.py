"""Pages that are made from the code: the API and settings, when the site is built."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from chalicelib.openapi.document import document
from chalicelib.settings import VERSION, Settings


def pages() -> Mapping[str, str]:
    """Return the generated pages by file name."""
    import app  # noqa: F401, PLC0415 - registers the endpoints, which are described once in a process

    return {
        "reference-api.md": _api(document()),
        "reference-settings.md": _settings(),
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
    for field in fields(Settings):
        default, described = field.metadata["default"], field.metadata["description"]
        variables = " ".join(f"`{variable}`" for variable in field.metadata["variables"])
        rows.append(f"| {variables} | {described} | {'' if default is None else f'`{default!s:.60}`'} |")
    head = "# Settings\n\nRead from the environment by `chalicelib/settings.py`, and by nothing else.\n"
    return "\n".join([head, "| variable | what it is | default |", "|---|---|---|", *rows, ""])
