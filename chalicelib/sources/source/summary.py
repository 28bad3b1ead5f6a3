"""The summaries that analyses write and take back."""

from chalicelib.sources.items.source import SOURCE_SK, Source
from chalicelib.sources.source import history
from chalicelib.sources.source.optimistic_update import change_source


def add_summary(obj_id: str, text: str, *, user_id: int, analysis_id: int) -> bool:
    """Make a text the summary of a source, once for each analysis, and say whether it was added now.

    A text of more than 10 000 characters is cut.
    """
    added = False

    def change(source: Source) -> bool:
        nonlocal added
        entries = source.summary_history
        added = all(entry["analysis_id"] != analysis_id for entry in entries)
        if added:
            entry = history.summary_entry(text[: history.MOST_SUMMARY_CHARACTERS], user_id, analysis_id)
            history.keep_summaries(source, [entry, *entries])
        return added

    change_source(lambda: _existing(obj_id), change)
    return added


def remove_analysis_summaries(obj_id: str, analysis_id: int) -> None:
    """Remove what an analysis added; the newest remaining entry is the summary then."""

    def change(source: Source) -> bool:
        kept = [entry for entry in source.summary_history if entry["analysis_id"] != analysis_id]
        if len(kept) == len(source.summary_history):
            return False
        history.keep_summaries(source, kept)
        return True

    change_source(lambda: _existing(obj_id), change)


def _existing(obj_id: str) -> Source:
    """Read a source whoever may see it; raise `Source.DoesNotExist`."""
    return Source.get(obj_id, SOURCE_SK, consistent_read=True)
