"""Which events start a default analysis, and which default analyses an event starts."""

from chalicelib.services.defaults.body import SourceFilter
from chalicelib.services.items.default_analysis import DefaultAnalysis
from chalicelib.services.items.trigger import Trigger


def events_of(source_filter: SourceFilter) -> frozenset[str]:
    """Return the events that a filter is about."""
    if source_filter.group_id is not None:
        return frozenset({_saved_to(source_filter.group_id)})
    return frozenset(_classified_as(rule.name) for rule in source_filter.classifications or [])


def triggered_by_group(group_id: int) -> list[DefaultAnalysis]:
    """Return the defaults that start when a source is saved to this group.

    Whether the author still reaches the service and the source is the caller's to find out.
    """
    return _triggered(_saved_to(group_id))


def triggered_by_classification(name: str, probability: float | None) -> list[DefaultAnalysis]:
    """Return the defaults that start when a source is classified like this.

    Whether the author still reaches the service and the source is the caller's to find out.

    Parameters
    ----------
    name : str
        The class.
    probability : float, optional
        None if the classification has none: it is then not known to be probable enough for a filter that asks for
        some, and starts those alone that ask for none.
    """
    return [
        default
        for default in _triggered(_classified_as(name))
        if any(
            rule.name == name and (probability or 0.0) >= rule.probability
            for rule in SourceFilter(**default.source_filter).classifications or []
        )
    ]


def _triggered(event: str) -> list[DefaultAnalysis]:
    triggers = Trigger.by_trigger.query(event)
    keys = [(trigger.service_id, DefaultAnalysis.sk_of(trigger.default_id)) for trigger in triggers]
    defaults = DefaultAnalysis.batch_get(keys, consistent_read=True)
    # the index lags behind the items: a filter may have changed a moment ago
    current = (default for default in defaults if event in events_of(SourceFilter(**default.source_filter)))
    return sorted(current, key=lambda default: default.id)


def _saved_to(group_id: int) -> str:
    return f"group#{group_id}"


def _classified_as(name: str) -> str:
    return f"classification#{name}"
