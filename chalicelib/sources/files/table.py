"""A table as it stood in a file, whatever kind of file that was, and what is wrong with a cell of it."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Cell = str | float | int | bool | list[float | None] | None
"""What stands in a cell: text from text files, values from FITS and JSON, arrays where a cell holds one."""

_NOTHING = {"", "na", "n/a", "nan", "null", "none", "nil", "--", "-", "masked", "undefined", "inf", "-inf"}
_UNIT_IN_NAME = re.compile(r"^(?P<name>.*?)\s*[\[(](?P<unit>[^\])]*)[\])]\s*$")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: `line` counts from 1 (rows of FITS tables and elements of JSON as well)."""

    line: int
    column: str
    text: str

    def __str__(self) -> str:
        place = f"line {self.line}, column {self.column}" if self.column else f"line {self.line}"
        return f"{place}: {self.text}"


class Unreadable(Exception):
    """A file that cannot be read, or a cell that says nothing; the problem tells which."""

    def __init__(self, line: int, column: str, text: str) -> None:
        self.problem = Problem(line, column, text)
        super().__init__(str(self.problem))


@dataclass(frozen=True, slots=True)
class Row:
    """One row and the line that it stood in."""

    line: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with named columns.

    Parameters
    ----------
    columns : sequence of str
        As the file names them, in its order.
    rows : sequence of Row
        Cells by those names; a missing cell is None.
    units : mapping
        Units by column, where the file says them.
    facts : mapping
        Keywords of a header, in upper case.
    header_line : int
        The line with the names.
    """

    columns: Sequence[str]
    rows: Sequence[Row]
    units: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    header_line: int = 1

    def unit(self, column: str) -> str:
        """Return the unit of a column, also one in its name, as in `flux [uJy]`; empty if there is none."""
        found = _UNIT_IN_NAME.match(column)
        return self.units.get(column) or (found["unit"].strip() if found else "")


def bare(column: str) -> str:
    """Return the name of a column as it is compared: without unit, prefix, signs and case."""
    found = _UNIT_IN_NAME.match(column)
    name = (found["name"] if found and found["name"] else column).strip().lower()
    return re.sub(r"[^a-z0-9]+", "_", name.split(":")[-1]).strip("_")


def is_nothing(cell: Cell) -> bool:
    """Say whether a cell is empty, or one of the words and numbers that stand for nothing."""
    if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
        return True
    return isinstance(cell, str) and cell.strip().lower() in _NOTHING


def text_of(cell: Cell) -> str:
    """Return a cell as text, empty for nothing."""
    return "" if is_nothing(cell) else str(cell).strip()


def number_of(row: Row, column: str) -> float | None:
    """Return a cell as a number, None for nothing.

    Raises
    ------
    Unreadable
        It is something else.
    """
    cell = row.cells.get(column)
    if is_nothing(cell):
        return None
    try:
        number = float(cell) if isinstance(cell, str | int | float) and not isinstance(cell, bool) else math.nan
    except (ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise Unreadable(row.line, column, f"{str(cell)[:40]!r} is not a number.")
    return number
