"""The lists of values that `GET /api/enum_types` tells clients: each room declares its own."""

from collections.abc import Iterable

_VALUES: dict[str, tuple[str, ...]] = {}


def declare(name: str, values: Iterable[str]) -> None:
    """Add a list under an upper-case name; called on import by the module that owns the values."""
    _VALUES[name] = tuple(values)


def declared() -> dict[str, list[str]]:
    """Return all lists by name, sorted by name."""
    return {name: list(values) for name, values in sorted(_VALUES.items())}
