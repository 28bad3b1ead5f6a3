"""The metrics, under the names that they have in CloudWatch."""

from enum import StrEnum

NAMESPACE = "Siderostat"


class Count(StrEnum):
    """What is counted."""

    ACCEPTED = "Accepted"
    """Analyses that were started, or uploaded."""
    DISPATCHED = "Dispatched"
    """Analyses that a service took."""
    RETRIED = "Retried"
    """Dispatches after which another is to follow."""
    ENDED = "Ended"
    """Analyses that ended, by state and service."""
    PRODUCTS_FAILED = "ProductsFailed"
    """Products of results that could not be read or drawn."""
    REFUSED_ADDRESSES = "RefusedAddresses"
    """URLs that lead where no service of ours may be: when they are registered, or when they are to be called."""
    EVENTS_DELIVERED = "EventsDelivered"
    """Events that a subscriber took."""
    EVENTS_NOT_TAKEN = "EventsNotTaken"
    """Tries to send one in vain."""


class Seconds(StrEnum):
    """What is measured, in seconds."""

    QUEUED = "SecondsQueued"
    """From the start of an analysis until a service took it, or it ended without."""
    PENDING = "SecondsPending"
    """From then until it ended."""
    COLLECTION_LAG = "CollectionLag"
    """From the acceptance of a result until its products were there."""


DESCRIPTIONS: dict[Count | Seconds, str] = {
    Count.ACCEPTED: "Analyses that were started or uploaded",
    Count.DISPATCHED: "Analyses that a service took",
    Count.RETRIED: "Dispatches after which another is to follow",
    Count.ENDED: "Analyses that ended, by state and service",
    Count.PRODUCTS_FAILED: "Products that could not be read or drawn",
    Count.REFUSED_ADDRESSES: "URLs refused for where they lead",
    Count.EVENTS_DELIVERED: "Events that a subscriber took",
    Count.EVENTS_NOT_TAKEN: "Tries to send an event in vain",
    Seconds.QUEUED: "Seconds from the start of an analysis until a service took it",
    Seconds.PENDING: "Seconds from then until it ended",
    Seconds.COLLECTION_LAG: "Seconds from the acceptance of a result until its products were there",
}
