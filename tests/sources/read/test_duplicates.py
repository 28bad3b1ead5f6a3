"""Other sources within four arc seconds, as far as the caller sees them."""

import itertools
import math

import numpy as np
import pytest

from chalicelib.sources.coordinates import ra_ranges, separation
from chalicelib.sources.read import duplicates as module
from tests.support.aws_calls import recorded_aws_calls
from tests.support.late import Late
from tests.support.people import make_group
from tests.support.sky import make_source

units = Late("astropy.units")
coordinates = Late("astropy.coordinates")

ARCSEC = 1 / 3600

_places = itertools.count(1)


@pytest.fixture
def place():
    """A right ascension where no other test has sources."""
    return 2.0 * next(_places)


def save(sky, ra, dec, **fields):
    return make_source(sky.user, ra=ra, dec=dec, **{"group_ids": [sky.group_id], **fields})


def found(sky, obj_id, api=None):
    return (api or sky.user).get(f"/api/sources/{obj_id}").data["duplicates"]


def test_the_nearest_come_first_with_their_separation(sky, place):
    here, far, near = save(sky, place, 10.0), save(sky, place, 10 + 3 * ARCSEC), save(sky, place + ARCSEC, 10.0)
    save(sky, place, 10 + 4.01 * ARCSEC)

    assert [one["obj_id"] for one in found(sky, here)] == [near, far]
    assert [one["separation"] for one in found(sky, here)] == pytest.approx([math.cos(math.radians(10)), 3.0], rel=1e-6)
    assert found(sky, here)[0]["ra"] == pytest.approx(place + ARCSEC)
    assert found(sky, near)[0]["obj_id"] == here


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((0.0, 20.0), (360 - 3 * ARCSEC, 20.0)),
        ((360.0, 30.0), (0.0, 30.0)),
        ((2 * ARCSEC, -40.0), (360.0, -40.0)),
        ((100.0, 59.99999), (100.0, 60.00001)),
        ((100.0, -0.0001), (100.0, 0.0001)),
        ((100.0, 89.9999), (280.0, 89.9996)),
        ((10.0, 90.0), (200.0, 90 - 3.9 * ARCSEC)),
        ((10.0, -90.0), (200.0, -90.0)),
        ((77.0, 89.9), (77.0 + 0.5, 89.9)),
    ],
)
def test_the_edges_of_the_sky_are_no_edges(sky, one, other):
    first, second = save(sky, *one), save(sky, *other)

    assert second in {neighbour["obj_id"] for neighbour in found(sky, first)}
    assert first in {neighbour["obj_id"] for neighbour in found(sky, second)}


def test_only_what_the_caller_sees(sky, place):
    here = save(sky, place, 0.5)
    private = make_group(sky.admin, members=[sky.user])
    hidden = save(sky, place, 0.5, group_ids=[private])
    sky.admin.delete(f"/api/sources/{save(sky, place, 0.5)}")

    assert [one["obj_id"] for one in found(sky, here)] == [hidden]
    assert found(sky, here, sky.member()) == []
    assert [one["obj_id"] for one in found(sky, here, sky.admin)] == [hidden]


def test_a_source_that_moved_is_found_where_it_is(sky, place):
    here, other = save(sky, place, -5.0), save(sky, place, -6.0)
    assert found(sky, here) == []

    sky.user.patch(f"/api/sources/{other}", {"dec": -5.0})

    assert [one["obj_id"] for one in found(sky, here)] == [other]


def test_a_source_alone_costs_one_query(sky, place):
    here = save(sky, place, 33.05)
    sky.user.get(f"/api/sources/{here}")
    with recorded_aws_calls() as calls:
        sky.user.get(f"/api/sources/{here}")
    assert calls == ["Query", "Query", "Query"], "the source, its remarks, its neighbours"
    save(sky, place, 33.05)
    with recorded_aws_calls() as calls:
        sky.user.get(f"/api/sources/{here}")
    assert calls == ["Query", "Query", "Query", "BatchGetItem"]


def test_a_crowd_has_a_limited_price(sky, place, monkeypatch):
    monkeypatch.setattr(module, "MOST_EXAMINED", 2)
    here = save(sky, place, 44.0)
    crowd = [save(sky, place, 44.0 + step * ARCSEC) for step in (3, 1, 2)]

    assert [one["obj_id"] for one in found(sky, here)] == [crowd[1], crowd[2]]


@pytest.mark.parametrize("dec", [0.0, 45.0, -60.0, 85.0, 89.99, 89.9988, -89.9999])
@pytest.mark.parametrize("ra", [0.0, 1e-4, 180.0, 359.9999, 360.0])
def test_the_ranges_hold_the_circle(ra, dec):
    radius = 4 * ARCSEC
    ranges = ra_ranges(ra, dec, radius)
    centre = coordinates.SkyCoord(ra, dec, unit="deg")
    angles = np.arange(0, 360, 3)
    edges = centre.directional_offset_by(angles * units.deg, radius * units.deg)
    for angle, edge in zip(angles, edges.ra.deg, strict=True):
        assert any(low <= edge <= high for low, high in ranges), angle
    assert all(0 <= low < high <= 360 for low, high in ranges)
    if abs(dec) < 89:
        width = sum(high - low for low, high in ranges)
        assert width == pytest.approx(2 * radius / math.cos(math.radians(dec)), rel=1e-4)
    assert separation(ra, dec, ra % 360, dec) == pytest.approx(0, abs=1e-12)
