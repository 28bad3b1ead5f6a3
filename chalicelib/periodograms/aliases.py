"""Which peaks are reflections of a stronger one: harmonics of it, or what the daily rhythm of observing makes of it."""

from collections.abc import Iterator, Sequence

SOLAR_DAY = 1.0
SIDEREAL_DAY = 0.9972695663
"""Days: IERS Conventions 2010, mean sidereal day of 86 164.0905 s."""

_MOST_DAYS = 3
_HARMONICS = (2.0, 3.0, 4.0, 1.5, 0.5, 1 / 3, 0.25, 2 / 3)
"""Of frequency: whole multiples, whole fractions, and what these make of each other."""


def aliases(frequencies: Sequence[float], width: float) -> list[int | None]:
    """Return for each frequency the place of the first one before it that it is an alias of, None if there is none.

    Parameters
    ----------
    frequencies : sequence of float
        Cycles a day, strongest first.
    width : float
        How far from the place of an alias a peak may be.
    """
    return [
        next((place for place in range(number) if _is_alias(frequency, frequencies[place], width)), None)
        for number, frequency in enumerate(frequencies)
    ]


def _is_alias(frequency: float, of: float, width: float) -> bool:
    return any(abs(frequency - expected) < width for expected in _expected(of))


def _expected(frequency: float) -> Iterator[float]:
    """Yield where the aliases of a frequency are; one below zero is seen at its absolute value."""
    for ratio in _HARMONICS:
        yield ratio * frequency
    for day in (SOLAR_DAY, SIDEREAL_DAY):
        for number in range(1, _MOST_DAYS + 1):
            yield abs(frequency - number / day)
            yield frequency + number / day
