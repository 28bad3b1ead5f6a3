"""What is in an uploaded result is known and applied however often it is collected, and whoever comes first."""

import gzip
import json

import pytest

from chalicelib.analyses.items.run import Run
from chalicelib.analyses.results import products_function
from chalicelib.analyses.results.collect import collect, collect_again, give_up
from chalicelib.analyses.results.products_function import ProductsFailed
from tests.support.scene import SUCCESS
from tests.support.uploads import commit, form_of, send
from tests.support.worker import drain

REMARKED = {**SUCCESS["analysis"], "posterior_samples": {"x": [1, 2, 3] * 20}, "annotations": [{"data": {"z": 0.5}}]}


@pytest.fixture
def uploaded(scene):
    """Upload and commit a result, and give the id of its run."""

    def make(document, **changes):
        analysis_id = scene.start()
        drain()
        token = scene.service.received[-1].token
        assert send(form_of(token), document).status_code == 204
        assert commit(token, **changes).status == 200
        return analysis_id

    return make


@pytest.fixture
def killed_by(monkeypatch):
    """Let the products function die of some kinds."""
    make = products_function.make

    def install(*kinds):
        def watched(run, key, wanted, *arguments):
            if set(kinds) & set(wanted):
                raise ProductsFailed("it died")
            return make(run, key, wanted, *arguments)

        monkeypatch.setattr(products_function, "make", watched)

    return install


def applied(analysis_id):
    return [(row["kind"], row["applied"], row["reason"]) for row in Run.find(analysis_id).effects]


def annotations(scene):
    return len(scene.user.get(f"/api/sources/{scene.obj_id}/annotations").data)


def errors(run):
    return {row["name"]: row["error"] for row in run.products}


def test_what_was_read_before_it_was_collected_is_applied_all_the_same(scene, uploaded):
    analysis_id = uploaded({"analysis": REMARKED})
    assert scene.user.get(f"/api/obj/analysis/{analysis_id}/results").status == 200
    drain()
    assert (annotations(scene), applied(analysis_id)) == (1, [("annotation", True, None)])
    assert scene.user.get(f"/api/obj/analysis/{analysis_id}/corner").status == 200


def test_a_collection_that_is_tried_again_applies_it(scene, uploaded, killed_by):
    analysis_id = uploaded({"analysis": REMARKED})
    killed_by("corner")
    for attempt in (1, 2):
        with pytest.raises(ProductsFailed):
            collect(analysis_id, attempt)
    assert "it died" in errors(collect(analysis_id, 3))["corner"]
    assert (annotations(scene), applied(analysis_id)) == (1, [("annotation", True, None)])


@pytest.mark.parametrize("analysis", [REMARKED, {"annotations": REMARKED["annotations"]}])
def test_a_result_can_be_collected_again(scene, uploaded, analysis):
    analysis_id = uploaded({"analysis": analysis})
    drain()
    collect_again(analysis_id)
    drain()
    assert (annotations(scene), applied(analysis_id)) == (1, [("annotation", True, None)])


@pytest.mark.parametrize(
    ("killer", "dead", "alive"), [("plots", "plots/0", "results"), ("results", "results", "plots/0")]
)
def test_a_kind_that_kills_the_function_is_named_and_takes_nothing_along(uploaded, killed_by, killer, dead, alive):
    analysis_id = uploaded({"analysis": REMARKED})
    killed_by(killer)
    found = errors(collect(analysis_id, 3))
    assert "it died" in found[dead]
    assert found[alive] is found["corner"] is None
    assert applied(analysis_id) == [("annotation", True, None)]


def test_a_kind_that_is_not_there_is_not_named(uploaded, killed_by):
    analysis_id = uploaded({"analysis": {"plots": REMARKED["plots"]}})
    killed_by("results")
    assert errors(collect(analysis_id, 3)) == {"plots/0": None}


def test_a_result_that_nothing_can_read_is_a_sentence(scene, uploaded, killed_by):
    analysis_id = uploaded({"analysis": REMARKED})
    killed_by("plots", "results")
    assert "it died" in errors(collect(analysis_id, 3))["results"]
    assert "it died" in scene.user.get(f"/api/obj/analysis/{analysis_id}/results").error[1]


def test_what_was_known_and_cannot_be_read_any_more_is_told_as_not_applied(scene, uploaded, killed_by):
    analysis_id = uploaded({"analysis": REMARKED})
    drain()
    collect_again(analysis_id)
    killed_by("plots", "results")
    collect(analysis_id, 3)
    assert applied(analysis_id) == [("annotation", False, "the result could not be read")]


def test_a_collection_that_was_given_up_is_a_sentence(scene, uploaded):
    analysis_id = uploaded({"analysis": REMARKED})
    give_up(analysis_id, "it failed again and again")
    assert "it failed again and again" in scene.user.get(f"/api/obj/analysis/{analysis_id}/results").error[1]


def test_what_a_failed_analysis_says_of_its_source_is_told_once(uploaded):
    analysis_id = uploaded({"analysis": {"annotations": [{"data": {"a": "x" * 600_000}}]}}, status="failure")
    drain()
    assert applied(analysis_id) == [("annotation", False, "the analysis ended as failure")]


def data_of(scene, analysis_id):
    return scene.user.get(f"/api/obj/analysis/{analysis_id}", includeAnalysisData="true").data["data"]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"analysis": json.dumps({"results": {"a": 1}})}).encode(),
        gzip.compress(b'{"analysis": {"res', mtime=0) + gzip.compress(b'ults": {"a": 1}}}', mtime=0),
        b'\xef\xbb\xbf{"analysis": {"results": {"a": 1}}}',
        b'{"status": {"not": "text"}, "analysis": {"results": {"a": 1}}}',
    ],
    ids=["text", "members", "mark", "status"],
)
def test_the_data_of_an_upload_are_read_in_every_form_that_its_products_are(scene, uploaded, content):
    analysis_id = uploaded(content)
    assert data_of(scene, analysis_id) == {"results": {"a": 1}}
    drain()
    assert data_of(scene, analysis_id) == {"results": {"a": 1}}
    assert scene.user.get(f"/api/obj/analysis/{analysis_id}/results").data == {"a": 1}


@pytest.mark.parametrize(
    "content",
    [
        b"nonsense",
        b"[1]",
        b"\xff\xfe",
        b"\x1f\x8bnonsense",
        gzip.compress(b'{"analysis": {"results": 1}}', mtime=0)[:-9],
        b'{"analysis": {"results": ',
        b'{"analysis": [1]}',
        b'{"analysis": "no JSON"}',
        b'{"a":' * 3000,
    ],
    ids=range(9),
)
def test_an_upload_that_is_no_document_has_no_data_and_its_record_is_read_all_the_same(scene, uploaded, content):
    analysis_id = uploaded(content)
    assert data_of(scene, analysis_id) == {}
    drain()
    assert data_of(scene, analysis_id) == {}
