import random

import pytest

from chalicelib import aws
from tests.relay.relayed import Relayed
from tests.support.people import make_group
from tests.support.worker import relay

OBJ = "ZTF26elsewhere"
SOURCE = f"/api/sources/{OBJ}"
WAVELENGTHS = [4000.0, 5000.0, 6000.0]
SPECTRUM = {
    "id": 5,
    "observed_at": "2026-05-01T03:00:00",
    "wavelengths": WAVELENGTHS,
    "fluxes": [1.0, 2.0, None],
    "errors": None,
    "instrument_id": 8,
    "instrument_name": "SEDM",
    "units": "erg/s/cm/cm/AA",
    "origin": None,
    "type": "source",
    "altdata": None,
    "groups": [],
}
CLASSIFICATION = {
    "classification": "Ia",
    "probability": 0.9,
    "taxonomy_id": 4,
    "taxname": "Sitewide Taxonomy",
    "ml": False,
    "origin": None,
}


def point(mjd, **changes):
    flux = {"flux": 100.0, "fluxerr": 5.0, "zp": 23.9, "mag": 18.9, "magerr": 0.05, "limiting_mag": 20.5}
    where = {"instrument_id": 7, "instrument_name": "ZTF", "filter": "ztfg", "magsys": "ab", "origin": None}
    return {"id": 1, "obj_id": OBJ, "mjd": mjd, "altdata": None, "ra": None, "dec": None, **flux, **where, **changes}


@pytest.fixture
def pulling(scene, portal, clock):
    """A relay that copies sources, and a portal that has one with a little of everything."""
    telescope = {
        "id": 1,
        "name": "P48",
        "nickname": "P48",
        "lat": 33.0,
        "lon": -116.0,
        "elevation": 1700.0,
        "diameter": 1.2,
    }
    portal.documents = {
        SOURCE: {"id": OBJ, "ra": 150.0, "dec": 20.0, "redshift": 0.05, "redshift_error": None, "altdata": None},
        f"{SOURCE}/photometry": [
            point(59000.5),
            point(59001.5, flux=None, mag=None, magerr=None),
            point(59002.5, fluxerr=None, mag=None, magerr=None, limiting_mag=None),
            point(59003.5, filter="of nobody"),
        ],
        f"{SOURCE}/spectra": {"obj_id": OBJ, "spectra": [SPECTRUM]},
        f"{SOURCE}/annotations": [{"id": 1, "origin": "kowalski", "data": {"drb": 0.99}}],
        f"{SOURCE}/comments": [{"id": 1, "text": "looks old", "origin": None, "author": {"username": "edwin"}}],
        f"{SOURCE}/classifications": [CLASSIFICATION],
        "/api/instrument/7": {"id": 7, "name": "ZTF", "type": "imager", "filters": ["ztfg"], "telescope": telescope},
        "/api/instrument/8": {"id": 8, "name": "SEDM", "type": "spectrograph", "filters": [], "telescope": telescope},
        "/api/taxonomy/4": {
            "id": 4,
            "name": "Sitewide Taxonomy",
            "version": "1",
            "hierarchy": {"class": "SN", "subclasses": [{"class": "Ia"}]},
        },
    }
    return Relayed(scene, portal, clock, pull={"url": portal.url, "token": portal.api_token})


def test_the_source_stands_beside_the_fit(pulling, scene):
    _, run_id = pulling.begin(OBJ)
    relay()
    user = scene.user
    source = user.get(SOURCE).data
    assert (source["ra"], source["dec"], source["redshift"]) == (150.0, 20.0, 0.05)
    points = user.get(f"{SOURCE}/photometry", format="flux").data
    assert [(one["mjd"], one["flux"], one["fluxerr"]) for one in points] == [
        (59000.5, 100.0, 5.0),
        (59001.5, None, 5.0),
    ]
    (spectrum,) = user.get(f"{SOURCE}/spectra").data["spectra"]
    assert (spectrum["wavelengths"], spectrum["instrument_name"]) == (WAVELENGTHS, "SEDM")
    assert user.get(f"{SOURCE}/annotations").data[0]["data"] == {"drb": 0.99}
    assert user.get(f"{SOURCE}/comments").data[0]["text"] == "edwin: looks old"
    assert user.get(f"{SOURCE}/classifications").data[0]["classification"] == "Ia"
    pulled = pulling.facts(run_id)["pulled"]
    kinds = ("source", "photometry", "spectra", "annotations", "comments", "classifications")
    assert pulled["copied"] == {"source": 1, "photometry": 2, **dict.fromkeys(kinds[2:], 1)}
    assert "2 points were left out" in pulled["problems"]["photometry"]
    assert user.get(f"/api/obj/{OBJ}/analysis").data[0]["id"] == run_id


