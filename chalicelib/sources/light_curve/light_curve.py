"""A light curve as columns, and as a file."""

import csv
import io
from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from chalicelib.accounts.caller import Caller
from chalicelib.sources.light_curve.points import COLUMNS, Point, Wanted, light_curve_points
from chalicelib.sources.magnitudes import ZERO_POINT

_ROUND = "{:.7g}".format
_DECIMALS_OF_TIME = 8
"""About a millisecond."""
_ROUNDED = frozenset({"mag", "magerr", "flux", "fluxerr", "limiting_mag"})


def light_curve(caller: Caller, obj_id: str, wanted: Wanted) -> dict[str, Any]:
    """Return the answer that `LightCurve` describes; raises like `light_curve_points`."""
    found = light_curve_points(caller, obj_id, wanted)
    return {
        "columns": {name: _shown(name, map(attrgetter(name), found.points)) for name in COLUMNS},
        "filters": _filters(found.points),
        "n": len(found.points),
        "magsys": wanted.system,
        "ebv": found.ebv,
    }


def light_curve_csv(caller: Caller, obj_id: str, wanted: Wanted) -> bytes:
    """Return the same as CSV with all digits, so that it can be posted again: with system and zero point."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*COLUMNS, "magsys", "zp"])
    row = attrgetter(*COLUMNS)
    writer.writerows(
        (*row(point), wanted.system, ZERO_POINT) for point in light_curve_points(caller, obj_id, wanted).points
    )
    return text.getvalue().encode()


def _shown(name: str, values: Iterable[Any]) -> list[Any]:
    if name == "mjd":
        return [round(value, _DECIMALS_OF_TIME) for value in values]
    if name in _ROUNDED:
        return [None if value is None else float(_ROUND(value)) for value in values]
    return list(values)


def _filters(points: Iterable[Point]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for point in points:
        row = found.setdefault(point.filter, {"n": 0, "n_detections": 0, "extinction": None})
        row["n"] += 1
        row["n_detections"] += point.is_detection
        row["extinction"] = max(row["extinction"] or 0.0, point.extinction) or None
    return dict(sorted(found.items()))
