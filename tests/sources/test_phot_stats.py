"""The statistics of photometry: whatever the order and the batches, they are those of all points at once."""

import math
import statistics as stdlib
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.sources.phot_stats.packed import packed, unpacked
from chalicelib.sources.phot_stats.record import statistics
from chalicelib.sources.phot_stats.statistics import State, is_forced


@dataclass(frozen=True)
class Point:
    mjd: float
    filter: str
    flux: float | None
    fluxerr: float
    limiting_mag: float | None = None
    origin: str | None = None


def mag(point):
    return -2.5 * math.log10(point.flux) + 23.9


def limit(point):
    if point.limiting_mag is not None:
        return point.limiting_mag
    return -2.5 * math.log10(5 * point.fluxerr) + 23.9 if point.fluxerr > 0 else None


def edge(points, last):
    """Mjd, magnitude and filter of the first or last detection, straight from section 8.1."""
    if not points:
        return None, None, None
    best = min(points, key=lambda one: (-one.mjd if last else one.mjd, one.filter, mag(one)))
    return best.mjd, mag(best), best.filter


def by_filter(points, number):
    found = {name: number([one for one in points if one.filter == name]) for name in {one.filter for one in points}}
    return {name: value for name, value in found.items() if value is not None}


def peak(points):
    return min(points, key=lambda one: (mag(one), one.mjd)) if points else None


def slope(points, last):
    mjd, magnitude, name = edge(points, last)
    top = peak([one for one in points if one.filter == name])
    return None if top is None or top.mjd == mjd else (magnitude - mag(top)) / (top.mjd - mjd)


def all_at_once(points):
    """Compute section 8.1 naively from all points."""
    detected = [one for one in points if one.flux is not None and one.fluxerr > 0 and one.flux / one.fluxerr > 3]
    unforced = [one for one in detected if one.origin != "alert_fp"]
    others = [one for one in points if one not in detected]
    first = edge(detected, last=False)
    early = sorted(one.mjd for one in others if first[0] is None or one.mjd < first[0])
    limits = [value for one in others if (value := limit(one)) is not None]
    means = by_filter(detected, lambda ones: stdlib.fmean(map(mag, ones)))
    numbers = {
        "num_obs_global": len(points),
        "num_obs_per_filter": by_filter(points, len),
        "num_det_global": len(detected),
        "num_det_per_filter": by_filter(detected, len),
        "num_det_no_forced_phot_global": len(unforced),
        "recent_obs_mjd": max((one.mjd for one in points), default=None),
        "predetection_mjds": early,
        "last_non_detection_mjd": early[-1] if early else None,
        "time_to_non_detection": first[0] - early[-1] if early and detected else None,
        "mean_mag_global": stdlib.fmean(map(mag, detected)) if detected else None,
        "mean_mag_per_filter": means,
        "mean_color": {f"{a}-{b}": means[a] - means[b] for a in means for b in means if a != b},
        "peak_mjd_global": peak(detected).mjd if detected else None,
        "peak_mjd_per_filter": by_filter(detected, lambda ones: peak(ones).mjd),
        "peak_mag_global": mag(peak(detected)) if detected else None,
        "peak_mag_per_filter": by_filter(detected, lambda ones: mag(peak(ones))),
        "faintest_mag_global": max(map(mag, detected), default=None),
        "faintest_mag_per_filter": by_filter(detected, lambda ones: max(map(mag, ones))),
        "deepest_limit_global": max(limits, default=None),
        "deepest_limit_per_filter": by_filter(
            others, lambda ones: max((value for one in ones if (value := limit(one)) is not None), default=None)
        ),
        "rise_rate": slope(detected, last=False),
        "decay_rate": slope(detected, last=True),
        "mag_rms_global": stdlib.pstdev(map(mag, detected)) if detected else None,
        "mag_rms_per_filter": by_filter(detected, lambda ones: stdlib.pstdev(map(mag, ones))),
    }
    for name, which, latest in (
        ("first_detected", detected, False),
        ("last_detected", detected, True),
        ("first_detected_no_forced_phot", unforced, False),
        ("last_detected_no_forced_phot", unforced, True),
    ):
        numbers |= dict(zip((f"{name}_mjd", f"{name}_mag", f"{name}_filter"), edge(which, latest), strict=True))
    return numbers


def same(ours, expected):
    assert ours.keys() == expected.keys()
    for name, value in expected.items():
        exact = value is None or isinstance(value, str)
        assert ours[name] == (value if exact else pytest.approx(value, rel=1e-9, abs=1e-11)), name


