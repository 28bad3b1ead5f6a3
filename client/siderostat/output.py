"""What the command line shows: tables for people, JSON for scripts."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

COLOURS = {"completed": "green", "failure": "red", "timed_out": "red", "queued": "yellow", "pending": "yellow"}

people = Console(stderr=True)
"""Progress and messages: standard output is for what was asked for."""


def as_json(value: object) -> None:
    """Print JSON."""
    json.dump(value, sys.stdout, indent=2)
    print()


def as_table(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Print a table."""
    table = Table(*columns, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*(_cell(column, row.get(column)) for column in columns))
    Console().print(table)


def _cell(column: str, value: object) -> str:
    text = "" if value is None else ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"[{COLOURS[text]}]{text}[/]" if column == "status" and text in COLOURS else text.replace("[", "\\[")


def results(found: Mapping[str, Any], indent: str = "") -> None:
    """Print results, name by name; what is nested below its name."""
    for name, value in found.items():
        if isinstance(value, Mapping):
            print(f"{indent}{name}")
            results(value, indent + "  ")
        else:
            text = json.dumps(value) if isinstance(value, list) else str(value)
            print(f"{indent}{name:<24} {text if len(text) < 200 else text[:200] + '…'}")  # noqa: PLR2004 - a line
