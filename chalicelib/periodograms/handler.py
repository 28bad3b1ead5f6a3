"""The entry point of the periodograms function: a light curve comes in as columns, its periodogram goes out."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from chalicelib.periodograms import false_alarm
from chalicelib.periodograms.aliases import aliases
from chalicelib.periodograms.box import BoxPeriodogram
from chalicelib.periodograms.false_alarm import LEVELS, FalseAlarms
from chalicelib.periodograms.lomb_scargle import LombScarglePeriodogram
from chalicelib.periodograms.maximum import Maximum
from chalicelib.periodograms.peaks import best_peaks
from chalicelib.periodograms.request import PeriodogramRequest, parse_request
from chalicelib.periodograms.thinning import thinned
from chalicelib.periodograms.window import spectral_window


def handler(event: dict[str, Any], _context: object) -> dict[str, object]:
    """Compute a periodogram.

    Parameters
    ----------
    event
        ``method``: lomb_scargle or box; ``terms``: 1 to 4, for lomb_scargle; ``bands``: for each filter {mjd, mag,
        magerr}, lists of one length; ``frequencies``: {first, step, number}, in cycles a day.

    Returns
    -------
    dict
        ``frequency`` and ``power``, the curve as a plot can show it; ``peaks``, highest first, with period,
        period_error, power, false_alarm_probability and alias_of; ``false_alarm_levels``: powers by probability;
        ``false_alarm_method``; ``window``: {frequency, power}; ``box``: of the best peak {period, duration, depth,
        mid_time}, or None.

    Raises
    ------
    BrokenRequest
        The event is broken.
    """
    request = parse_request(event)
    searched, false_alarms = _searched(request)
    power = searched.on_grid(request.grid)
    peaks = best_peaks(searched, request.grid, power)
    frequency, shown = thinned(request.grid, power)
    for peak in peaks:
        place = int(np.searchsorted(frequency, peak.frequency))
        if place == len(frequency) or frequency[place] != peak.frequency:
            frequency, shown = np.insert(frequency, place, peak.frequency), np.insert(shown, place, peak.power)
        shown[place] = peak.power
    window = thinned(request.grid, spectral_window(request.light_curve, request.grid))
    return {
        "frequency": frequency.tolist(),
        "power": shown.tolist(),
        "peaks": _described(peaks, false_alarms, searched.resolution),
        "false_alarm_levels": {str(level): false_alarms.level(level) for level in LEVELS},
        "false_alarm_method": false_alarms.method,
        "window": dict(zip(("frequency", "power"), (column.tolist() for column in window), strict=True)),
        "box": _box(searched, peaks[0], request) if isinstance(searched, BoxPeriodogram) else None,
    }


def _searched(request: PeriodogramRequest) -> tuple[LombScarglePeriodogram | BoxPeriodogram, FalseAlarms]:
    if request.method == "box":
        box = BoxPeriodogram(request.light_curve)
        return box, false_alarm.of_box(box, request.grid)
    lomb_scargle = LombScarglePeriodogram(request.light_curve, request.terms)
    return lomb_scargle, false_alarm.of_lomb_scargle(lomb_scargle, request.grid)


def _described(peaks: Sequence[Maximum], false_alarms: FalseAlarms, width: float) -> list[dict[str, float | None]]:
    periods = [1 / peak.frequency for peak in peaks]
    return [
        {
            "period": period,
            "period_error": peak.error * period**2,
            "power": peak.power,
            "false_alarm_probability": false_alarms.probability(peak.power),
            "alias_of": None if place is None else periods[place],
        }
        for peak, period, place in zip(peaks, periods, aliases([p.frequency for p in peaks], width), strict=True)
    ]


def _box(searched: BoxPeriodogram, best: Maximum, request: PeriodogramRequest) -> dict[str, float]:
    box = searched.box(1 / best.frequency)
    return {
        "period": box.period,
        "duration": box.duration,
        "depth": box.depth,
        "mid_time": request.light_curve.epoch + box.middle,
    }
