"""HEALPix cells: compared with astropy-healpix, cell by cell."""

import math
import random

import pytest

from chalicelib.sources.healpix import cell
from tests.support.late import Late

units = Late("astropy.units")
astropy_healpix = Late("astropy_healpix")

TRANSITION = math.degrees(math.asin(2 / 3))


def compare(positions):
    ra, dec = zip(*positions, strict=True)
    expected = astropy_healpix.HEALPix(nside=2**29, order="nested").lonlat_to_healpix(ra * units.deg, dec * units.deg)
    assert [cell(*position) for position in positions] == expected.tolist()


def test_random_positions():
    drawn = random.Random(29)
    compare([(drawn.uniform(0, 360), math.degrees(math.asin(drawn.uniform(-1, 1)))) for _ in range(20_000)])


def test_round_positions():
    compare([(ra / 2, dec / 2) for ra in range(0, 721, 3) for dec in range(-180, 181, 4)])
    compare([(ra * 11.25, dec * 11.25) for ra in range(33) for dec in range(-8, 9)])


@pytest.mark.parametrize("dec", [90.0, -90.0, 0.0, -0.0, TRANSITION, -TRANSITION])
def test_lines_between_faces(dec):
    drawn = random.Random(str(dec))
    nearby = [max(-90.0, min(90.0, dec + drawn.uniform(-1, 1) * 10 ** drawn.uniform(-16, 0))) for _ in range(2_000)]
    compare([(drawn.uniform(0, 360), one) for one in [dec, *nearby]])
    compare([(45.0 * turn, one) for turn in range(9) for one in [dec, *nearby[:200]]])


def test_both_ends_of_the_circle():
    drawn = random.Random(360)
    compare([(ra, drawn.uniform(-90, 90)) for ra in (0.0, 360.0, 1e-16, 5e-324, math.nextafter(360, 0)) * 200])
    assert cell(0.0, 10.0) == cell(360.0, 10.0)


def test_the_numbers_of_some_cells():
    assert cell(202.5, 13.4) == 1870050475828575487
    assert {cell(ra, 90.0) >> 58 for ra in (45.0, 135.0, 225.0, 315.0)} == {0, 1, 2, 3}
    assert all(0 <= cell(ra, dec) < 12 * 4**29 for ra in (0.0, 359.9) for dec in (-90.0, 0.0, 90.0))
