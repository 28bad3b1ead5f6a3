"""The histories of a source: who set what, and when."""

from typing import Any

from chalicelib import clock
from chalicelib.sources import blobs
from chalicelib.sources.items.source import Source

MOST_SUMMARY_CHARACTERS = 10_000
MOST_REDSHIFTS = 300
"""Entries that are kept: the item has a limited size."""

_MOST_PACKED_BYTES = 100_000

Entry = dict[str, Any]


def stamp() -> str:
    """Return the present as histories show it: with its offset from UTC."""
    return clock.iso(clock.now()) + "+00:00"


def redshift_entry(source: Source, user_id: int) -> Entry:
    """Return the entry for the redshift that a source has now."""
    return {
        "set_by_user_id": user_id,
        "set_at_utc": stamp(),
        "value": source.redshift,
        "uncertainty": source.redshift_error,
        "origin": source.redshift_origin,
    }


def summary_entry(text: str | None, user_id: int, analysis_id: int | None) -> Entry:
    """Return the entry for a summary; one that an analysis wrote is a robot's."""
    return {
        "set_by_user_id": user_id,
        "set_at_utc": stamp(),
        "summary": text,
        "is_bot": analysis_id is not None,
        "analysis_id": analysis_id,
    }


def keep_summaries(source: Source, history: list[Entry]) -> None:
    """Put a history, newest first, onto a source, and let its newest text be the summary.

    Of a history that would not fit into the item the oldest entries are dropped.
    """
    packed = blobs.pack(history)
    while len(packed) > _MOST_PACKED_BYTES:
        history = history[: len(history) * 3 // 4]
        packed = blobs.pack(history)
    source.packed_summary_history = packed
    source.summary = history[0]["summary"] if history else None
