"""Time as the wire shows it: naive UTC, ISO 8601 without `Z`."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present as naive UTC with microseconds."""
    return datetime.now(UTC).replace(tzinfo=None)


def naive_utc(moment: datetime) -> datetime:
    """Return a moment, with or without an offset, as naive UTC; raises ValueError outside of the years 1 to 9999."""
    if moment.tzinfo is None:
        return moment
    try:
        return moment.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        raise ValueError("it lies outside of the years 1 to 9999") from None


def iso(moment: datetime) -> str:
    """Return ISO 8601 with six digits of microseconds, so that text order is time order."""
    return moment.isoformat(timespec="microseconds")


def parse(text: str) -> datetime:
    """Read what `iso` wrote."""
    return datetime.fromisoformat(text)