def test_magnitudes_without_fluxes_and_instruments_of_which_nothing_is_told_are_copied_too(pulling, scene):
    told = {"flux": None, "fluxerr": None, "zp": None}
    nameless = {"instrument_id": 8, "instrument_name": None}
    pulling.portal.documents.pop("/api/instrument/7")
    pulling.portal.documents[f"{SOURCE}/photometry"] = [
        {key: value for key, value in point(59000.5).items() if key not in told},
        point(59001.5, **told, mag=None, magerr=None),
        point(59002.5, filter="ztfr"),
        point(59003.5, **nameless, filter="sdssg"),
    ]
    pulling.portal.documents["/api/instrument/8"]["filters"] = ["sdssg"]
    _, run_id = pulling.begin(OBJ)
    relay()
    assert pulling.facts(run_id)["pulled"]["problems"] == {}
    points = scene.user.get(f"{SOURCE}/photometry").data
    assert [round(one["mag"], 3) if one["mag"] else None for one in points] == [18.9, None, 18.9, 18.9]
    assert points[1]["limiting_mag"] == pytest.approx(20.5, abs=0.01)
    assert {one["instrument_name"] for one in points} == {"ZTF", "SEDM"}


def test_what_does_not_fit_an_item_is_copied_as_well(pulling, scene):
    drawn = random.Random(5)
    long = sorted(drawn.random() * 1e4 + 1 for _ in range(60_000))
    spectrum = {**SPECTRUM, "wavelengths": long, "fluxes": [drawn.random() for _ in long]}
    note = {"origin": "large", "data": {"samples": [drawn.random() for _ in range(40_000)]}}
    pulling.portal.documents[f"{SOURCE}/spectra"] = {"spectra": [spectrum]}
    pulling.portal.documents[f"{SOURCE}/annotations"] = [note]
    _, run_id = pulling.begin(OBJ)
    relay()
    copied = pulling.facts(run_id)["pulled"]["copied"]
    assert (copied["spectra"], copied["annotations"]) == (1, 1)


def test_copying_again_adds_what_is_new_and_nothing_twice(pulling, scene):
    pulling.begin(OBJ)
    relay()
    pulling.portal.documents[f"{SOURCE}/photometry"].append(point(59010.5))
    _, run_id = pulling.begin(OBJ)
    relay()
    assert len(scene.user.get(f"{SOURCE}/photometry").data) == 3
    for kind in ("comments", "annotations", "classifications"):
        assert len(scene.user.get(f"{SOURCE}/{kind}").data) == 1
    assert len(scene.user.get(f"{SOURCE}/spectra").data["spectra"]) == 1
    assert pulling.facts(run_id)["pulled"]["copied"]["comments"] == 0


def test_a_source_here_that_other_groups_have_is_left_alone(pulling, scene):
    hidden = make_group(scene.admin)
    scene.admin.post("/api/sources", {"id": OBJ, "ra": 1.0, "dec": 2.0, "group_ids": [hidden]})
    _, run_id = pulling.begin(OBJ)
    relay()
    assert scene.user.get(SOURCE).error[0] == 404
    assert scene.admin.get(f"{SOURCE}/comments").data == []
    assert "other groups" in pulling.facts(run_id)["pulled"]["problems"]["source"]


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        (lambda portal: portal.documents.pop(SOURCE), "source"),
        (lambda portal: portal.documents.update({SOURCE: []}), "source"),
        (lambda portal: portal.documents.update({SOURCE: {"ra": "x", "dec": 1}}), "source"),
        (lambda portal: setattr(portal, "api_token", "another"), "source"),
        (lambda portal: portal.documents.pop(f"{SOURCE}/photometry"), "photometry"),
        (lambda portal: portal.documents.update({f"{SOURCE}/photometry": [point("x")]}), "photometry"),
        (lambda portal: portal.documents.update({f"{SOURCE}/spectra": [{**SPECTRUM, "fluxes": [1.0]}]}), "spectra"),
        (lambda portal: portal.documents.update({f"{SOURCE}/comments": [{"text": 5}]}), "comments"),
        (lambda portal: portal.documents.update({f"{SOURCE}/annotations": [{"origin": "x"}]}), "annotations"),
        (lambda portal: portal.documents.pop("/api/taxonomy/4"), "classifications"),
    ],
)
def test_what_cannot_be_copied_is_a_sentence_and_keeps_nothing_waiting(pulling, scene, spoil, kind):
    spoil(pulling.portal)
    row, run_id = pulling.begin(OBJ)
    relay()
    assert pulling.facts(run_id)["pulled"]["problems"][kind]
    pulling.answer()
    pulling.forward()
    assert row.status == "completed"


def test_a_revoked_relay_copies_nothing_and_a_message_too_many_does_no_harm(pulling, scene):
    _, run_id = pulling.begin(OBJ)
    scene.admin.delete(f"/api/relay/{pulling.made['id']}")
    relay()
    assert pulling.portal.asked == []
    aws.send("relay", {"run": 987654, "pull": 1})
    relay()
    assert pulling.facts(run_id)["pulled"] is None
