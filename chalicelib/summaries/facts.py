"""What is known about a source, read from the CSV of its inputs, each fact as one line of JSON."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.settings import MAX_BODY_BYTES
from chalicelib.summaries.failures import SummaryFailed

Row = dict[str, str]

# annotations may be longer than the csv module's own limit of 128 kB; a body bounds them anyway
csv.field_size_limit(MAX_BODY_BYTES)


@dataclass(frozen=True, slots=True)
class Facts:
    """Lines of JSON, in time order."""

    source: str
    """The id and the redshift."""
    classifications: tuple[str, ...]
    annotations: tuple[str, ...]
    comments: tuple[str, ...]


def facts_of(obj_id: str, inputs: Mapping[str, str]) -> Facts:
    """Read the inputs of a source.

    Raises
    ------
    SummaryFailed
        One of them is not CSV, or there is nothing to summarize.
    """
    redshift = next(iter(_rows(inputs, "redshift")), {})
    facts = Facts(
        source=_line({"source": obj_id, **redshift}),
        classifications=tuple(
            _line({"classification": row["classification"], "probability": row.get("probability"), "at": _time(row)})
            for row in _rows(inputs, "classifications")
            if row.get("classification")
        ),
        annotations=tuple(
            _line({"annotation": row["data"], "origin": row.get("origin"), "at": _time(row)})
            for row in _rows(inputs, "annotations")
            if row.get("data")
        ),
        comments=tuple(
            _line({"comment": row["text"], "by": "a program" if _is_bot(row) else "a person", "at": _time(row)})
            for row in _rows(inputs, "comments")
            if (row.get("text") or "").strip()
        ),
    )
    if not (facts.classifications or facts.annotations or facts.comments):
        raise SummaryFailed("There is nothing to summarize: no classifications, comments or annotations.")
    return facts


def _rows(inputs: Mapping[str, str], kind: str) -> list[Row]:
    """Return the rows of one kind, the oldest first."""
    try:
        rows = [{name: text for name, text in row.items() if name} for row in _reader(inputs.get(kind, ""))]
    except csv.Error as error:
        raise SummaryFailed(f"The {kind} of the source could not be read as CSV: {error}.") from None
    return sorted(rows, key=_time)


def _reader(text: str) -> "csv.DictReader[str]":
    return csv.DictReader(io.StringIO(text.replace("\0", "")), restval="")


def _time(row: Row) -> str:
    return row.get("created_at") or ""


def _is_bot(row: Row) -> bool:
    return row.get("bot") == "True"


def _line(values: Mapping[str, str | None]) -> str:
    """Return one line, without what is empty: a text in it cannot end the line or the JSON string that it stands in."""
    return json.dumps({name: value for name, value in values.items() if value}, ensure_ascii=False)
