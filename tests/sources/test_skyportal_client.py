"""SkyPortal's typed client, whose models refuse unknown fields, reads and writes sources and their data."""

import base64

import pytest

from tests.support.late import Late
from tests.support.skyportal_client import client_for

sp = Late("skyportal_py")


@pytest.fixture
def client(sky):
    return client_for(sky.member("Group admin"))


def test_telescopes_and_instruments(client):
    site = {"lat": 20.7, "lon": -156.3, "elevation": 3000.0}
    telescope_id = client.post_telescope(
        sp.telescopes.TelescopePost(name="Pan-STARRS 1", nickname="PS1", diameter=1.8, **site)
    ).id
    payload = sp.instruments.InstrumentPost(
        name="GPC1", type="imager", telescope_id=telescope_id, filters=["ps1::g"], band="optical"
    )
    instrument_id = client.post_instrument(payload).id

    assert client.fetch_telescope(telescope_id).nickname == "PS1"
    assert [one.id for one in client.fetch_telescopes(name="Pan-STARRS 1")] == [telescope_id]
    instrument = client.fetch_instrument(instrument_id)
    assert (instrument.filters, instrument.telescope.name) == (["ps1::g"], "Pan-STARRS 1")
    assert [one.id for one in client.fetch_instruments(name="GPC1")] == [instrument_id]
    client.delete_instrument(instrument_id)
    client.delete_telescope(telescope_id)


def test_sources(sky, client):
    payload = sp.sources.SourcePost(
        id="ZTF26client", ra=10.0, dec=20.0, redshift=0.1, altdata={"a": 1}, group_ids=[sky.group_id]
    )
    assert client.post_source(payload).saved_to_groups == [sky.group_id]
    client.update_source("ZTF26client", redshift=0.2, summary="bright", transient=True)

    source = client.fetch_source(
        "ZTF26client", include_comments=True, include_photometry=True, include_detection_stats=True
    )
    assert (source.redshift, source.summary, source.transient, source.altdata) == (0.2, "bright", True, {"a": 1})
    assert [entry["value"] for entry in source.redshift_history] == [0.1, 0.2]
    assert source.groups[0].saved_by is not None
    assert source.photstats[0].num_obs_global == 0
    assert client.source_exists("ZTF26client")
    client.delete_source("ZTF26client", sky.group_id)
    assert not client.source_exists("ZTF26client")


def test_the_list_of_sources(sky, client):
    page = client.fetch_sources(
        group_ids=[sky.group_id], source_id=sky.obj_id, num_per_page=5, ra=202.5, dec=13.4, radius=0.1
    )

    assert [source.id for source in page.sources] == [sky.obj_id]
    assert (page.total_matches, page.page_number, page.num_per_page) == (1, 1, 5)
    assert page.sources[0].groups[0].id == sky.group_id


@pytest.mark.parametrize("form", ["mag", "flux", "both"])
def test_photometry(sky, client, form):
    payload = sp.photometry.PhotometryPost(
        obj_id=sky.obj_id,
        instrument_id=sky.instrument_id,
        mjd=[59000.0, 59001.0, 59002.0],
        filter=["ztfg", "ztfr", "ztfg"],
        mag=[19.0, 18.5, None],
        magerr=[0.1, 0.05, None],
        limiting_mag=20.5,
        altdata={"a": 1},
        origin="client",
    )
    posted = client.post_photometry(payload)
    assert len(posted.ids) == 3
    assert posted.upload_id
    assert client.upsert_photometry(payload).ids == posted.ids

    points = client.fetch_photometry(sky.obj_id, format=form, include_owner_info=True, deduplicate_photometry=True)
    assert [point.id for point in points] == posted.ids
    assert [point.limiting_mag for point in points] == ([20.5] * 3 if form != "flux" else [None] * 3)
    assert client.fetch_photometry_point(posted.ids[0], format=form).mjd == 59000.0
    assert client.fetch_source_phot_stat(sky.obj_id).num_det_per_filter == {"ztfg": 1, "ztfr": 1}
    client.delete_photometry(posted.ids[0])
    assert client.fetch_source_phot_stat(sky.obj_id).num_det_global == 1
    with pytest.raises(sp.SkyPortalError, match="exists already"):
        client.post_photometry(payload)


