"""Tables of text: comma, semicolon, tab, bar or white space between the columns, comments before them.

Names stand in the first line, or in the last comment with as many words as there are columns (ATLAS, AAVSO, topcat);
ZTF's forced photometry has commas between the names and none between the numbers.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence

from chalicelib.settings import MAX_BODY_BYTES
from chalicelib.sources.files.table import Cell, Row, Table, Unreadable

_DELIMITERS = (",", "\t", ";", "|")
_COMMENT = "#"
_NUMBER = re.compile(r"[<>]?[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?|nan|null|none|inf|-", re.IGNORECASE)
_FACT = re.compile(r"^#+\s*(?P<name>[A-Za-z][\w .-]*?)\s*[:=]\s*(?P<value>.*?)\s*$")
_WIDEST = 1000
_ECSV = re.compile(rb"^#\s*%ECSV")
_ECSV_NAME = re.compile(r"(?:^|[\s{,-])name:\s*(?:'(?P<a>[^']*)'|\"(?P<b>[^\"]*)\"|(?P<c>[^,}\s]+))")
_ECSV_UNIT = re.compile(r"[\s{,]unit:\s*(?:'(?P<a>[^']*)'|\"(?P<b>[^\"]*)\"|(?P<c>[^,}\n]+))")
_ECSV_META = re.compile(r"^#\s*(?:meta|schema):", re.MULTILINE)
"""Where the descriptions of columns end; below, names and units mean other things."""
_NAMES_OF_AAVSO = (
    "name date mag merr filt trans mtype cname cmag kname kmag amass group chart notes".split()  # noqa: SIM905
)
"""The Extended File Format, whose line of names may be left out."""

# a spectrum in one cell; the limit holds for the whole process, and what is not a body is read in no other size
csv.field_size_limit(MAX_BODY_BYTES)


def read_text(content: bytes) -> Table:
    """Read a table of text, ECSV included.

    Raises
    ------
    Unreadable
        It has no rows, no names, or a row has more or fewer cells than there are names.
    """
    lines = _decoded(content).splitlines()
    comments = [(number, line) for number, line in enumerate(lines, 1) if line.lstrip().startswith(_COMMENT)]
    body = [
        (number, line)
        for number, line in enumerate(lines, 1)
        if line.strip() and not line.lstrip().startswith(_COMMENT)
    ]
    if not body:
        raise Unreadable(max(1, len(lines)), "", "The file has no rows.")
    facts = {found["name"].upper(): found["value"] for _, line in comments if (found := _FACT.match(line))}
    delimiter = _of_ecsv(facts) if is_ecsv(content) else _stated(facts) or _delimiter([line for _, line in body[:50]])
    names, header_line, first = _names(body, comments, delimiter, facts)
    if len(set(names)) < len(names):
        twice = next(name for name in names if list(names).count(name) > 1)
        raise Unreadable(header_line, twice, "The name stands twice in the header.")
    units = _ecsv_units("\n".join(line for _, line in comments)) if is_ecsv(content) else {}
    rows = [Row(line, _cells(line, names, cells)) for line, cells in _split(body[first:], delimiter)]
    if not rows:
        raise Unreadable(header_line, "", "The file has no rows below its header.")
    return Table(names, rows, units, facts, header_line)


def is_ecsv(content: bytes) -> bool:
    """Say whether a file of text begins as ECSV does."""
    return bool(_ECSV.match(content.removeprefix(b"\xef\xbb\xbf").lstrip()))


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    if "\0" in text:
        raise Unreadable(1, "", "The file is neither text nor a FITS table.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _stated(facts: Mapping[str, str]) -> str | None:
    """Return the delimiter that AAVSO's header names."""
    stated = facts.get("DELIM", "") if "TYPE" in facts else ""
    return {"comma": ",", "tab": "\t"}.get(stated.lower(), stated[:1] or None) if stated else None


