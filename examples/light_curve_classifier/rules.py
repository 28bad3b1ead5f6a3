"""From features to a class, by rules that can be read; they were not trained, and say so."""

from collections.abc import Mapping

from features import Features

CONSTANT, TRANSIENT, FAST, SLOW = "constant", "transient", "fast variable", "slow variable"

_CONSTANT_CHI2 = 2.0
"""Errors are seldom right to more than that."""
_ONE_HUMP = 0.5
"""A best period above so much of the span is no repetition."""
_LONGEST_TRANSIENT = 400.0
"""Days."""
_FAST_ETA_E = 100.0


def class_of(found: Features) -> str:
    """Return the class that one filter suggests."""
    if found.reduced_chi2 < _CONSTANT_CHI2:
        return CONSTANT
    if found.eta_e > _FAST_ETA_E:
        return FAST
    if found.period > _ONE_HUMP * found.span and found.span < _LONGEST_TRANSIENT:
        return TRANSIENT
    return SLOW


def vote(by_filter: Mapping[str, Features]) -> dict[str, float]:
    """Return the share of the points whose filter suggests each class, the largest first."""
    shares: dict[str, float] = {}
    total = sum(found.points for found in by_filter.values())
    for found in by_filter.values():
        shares[class_of(found)] = shares.get(class_of(found), 0.0) + found.points / total
    return dict(sorted(shares.items(), key=lambda item: -item[1]))
