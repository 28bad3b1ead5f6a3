"""What is answered about a file of somebody's own data."""

from collections.abc import Iterable
from typing import Any, Literal

from chalicelib.http.parsing import Id
from chalicelib.http.record import Record, Time
from chalicelib.sources.files.table import Problem


class FileProblem(Record):
    """What is wrong with a file: lines count from 1, as do rows of FITS tables and elements of JSON."""

    line: int
    column: str
    """As the file names it; empty where the line as a whole is meant."""
    text: str


class ReadFile(Record):
    """What was found in a file, and the numbers of what was stored: nothing is, on a dry run or with problems."""

    columns: dict[str, str]
    """The file's column for each field that was recognised."""
    rows: int
    left_out: int
    """Rows that are no measurements by the rules of their survey."""
    problems: list[FileProblem]
    ids: list[Id] | None = None


class KeptFile(Record):
    """A file that records came in, as it came."""

    id: str
    """SHA-256 of its content."""
    name: str
    of: Literal["photometry", "spectra"]
    bytes: int
    records: int
    """Points or spectra that were read from it."""
    created_at: Time


def answer(
    columns: dict[str, str], rows: int, problems: Iterable[Problem], *, left_out: int = 0, ids: list[int] | None = None
) -> dict[str, Any]:
    """Put an answer together; `ids` is there only if something was stored."""
    found = [{"line": problem.line, "column": problem.column, "text": problem.text} for problem in problems]
    stored = {} if ids is None else {"ids": ids}
    return {"columns": columns, "rows": rows, "left_out": left_out, "problems": found, **stored}