POINTS = st.lists(
    st.builds(
        Point,
        mjd=st.one_of(st.integers(59000, 59010).map(float), st.floats(50000, 70000)),
        filter=st.sampled_from(["ztfg", "ztfr", "ztfi"]),
        flux=st.one_of(st.none(), st.floats(-1e3, 1e6)),
        fluxerr=st.one_of(st.just(0.0), st.floats(1e-3, 1e3)),
        limiting_mag=st.one_of(st.none(), st.floats(10, 30)),
        origin=st.sampled_from([None, "survey", "alert_fp"]),
    ),
    max_size=25,
    unique_by=lambda one: (one.mjd, one.filter, one.flux, one.fluxerr),
)


@settings(deadline=None)
@given(POINTS)
def test_the_numbers_are_those_of_the_definition(points):
    same(statistics(State().including(points)), all_at_once(points))


@settings(deadline=None)
@given(POINTS, st.data())
def test_order_and_batches_do_not_matter(points, data):
    shuffled = data.draw(st.permutations(points))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(points)), max_size=5)))
    state = State()
    for start, end in zip([0, *cuts], [*cuts, len(points)], strict=True):
        state = unpacked(packed(state.including(shuffled[start:end])))

    assert statistics(state) == statistics(State().including(points))


def test_the_scatter_of_many_nearly_equal_magnitudes_keeps_its_digits():
    fluxes = [1e5 * (1 + 1e-7 * number) for number in range(2000)]
    points = [Point(59000.0 + number, "ztfg", flux, 1.0) for number, flux in enumerate(fluxes)]

    rms = statistics(State().including(reversed(points)))["mag_rms_global"]

    assert rms == pytest.approx(stdlib.pstdev(mag(one) for one in points), rel=1e-9)


def test_of_detections_at_the_same_time_the_first_by_filter_name_counts():
    points = [Point(59000.0, name, flux, 1.0) for name, flux in (("ztfr", 900.0), ("ztfg", 100.0), ("ztfi", 400.0))]

    record = statistics(State().including(points))

    assert (record["first_detected_filter"], record["last_detected_filter"]) == ("ztfg", "ztfg")
    assert record["first_detected_mag"] == mag(points[1])


def test_a_light_curve_rises_and_decays():
    points = [
        Point(59000.0, "ztfg", 100.0, 1.0),
        Point(59010.0, "ztfg", 1000.0, 1.0),
        Point(59030.0, "ztfg", 10.0, 1.0),
    ]

    record = statistics(State().including(points))

    assert record["rise_rate"] == pytest.approx(2.5 / 10)
    assert record["decay_rate"] == pytest.approx(-5.0 / 20)


@pytest.mark.parametrize("significance", [3.0, 2.9, -5.0])
def test_three_sigma_is_not_a_detection_yet(significance):
    record = statistics(State().including([Point(59000.0, "ztfg", significance, 1.0)]))

    assert (record["num_obs_global"], record["num_det_global"]) == (1, 0)
    assert record["deepest_limit_global"] == pytest.approx(-2.5 * math.log10(5) + 23.9)


@pytest.mark.parametrize(
    ("origin", "forced"),
    [(None, False), ("", False), ("alert_fp", True), ("ZTF FP", True), ("forced_phot", True), ("fpga", False)],
)
def test_forced_photometry_is_recognised_by_a_word_of_its_origin(origin, forced):
    assert is_forced(Point(59000.0, "ztfg", 100.0, 1.0, origin=origin)) is forced


def test_the_endpoint_counts_what_the_caller_may_not_see(sky):
    sky.upload(sky.admin)
    sky.upload(mjd=59010.0, filter="sdssr", flux=50.0, fluxerr=1.0)

    record = sky.statistics()

    assert record["obj_id"] == sky.obj_id
    assert record["num_obs_per_filter"] == {"ztfg": 2, "ztfr": 1, "sdssr": 1}
    assert record["last_detected_filter"] == "sdssr"


def test_a_source_without_photometry_has_empty_statistics(sky):
    record = sky.statistics()

    assert (record["num_obs_global"], record["mean_color"], record["predetection_mjds"]) == (0, {}, [])
    assert record["mean_mag_global"] is None


def test_the_statistics_follow_when_a_point_is_removed(sky):
    first, *_ = sky.upload()
    assert sky.statistics()["first_detected_mjd"] == 59000.5

    sky.user.delete(f"/api/photometry/{first}")

    record = sky.statistics()
    assert (record["first_detected_mjd"], record["num_obs_global"]) == (59001.5, 2)
    assert record["last_full_update"] is not None


def test_statistics_too_large_for_an_item_are_kept_elsewhere(sky, monkeypatch):
    monkeypatch.setattr("chalicelib.sources.blobs.MOST_INLINE", 10)
    sky.upload()

    sky.upload(origin="again")

    assert sky.statistics()["num_obs_global"] == 6


def test_the_statistics_of_an_invisible_source_do_not_exist(sky):
    assert sky.outsider().get(f"{sky.source}/phot_stat").error == (404, "Source not found")
