"""Files of one's own data, read before anything is sent: all of them, or none is imported."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from chalicelib.sources.files.photometry import Photometry, Point, read_photometry
from chalicelib.sources.files.read_table import read_table
from chalicelib.sources.files.spectra import SpectrumOfFile, read_spectra
from chalicelib.sources.files.table import Table, Unreadable
from infra.local.options import Import

SOURCE = "source.json"
"""What `export` writes of a source beside its photometry and spectra."""
_SUFFIXES = {".gz", ".csv", ".ecsv", ".txt", ".dat", ".ascii", ".json", ".fits", ".fit", ".tsv", ".tbl"}
_NO_NAME = re.compile(r"[^A-Za-z0-9_\-;:+.]+")
_DEGREES = re.compile(r"^[+-]?\d+(\.\d+)?")
_POSITION = {
    "ra": ("RA", "RA_OBJ", "OBJRA", "REQUESTED INPUT R.A.", "RA_TARG", "MEANRA"),
    "dec": ("DEC", "DEC_OBJ", "OBJDEC", "REQUESTED INPUT DEC.", "DEC_TARG", "MEANDEC"),
}


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file with what is in it, by object; `sources` is what it says of the objects themselves."""

    path: Path
    content: bytes
    points: dict[str, list[Point]]
    spectra: dict[str, list[SpectrumOfFile]]
    sources: dict[str, dict[str, Any]]
    about: str
    """For people: what kind of file it is, and its columns."""
    row_lines: frozenset[int] = frozenset()
    """In which its rows begin."""
    named: frozenset[str] = frozenset()
    """The objects by the names that they have in it."""

    @property
    def objects(self) -> tuple[str, ...]:
        """Whose data it holds."""
        return tuple(dict.fromkeys((*self.points, *self.spectra)))


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a file, with its line and column, as compilers write it."""

    path: Path
    text: str

    def __str__(self) -> str:
        return f"{self.path}: {self.text}"


def read_files(options: Import) -> tuple[list[FileRead], list[Trouble]]:
    """Read every file, and the files of every folder; what is wrong with any of them is collected."""
    read, troubles = [], []
    for path in _files(options.files):
        try:
            read.append(_read(path, options))
        except _Wrong as error:
            troubles += error.troubles
    return read, troubles


class _Wrong(Exception):
    def __init__(self, path: Path, texts: Iterable[object]) -> None:
        super().__init__()
        self.troubles = [Trouble(path, str(text)) for text in texts]


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in path.iterdir() if file.is_file() and not file.name.startswith("."))
        else:
            yield path


def _read(path: Path, options: Import) -> FileRead:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _Wrong(path, [f"The file cannot be read: {error.strerror}."]) from None
    if path.name == SOURCE:
        return _source_file(path, content)
    try:
        table = read_table(content)
    except Unreadable as error:
        raise _Wrong(path, [error.problem]) from None
    found = read_photometry(table, options.zp)
    spectra = read_spectra(table) if found.problems else None
    if spectra is not None:
        return _spectra(
            path, content, table, spectra.spectra, [*spectra.problems, *_undated(spectra.spectra, options)], options
        )
    if found.problems:
        raise _Wrong(path, found.problems)
    return _photometry(path, content, table, found, options)


def _source_file(path: Path, content: bytes) -> FileRead:
    try:
        source = json.loads(content)
        name = str(source["id"])
    except (ValueError, KeyError, TypeError):
        raise _Wrong(path, ["The file is no source that export wrote."]) from None
    return FileRead(path, b"", {name: []}, {}, {name: source}, "source")


def _photometry(path: Path, content: bytes, table: Table, found: Photometry, options: Import) -> FileRead:
    by_object: dict[str, list[Point]] = defaultdict(list)
    for point in found.points:
        of = _object(options, point.obj_id, table, path)
        by_object[of].append(replace(point, instrument=point.instrument or found.layout.instrument))
    columns = ", ".join(f"{field}: {column}" for field, column in found.columns.items())
    left_out = f", {found.left_out} rows left out" if found.left_out else ""
    about = f"{found.layout.name}, {found.rows} points{left_out} ({columns})"
    header = _header_position(table)
    sources = {
        name: {**header, **_known({"ra": points[0].ra, "dec": points[0].dec})} for name, points in by_object.items()
    }
    return FileRead(path, content, by_object, {}, sources, about, _row_lines(table), _named(found.points))


def _spectra(  # noqa: PLR0913, PLR0917 - all that was found
    path: Path, content: bytes, table: Table, spectra: list[SpectrumOfFile], problems: list[object], options: Import
) -> FileRead:
    if problems:
        raise _Wrong(path, problems)
    by_object: dict[str, list[SpectrumOfFile]] = defaultdict(list)
    for one in spectra:
        by_object[_object(options, one.obj_id, table, path)].append(one)
    points = sum(len(one.wavelengths) for one in spectra)
    return FileRead(
        path,
        content,
        {},
        by_object,
        dict.fromkeys(by_object, _header_position(table)),
        f"{len(spectra)} spectra of {points} points",
        _row_lines(table),
        _named(spectra),
    )


def _row_lines(table: Table) -> frozenset[int]:
    return frozenset(row.line for row in table.rows)


def _named(records: Iterable[Point] | Iterable[SpectrumOfFile]) -> frozenset[str]:
    return frozenset(one.obj_id or "" for one in records)


def _undated(spectra: Iterable[SpectrumOfFile], options: Import) -> Iterator[object]:
    for one in spectra:
        if not (one.observed_at or options.observed_at):
            yield f"line {one.line}: When the spectrum was taken is not known: give --observed-at."


def _object(options: Import, stated: str | None, table: Table, path: Path) -> str:
    """Return whose data they are: as told, as a column or the header says, or as the file is called."""
    if options.obj_id:
        return options.obj_id
    stem = path
    while stem.suffix.lower() in _SUFFIXES:
        stem = stem.with_suffix("")
    name = stated or table.facts.get("OBJECT", "").strip() or table.facts.get("OBJECTID", "").strip() or stem.name
    return _NO_NAME.sub("_", name).strip("_")[:255] or "object"


def _header_position(table: Table) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, keywords in _POSITION.items():
        text = next((table.facts[keyword] for keyword in keywords if keyword in table.facts), "")
        degrees = _DEGREES.match(text.strip())
        if degrees and ":" not in text:
            found[name] = float(degrees[0])
    return found


def _known(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
