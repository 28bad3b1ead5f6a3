"""The state of the statistics as bytes: exact, fractions and all."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from chalicelib.sources import blobs
from chalicelib.sources.phot_stats.statistics import Epoch, FilterState, Range, State


def packed(state: State) -> bytes:
    """Return the state as bytes."""
    return blobs.pack([{name: _filter(one) for name, one in state.filters.items()}, state.predetections])


def unpacked(content: bytes) -> State:
    """Read what `packed` wrote."""
    filters, predetections = blobs.unpack(content)
    return State({name: _read_filter(values) for name, values in filters.items()}, tuple(predetections))


def _filter(one: FilterState) -> list[Any]:
    return [
        one.observations,
        one.recent,
        one.deepest_limit,
        _range(one.detections),
        _range(one.unforced),
        _epoch(one.peak),
        one.faintest,
        one.mag_sum.as_integer_ratio(),
        one.square_sum.as_integer_ratio(),
    ]


def _read_filter(values: Sequence[Any]) -> FilterState:
    observations, recent, deepest_limit, detections, unforced, peak, faintest, mag_sum, square_sum = values
    return FilterState(
        observations=observations,
        recent=recent,
        deepest_limit=deepest_limit,
        detections=_read_range(detections),
        unforced=_read_range(unforced),
        peak=_read_epoch(peak),
        faintest=faintest,
        mag_sum=Fraction(*mag_sum),
        square_sum=Fraction(*square_sum),
    )


def _range(one: Range) -> list[Any]:
    return [one.count, _epoch(one.first), _epoch(one.last)]


def _read_range(values: Sequence[Any]) -> Range:
    count, first, last = values
    return Range(count, _read_epoch(first), _read_epoch(last))


def _epoch(one: Epoch | None) -> list[float] | None:
    return None if one is None else [one.mjd, one.mag]


def _read_epoch(values: Sequence[float] | None) -> Epoch | None:
    return None if values is None else Epoch(*values)