def test_spectra(sky, client):
    numbers = {"wavelengths": [4000.0, 5000.0], "fluxes": [1.0, 2.0], "errors": [0.1, 0.2]}
    facts = {"units": "Jy", "type": "source", "origin": "SEDM", "altdata": {"a": 1}}
    payload = sp.spectra.SpectrumPost(
        obj_id=sky.obj_id, instrument_id=sky.instrument_id, observed_at="2026-01-01T00:00:00", **numbers, **facts
    )
    spectrum_id = client.post_spectrum(payload).id

    (listed,) = client.fetch_spectra(sky.obj_id, normalization="median")
    assert listed.fluxes == pytest.approx([1 / 1.5, 2 / 1.5])
    assert client.fetch_spectrum(spectrum_id).errors == [0.1, 0.2]
    client.delete_spectrum(spectrum_id)
    assert client.fetch_spectra(sky.obj_id) == []


def test_comments(sky, client):
    comment_id = client.post_comment(sky.obj_id, "bright").comment_id

    assert [one.text for one in client.fetch_comments(sky.obj_id, text="bri")] == ["bright"]
    comment = client.fetch_comment(sky.obj_id, comment_id)
    assert (comment.bot, comment.resource_type) == (True, "sources")
    client.update_comment(sky.obj_id, comment_id, "brighter", attachment_name="a.txt", attachment_body="YQ==")
    assert client.fetch_comment(sky.obj_id, comment_id).text == "brighter"
    client.delete_comment(sky.obj_id, comment_id)
    assert client.fetch_comments(sky.obj_id) == []


def test_files_attached_to_comments(sky, client):
    body = "data:text/plain;base64," + base64.b64encode("Spektrum für später".encode()).decode()
    comment_id = client.post_comment_with_attachment(sky.obj_id, "see there", "später.txt", body).comment_id

    assert client.fetch_comment(sky.obj_id, comment_id).attachment_name == "später.txt"
    text = "Spektrum für später"
    for preview in (False, True):
        assert client.fetch_comment_attachment(sky.obj_id, comment_id, preview=preview) == text.encode()
        assert client.fetch_comment_attachment_pdf(sky.obj_id, comment_id, preview=preview) == text.encode()
    attachment = client.fetch_comment_attachment_text(sky.obj_id, comment_id)
    assert (attachment.attachment, attachment.attachment_name) == (text, "später.txt")


def test_annotations(sky, client):
    annotation_id = client.post_annotation(sky.obj_id, "gaia", {"parallax": 1.0}).annotation_id
    client.update_annotation(sky.obj_id, annotation_id, {"parallax": 2.0})

    assert [one.data for one in client.fetch_annotations(sky.obj_id)] == [{"parallax": 2.0}]
    assert client.fetch_annotation(sky.obj_id, annotation_id).origin == "gaia"
    assert client.fetch_source(sky.obj_id).annotations[0].type == "source"
    client.delete_annotation(sky.obj_id, annotation_id)
    assert client.fetch_annotations(sky.obj_id) == []


def test_taxonomies_and_classifications(sky, client):
    payload = sp.taxonomies.TaxonomyPost(
        name=f"of {sky.obj_id}", version="1", hierarchy={"class": "Ia"}, provenance="paper"
    )
    taxonomy_id = client.post_taxonomy(payload).taxonomy_id
    assert client.fetch_taxonomy(taxonomy_id).is_latest is True
    assert taxonomy_id in {one.id for one in client.fetch_taxonomies()}

    post = sp.classifications.ClassificationPost(
        obj_id=sky.obj_id, classification="Ia", taxonomy_id=taxonomy_id, probability=0.9, ml=True
    )
    first = client.post_classification(post).classification_id
    (second,) = client.post_classifications([post]).classification_ids
    assert [one.id for one in client.fetch_classifications(sky.obj_id)] == [first, second]
    assert client.fetch_classification(first).probability == 0.9
    assert client.fetch_source(sky.obj_id).classifications[0].classification == "Ia"
    client.delete_classification(first)
    client.delete_taxonomy(taxonomy_id)


def test_a_failure_arrives_as_its_message(client):
    with pytest.raises(sp.SkyPortalError, match="Source not found") as error:
        client.fetch_source("nowhere")
    assert error.value.status_code == 404
