"""The statistics of a source's photometry as JSON."""

import math
from fractions import Fraction
from typing import Any

from chalicelib.sources.phot_stats.statistics import Epoch, FilterState, State, first_of, last_of


def statistics(state: State) -> dict[str, Any]:
    """Return the numbers by SkyPortal's names; what cannot be said is None, or not in a dictionary by filter."""
    seen = dict(sorted(state.filters.items()))
    detected = {name: one for name, one in seen.items() if one.detections.count}
    return {
        "num_obs_global": sum(one.observations for one in seen.values()),
        "num_obs_per_filter": {name: one.observations for name, one in seen.items()},
        "num_det_global": sum(one.detections.count for one in seen.values()),
        "num_det_no_forced_phot_global": sum(one.unforced.count for one in seen.values()),
        "num_det_per_filter": {name: one.detections.count for name, one in detected.items()},
        **_edges(state.filters),
        **_limits(state, seen),
        **_brightness(detected),
        **_rates(state.filters),
    }


def _edges(filters: dict[str, FilterState]) -> dict[str, Any]:
    edges = {
        "first_detected": first_of(filters),
        "last_detected": last_of(filters),
        "first_detected_no_forced_phot": first_of(filters, unforced=True),
        "last_detected_no_forced_phot": last_of(filters, unforced=True),
    }
    record: dict[str, Any] = {}
    for name, edge in edges.items():
        where, epoch = edge or (None, None)
        record[f"{name}_mjd"] = None if epoch is None else epoch.mjd
        record[f"{name}_mag"] = None if epoch is None else epoch.mag
        record[f"{name}_filter"] = where
    return record


def _limits(state: State, seen: dict[str, FilterState]) -> dict[str, Any]:
    first = first_of(state.filters)
    last_limit = state.predetections[-1] if state.predetections else None
    deepest = {name: one.deepest_limit for name, one in seen.items() if one.deepest_limit is not None}
    return {
        "recent_obs_mjd": max((one.recent for one in seen.values()), default=None),
        "predetection_mjds": list(state.predetections),
        "last_non_detection_mjd": last_limit,
        "time_to_non_detection": None if first is None or last_limit is None else first[1].mjd - last_limit,
        "deepest_limit_global": max(deepest.values(), default=None),
        "deepest_limit_per_filter": deepest,
    }


def _brightness(detected: dict[str, FilterState]) -> dict[str, Any]:
    peaks = {name: one.peak for name, one in detected.items() if one.peak is not None}
    peak = min(peaks.values(), key=lambda one: (one.mag, one.mjd), default=None)
    means = {name: _mean([one]) for name, one in detected.items()}
    faintest = {name: one.faintest for name, one in detected.items() if one.faintest is not None}
    everything = list(detected.values())
    return {
        "mean_mag_global": _mean(everything) if detected else None,
        "mean_mag_per_filter": means,
        "mean_color": {f"{a}-{b}": means[a] - means[b] for a in means for b in means if a != b},
        "peak_mjd_global": None if peak is None else peak.mjd,
        "peak_mjd_per_filter": {name: one.mjd for name, one in peaks.items()},
        "peak_mag_global": None if peak is None else peak.mag,
        "peak_mag_per_filter": {name: one.mag for name, one in peaks.items()},
        "faintest_mag_global": max(faintest.values(), default=None),
        "faintest_mag_per_filter": faintest,
        "mag_rms_global": _scatter(everything) if detected else None,
        "mag_rms_per_filter": {name: _scatter([one]) for name, one in detected.items()},
    }


def _mean(filters: list[FilterState]) -> float:
    return float(sum(one.mag_sum for one in filters) / _count(filters))


def _scatter(filters: list[FilterState]) -> float:
    """Return the population standard deviation, from exact sums."""
    count = _count(filters)
    mean = Fraction(sum(one.mag_sum for one in filters), count)
    return math.sqrt(Fraction(sum(one.square_sum for one in filters), count) - mean**2)


def _count(filters: list[FilterState]) -> int:
    return sum(one.detections.count for one in filters)


def _rates(filters: dict[str, FilterState]) -> dict[str, float | None]:
    edges = {"rise_rate": first_of(filters), "decay_rate": last_of(filters)}
    return {name: None if edge is None else _slope(edge[1], filters[edge[0]].peak) for name, edge in edges.items()}


def _slope(edge: Epoch, peak: Epoch | None) -> float | None:
    """Return magnitudes a day, positive while brightening; None if the first or last detection is the peak."""
    if peak is None or peak.mjd == edge.mjd:
        return None
    return (edge.mag - peak.mag) / (peak.mjd - edge.mjd)