def _of_ecsv(facts: Mapping[str, str]) -> str:
    """Return the delimiter of ECSV: a space, with quotes around what is empty or holds one, unless it is stated."""
    return "," if "," in facts.get("DELIMITER", "") else " "


def _delimiter(lines: Sequence[str]) -> str | None:
    """Return what stands between the cells of every line, None for white space."""
    below = lines[1:] or lines
    found = {sign: min(line.count(sign) for line in below) for sign in _DELIMITERS}
    # a comma that is only in the rows is one of decimals
    best = max(_DELIMITERS, key=lambda sign: (lines[0].count(sign) >= found[sign], found[sign]))
    return best if found[best] else None


def _names(
    body: Sequence[tuple[int, str]],
    comments: Sequence[tuple[int, str]],
    delimiter: str | None,
    facts: Mapping[str, str],
) -> tuple[Sequence[str], int, int]:
    """Return the names, the line that they stand in, and how many lines of the body come before the rows."""
    number, line = body[0]
    width = len(next(iter(_split(body[-1:], delimiter)))[1])
    first = _words(line, delimiter, width)
    if not any(_NUMBER.fullmatch(word) for word in first if word):
        return first, number, 1
    for place, comment in reversed([one for one in comments if one[0] < number]):
        words = _words(comment.lstrip(" #"), delimiter, width)
        if len(words) == width and not any(_NUMBER.fullmatch(word) for word in words):
            return words, place, 0
    if facts.get("TYPE", "").lower() == "extended" and width == len(_NAMES_OF_AAVSO):
        return _NAMES_OF_AAVSO, number, 0
    if width in {2, 3} and all(_NUMBER.fullmatch(word) for word in first):
        return ("wavelength", "flux", "error")[:width], number, 0
    raise Unreadable(number, "", "The columns have no names: put a line with names above the rows.")


def _words(line: str, delimiter: str | None, width: int) -> list[str]:
    """Split a line of names as the rows are split, or, if that gives another number, by commas and white space."""
    words = [word.strip() for word in next(csv.reader([line], delimiter=delimiter))] if delimiter else line.split()
    if len(words) != width:
        other = [word for word in re.split(r"[,\s]+", line.strip()) if word]
        words = other if len(other) == width else words
    return [word.rstrip(",") for word in words] if delimiter is None else words


def _split(lines: Sequence[tuple[int, str]], delimiter: str | None) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each row with its line."""
    if delimiter is None:
        for number, line in lines:
            yield number, line.split()
        return
    numbers = [number for number, _ in lines]
    text = io.StringIO("\n".join(line for _, line in lines))
    reader = csv.reader(text, delimiter=delimiter, skipinitialspace=delimiter == " ")
    before = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(numbers[min(before, len(numbers) - 1)], "", f"The line cannot be read: {error}.") from None
        yield numbers[before], cells
        before = reader.line_num


def _cells(line: int, names: Sequence[str], cells: Sequence[str]) -> dict[str, Cell]:
    if len(cells) > len(names) and not any(cell.strip() for cell in cells[len(names) :]):
        cells = cells[: len(names)]
    if len(cells) != len(names) or len(names) > _WIDEST:
        raise Unreadable(line, "", f"The line has {len(cells)} columns, and the header {len(names)}.")
    return {name: cell.strip() for name, cell in zip(names, cells, strict=True)}


def _ecsv_units(header: str) -> dict[str, str]:
    """Return the units that an ECSV header states, from its YAML: a column has a name, and perhaps a unit after it."""
    header = _ECSV_META.split(header, maxsplit=1)[0]
    found = list(_ECSV_NAME.finditer(header))
    units = {}
    for one, after in zip(found, [*(other.start() for other in found[1:]), len(header)], strict=True):
        unit = _ECSV_UNIT.search(header, one.end(), after)
        if unit:
            units[_quoted(one)] = _quoted(unit).strip().strip("# ")
    return units


def _quoted(found: re.Match[str]) -> str:
    return next(text for text in found.groups() if text is not None)
