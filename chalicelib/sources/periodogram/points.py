"""The points of a light curve that a period can be searched in."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.http.errors import BadRequest
from chalicelib.sources import magnitudes
from chalicelib.sources.items.photometry_point import PhotometryPoint
from chalicelib.sources.periodogram.query import PeriodogramQuery

FEWEST = 10
"""Of a filter: four terms with a mean are nine parameters."""

MOST = 10_000


@dataclass(frozen=True, slots=True)
class Point:
    """A detection: MJD, AB magnitudes."""

    mjd: float
    mag: float
    magerr: float
    filter: str


def usable_points(photometry: Iterable[PhotometryPoint], query: PeriodogramQuery) -> list[Point]:
    """Return the detections that a query means, by time.

    Raises
    ------
    BadRequest
        A filter has fewer than `FEWEST`, or all together have more than `MOST`.
    """
    found = [point for each in photometry if _is_meant(each, query) and (point := _detection(each)) is not None]
    _check(found, query.filters)
    return sorted(found, key=lambda point: (point.mjd, point.filter))


def by_filter(points: Iterable[Point]) -> Mapping[str, Sequence[Point]]:
    """Sort points by filter, these by name."""
    found: dict[str, list[Point]] = {}
    for point in points:
        found.setdefault(point.filter, []).append(point)
    return dict(sorted(found.items()))


def _is_meant(point: PhotometryPoint, query: PeriodogramQuery) -> bool:
    return (
        (not query.filters or point.filter in query.filters)
        and (not query.instruments or point.instrument_id in query.instruments)
        and (query.since is None or point.mjd >= query.since)
        and (query.until is None or point.mjd <= query.until)
    )


def _detection(point: PhotometryPoint) -> Point | None:
    mag, magerr = magnitudes.mag_of_flux(point.flux), magnitudes.magerr_of_flux(point.flux, point.fluxerr)
    if mag is None or magerr is None or not magnitudes.is_detection(point):
        return None
    return Point(point.mjd, mag, magerr, point.filter)


def _check(points: Sequence[Point], wanted: Sequence[str]) -> None:
    if len(points) > MOST:
        raise BadRequest(
            f"{len(points)} points are too many: at most {MOST} can be searched at once. Narrow filters, instruments, "
            "from or to."
        )
    counts = Counter(point.filter for point in points)
    few = {name: counts[name] for name in wanted or counts or ("the source",) if counts[name] < FEWEST}
    if not few:
        return
    enough = ",".join(sorted(set(counts) - set(few)))
    raise BadRequest(
        f"Too few detections: {', '.join(f'{name} has {count}' for name, count in sorted(few.items()))}, and at least "
        f"{FEWEST} points of a filter are needed (limits and signals below three errors do not count)."
        + (f" Ask for filters={enough}." if enough else "")
    )
