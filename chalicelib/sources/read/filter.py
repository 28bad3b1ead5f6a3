"""Which sources a query of the list means."""

from collections.abc import Callable

from chalicelib.accounts.caller import Caller
from chalicelib.sources.coordinates import separation
from chalicelib.sources.items.classification import CLASSIFICATION, Classification
from chalicelib.sources.items.source import Source
from chalicelib.sources.read.query import SourceQuery
from chalicelib.sources.records.taxonomies import taxonomy
from chalicelib.sources.source.access import visible
from chalicelib.sources.source.partition import records_of

Test = Callable[[Source], bool]


def named(obj_id: str, query: SourceQuery) -> bool:
    """Say whether the id alone does not rule a source out."""
    return (query.source_id or "").lower() in obj_id.lower() and obj_id not in query.rejected


def accepts(caller: Caller, source: Source, query: SourceQuery) -> bool:
    """Say whether a source is meant; the classifications are read only if nothing else rules it out."""
    tests: tuple[Test, ...] = (
        lambda one: _in_cone(one, query),
        lambda one: _has_redshift(one.redshift, query),
        lambda one: _is_called(one, query),
        lambda one: not query.saved_by_current_user or any(who == caller.user_id for _, who in one.saves.values()),
        lambda one: query.changed_after is None or one.modified >= query.changed_after,
        lambda one: not query.by_classification or _is_classified(caller, one, query),
    )
    return all(test(source) for test in tests)


def _in_cone(source: Source, query: SourceQuery) -> bool:
    if query.ra is None or query.dec is None or query.radius is None:
        return True
    return separation(query.ra, query.dec, source.ra, source.dec) <= query.radius


def _has_redshift(redshift: float | None, query: SourceQuery) -> bool:
    if redshift is None:
        return not query.has_redshift and query.min_redshift is None and query.max_redshift is None
    above = query.min_redshift is None or redshift >= query.min_redshift
    return above and (query.max_redshift is None or redshift <= query.max_redshift)


def _is_called(source: Source, query: SourceQuery) -> bool:
    tns_name = source.columns.get("tns_name")
    aliases = source.columns.get("alias") or []
    return (
        not (query.has_tns_name and not tns_name)
        and not (query.has_no_tns_name and tns_name)
        and (query.alias is None or any(query.alias.lower() in alias.lower() for alias in aliases))
        and (query.origin is None or query.origin.lower() in (source.columns.get("origin") or "").lower())
    )


def _is_classified(caller: Caller, source: Source, query: SourceQuery) -> bool:
    """Compare with `taxonomy: class`, or with the class alone."""
    records = (record for record in records_of(source.obj_id, CLASSIFICATION) if isinstance(record, Classification))
    seen = visible(caller, records)
    names = {one.classification for one in seen}
    if any(": " in name for name in (*query.classifications, *query.nonclassifications)):
        names |= {f"{taxonomy(one.taxonomy_id).name}: {one.classification}" for one in seen}
    wanted = all if query.all_classifications else any
    return (
        (not query.classifications or wanted(name in names for name in query.classifications))
        and not any(name in names for name in query.nonclassifications)
        and not (query.classified and not names)
        and not (query.unclassified and names)
    )
