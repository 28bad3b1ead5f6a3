"""Photometry with something to see in it, for the pages of sources."""

import math
from typing import Any

PERIOD_DAYS = 0.7123
_DAYS = 120.0


def supernova_like() -> dict[str, Any]:
    """Return detections in two filters, limits before them, one of 99 mag, and forced photometry."""
    days = range(0, 60, 3)
    detections = [
        (59300.3 + day, name, 17.2 + 0.04 * day + shift)
        for day in days
        for name, shift in (("ztfg", 0.3), ("ztfr", 0.0))
    ]
    rows = [
        {"mjd": mjd, "filter": name, "mag": mag, "magerr": 0.05, "limiting_mag": 20.5} for mjd, name, mag in detections
    ]
    limits = [(59290.3, 20.1), (59295.3, 19.9), (58000.1, 99.0)]
    rows += [
        {"mjd": mjd, "filter": "ztfr", "mag": None, "magerr": None, "limiting_mag": limit} for mjd, limit in limits
    ]
    forced = {"mjd": 59298.3, "filter": "ztfr", "mag": 19.0, "magerr": 0.1, "limiting_mag": 20.5}
    return columns([{**row, "origin": None} for row in rows] + [{**forced, "origin": "alert_fp"}])


def variable(points: int = 240) -> dict[str, Any]:
    """Return a sine with a period of `PERIOD_DAYS`, sampled at uneven times."""
    times = [59000 + _DAYS * ((0.618034 * number) % 1) for number in range(points)]
    mags = [17.0 + 0.3 * math.sin(2 * math.pi * mjd / PERIOD_DAYS) + 0.01 * math.sin(37 * mjd) for mjd in times]
    return columns(
        [{"mjd": mjd, "filter": "ztfr", "mag": mag, "magerr": 0.02} for mjd, mag in zip(times, mags, strict=True)]
    )


def many(count: int) -> dict[str, Any]:
    """Return very many points, and a limit of 99 mag among them."""
    names = ("ztfg", "ztfr", "ztfi")
    rows = [
        {"mjd": 58000 + number / 6, "filter": names[number % 3], "mag": 18 + (number % 700) / 1000, "magerr": 0.05}
        for number in range(count)
    ]
    rows[7] = {**rows[7], "mag": None, "magerr": None}
    limits = [99.0 if number == 7 else 21.0 for number in range(count)]
    return {**columns(rows), "limiting_mag": limits}


def light_curve_answer(photometry: dict[str, Any]) -> dict[str, Any]:
    """Return what the API answers of photometry in magnitudes."""
    count = len(photometry["mjd"])
    fluxes = [None if mag is None else 10 ** (-0.4 * (mag - 23.9)) for mag in photometry["mag"]]
    rest = {"flux": fluxes, "fluxerr": [1.0] * count, "instrument_id": [1] * count, "origin": [None] * count}
    return {"columns": {**photometry, **rest, "id": list(range(count))}, "filters": {}, "n": count}


def columns(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {name: [row[name] for row in rows] for name in rows[0]}
