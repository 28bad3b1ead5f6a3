"""What a source's record tells that nobody posted: distances, HEALPix cell, reddening, keys."""

import uuid

import pytest

from tests.support.late import Late
from tests.support.sky import make_source

units = Late("astropy.units")
cosmology = Late("astropy.cosmology")
astropy_healpix = Late("astropy_healpix")

DISTANCES = ("luminosity_distance", "angular_diameter_distance", "dm")


def both(sky, obj_id):
    """The record of a single source, and the same source in the list."""
    listed = sky.user.get("/api/sources", group_ids=sky.group_id, sourceID=obj_id).data["sources"]
    return [sky.user.get(f"/api/sources/{obj_id}").data, *listed]


@pytest.mark.parametrize("redshift", [0.002, 0.0246, 0.5, 7.1])
def test_distances_follow_from_the_redshift(sky, redshift):
    obj_id = make_source(sky.user, redshift=redshift, group_ids=[sky.group_id])
    for record in both(sky, obj_id):
        assert [record[name] for name in DISTANCES] == pytest.approx(
            [
                cosmology.Planck18.luminosity_distance(redshift).to_value("Mpc"),
                cosmology.Planck18.angular_diameter_distance(redshift).to_value("Mpc"),
                cosmology.Planck18.distmod(redshift).to_value("mag"),
            ],
            rel=1e-8,
        )


@pytest.mark.parametrize("redshift", [None, 0.0, 0.001, -0.001, -2, 1e7, 1e119])
def test_a_redshift_that_is_no_distance_gives_none(sky, redshift):
    """Below 350 km/s a velocity is not the universe's: SkyPortal tells no distance then."""
    obj_id = make_source(sky.user, redshift=redshift, group_ids=[sky.group_id])
    for record in both(sky, obj_id):
        assert [record[name] for name in DISTANCES] == [None] * 3


@pytest.mark.parametrize(
    ("altdata", "megaparsecs"),
    [
        ({"dm": 25}, 1.0),
        ({"parallax": 1e-5}, 0.1),
        ({"dist_kpc": 785}, 0.785),
        ({"dist_Mpc": "3.5"}, 3.5),
        ({"dist_pc": 1.3}, 1.3e-6),
        ({"dist_cm": 3.085677581491367e24}, 1.0),
        ({"dm": None, "parallax": 0, "dist_kpc": "far", "dist_Mpc": 2, "dist_pc": 7}, 2.0),
    ],
)
def test_a_distance_that_was_measured_otherwise_counts_first(sky, altdata, megaparsecs):
    near = make_source(sky.user, altdata=altdata, group_ids=[sky.group_id])
    record = sky.user.get(f"/api/sources/{near}").data
    assert record["luminosity_distance"] == record["angular_diameter_distance"] == pytest.approx(megaparsecs)

    sky.user.patch(f"/api/sources/{near}", {"redshift": 0.1})
    record = sky.user.get(f"/api/sources/{near}").data
    assert record["angular_diameter_distance"] == pytest.approx(megaparsecs / 1.1**2)


@pytest.mark.parametrize(
    "altdata", [{"dm": True}, {"dm": 1e9}, {"parallax": -1}, {"dist_Mpc": "nan"}, {"dist_pc": [1]}]
)
def test_what_is_no_distance_does_not_count(sky, altdata):
    obj_id = make_source(sky.user, altdata=altdata, group_ids=[sky.group_id])
    assert sky.user.get(f"/api/sources/{obj_id}").data["luminosity_distance"] is None


@pytest.mark.parametrize(("ra", "dec"), [(202.5050541, 13.4111859), (0, -90), (360, 90), (45, 0), (359.99999, 41.81)])
def test_the_cell_is_astropys(sky, ra, dec):
    obj_id = make_source(sky.user, ra=ra, dec=dec, group_ids=[sky.group_id])
    expected = astropy_healpix.HEALPix(nside=2**29, order="nested").lonlat_to_healpix(ra * units.deg, dec * units.deg)
    for record in both(sky, obj_id):
        assert record["healpix"] == expected


def test_the_internal_key_is_the_sources_own_and_stays(sky):
    one, other = both(sky, sky.obj_id)
    sky.user.patch(sky.source, {"redshift": 0.3})
    key = sky.user.get(sky.source).data["internal_key"]

    assert one["internal_key"] == other["internal_key"] == key == str(uuid.UUID(key))
    assert key != sky.user.get(f"/api/sources/{make_source(sky.user)}").data["internal_key"]


def test_what_nobody_said_has_skyportals_defaults(sky):
    for record in both(sky, sky.obj_id):
        assert [record[name] for name in ("offset", "transient", "varstar", "is_roid")] == [0.0, False, False, False]
        assert [record[name] for name in ("t0", "alias", "score", "mpc_name", "host_id")] == [None] * 5
    sky.user.patch(sky.source, {"offset": 1.5, "transient": True})
    sky.user.patch(sky.source, {"transient": None})
    record = sky.user.get(sky.source).data
    assert (record["offset"], record["transient"]) == (1.5, False)


def test_reddening_is_told_as_far_as_it_is_known(sky):
    assert sky.user.get(sky.source).data["ebv"] is None
    sky.user.patch(sky.source, {"altdata": {"ebv": 0.1}})
    assert sky.user.get(sky.source).data["ebv"] == 0.1
