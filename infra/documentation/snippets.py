"""Snippets of the pages: Python and JSON that can be parsed, shell that a shell reads."""

import ast
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

_SNIPPET = re.compile(r"^```(?P<language>\w+)\n(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE)
_PLACEHOLDER = re.compile("[\u2039\u203a\u2026]")


def broken_snippets(page: Path) -> Iterator[str]:
    """Yield what is wrong with the snippets of a page; those with a placeholder in angle quotes are only read."""
    for found in _SNIPPET.finditer(page.read_text()):
        if _PLACEHOLDER.search(found["code"]):
            continue
        problem = _problem(found["language"], found["code"])
        if problem:
            yield f"{page.name}: {found['code'].strip().splitlines()[0]!r}: {problem}"


def _problem(language: str, code: str) -> str | None:
    try:
        if language == "python":
            ast.parse(code)
        elif language == "json":
            json.loads(code)
        elif language == "sh":
            done = subprocess.run(["/bin/sh", "-n"], input=code, text=True, capture_output=True, check=False)
            return done.stderr.strip() or None
    except (SyntaxError, ValueError) as error:
        return str(error)
    return None
