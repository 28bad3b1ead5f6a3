"""Results and plots can be read first; neither corner plot nor inference data keep them, whatever becomes of those."""

import base64

import pytest

from chalicelib.analyses.items.run import Run
from chalicelib.analyses.results import products_function
from chalicelib.analyses.results.collect import collect
from chalicelib.analyses.results.products_function import ProductsFailed
from tests.support.netcdf import netcdf_file
from tests.support.scene import PNG, SUCCESS
from tests.support.uploads import commit, form_of, send
from tests.support.worker import drain, take

ANALYSIS = {
    **SUCCESS["analysis"],
    "inference_data": {"format": "netcdf4", "data": base64.b64encode(netcdf_file()).decode()},
    "annotations": [{"data": {"z": 0.5}}],
}


@pytest.fixture
def accepted(scene):
    analysis_id = scene.start()
    drain()
    scene.answer(scene.service.received[0].token, {**SUCCESS, "analysis": ANALYSIS})
    return analysis_id


def made_of(monkeypatch, before):
    """Call `before` with the kinds that are wanted each time the products function is invoked."""
    make = products_function.make

    def watched(run, key, wanted, *arguments):
        before(run, wanted)
        return make(run, key, wanted, *arguments)

    monkeypatch.setattr(products_function, "make", watched)


def test_results_plots_and_annotations_are_there_before_the_corner_plot_is_drawn(scene, accepted, monkeypatch):
    seen = []

    def look(run, wanted):
        if "corner" in wanted:
            below = f"/api/obj/analysis/{run.id}"
            annotations = scene.user.get(f"/api/sources/{scene.obj_id}/annotations").data
            seen.append(
                (scene.user.get(f"{below}/results").data, scene.user.get(f"{below}/plots/0").body, len(annotations))
            )

    made_of(monkeypatch, look)
    collect(accepted)
    assert seen == [({"z": 0.5, "chi2": None}, PNG, 1)]
    assert scene.user.get(f"/api/obj/analysis/{accepted}/corner").status == 200


def test_inference_data_is_known_as_soon_as_it_is_stored(scene, accepted):
    run = Run.find(accepted)
    run.contents = ["inference_data"]
    assert products_function.named(run, "inference_data") is None
    collect(accepted)
    run.products, run.collected_at = [], None
    row = products_function.named(run, "inference_data")
    assert (row["content_type"], row["size"]) == ("application/x-netcdf", len(netcdf_file()))


def test_a_corner_plot_that_kills_the_function_takes_nothing_along(scene, accepted, monkeypatch):
    def die(_run, wanted):
        if "corner" in wanted:
            raise ProductsFailed("it died")

    made_of(monkeypatch, die)
    for attempt in (1, 2):
        with pytest.raises(ProductsFailed):
            collect(accepted, attempt)
        assert scene.user.get(f"/api/obj/analysis/{accepted}/results").status == 200
    rows = {row["name"]: row["error"] for row in collect(accepted, 3).products}
    assert rows["inference_data"] is None
    assert "it died" in rows["corner"]
    assert rows["results"] is rows["plots/0"] is None


def test_results_that_kill_the_function_leave_the_plots(scene, accepted, monkeypatch):
    def die(_run, wanted):
        if "results" in wanted:
            raise ProductsFailed("it died")

    made_of(monkeypatch, die)
    rows = {row["name"]: row["error"] for row in collect(accepted, 3).products}
    assert "it died" in rows["results"]
    assert rows["plots/0"] is rows["corner"] is rows["inference_data"] is None


def test_what_is_in_an_uploaded_result_is_known_when_it_is_collected(scene):
    analysis_id = scene.start()
    drain()
    token = scene.service.received[0].token
    send(form_of(token), {"status": "x", "analysis": {**ANALYSIS, "model_name": "salt2", "n_detections": 7, "odd": 1}})
    commit(token)
    drain()
    [listed] = scene.user.get(f"/api/obj/{scene.obj_id}/analysis").data
    assert (listed["num_plots"], listed["model_name"], listed["n_detections"]) == (1, "salt2", 7)
    assert len(listed["hash"]) == 64
    assert scene.user.get(f"/api/obj/analysis/{analysis_id}/corner").status == 200
    assert len(scene.user.get(f"/api/sources/{scene.obj_id}/annotations").data) == 1
    data = scene.user.get(f"/api/obj/analysis/{analysis_id}", includeAnalysisData="true").data["data"]
    assert data["odd"] == 1


def test_an_uploaded_result_that_is_larger_than_an_answer_is_read_product_by_product(scene):
    analysis_id = scene.start()
    drain()
    token = scene.service.received[0].token
    send(form_of(token), {"analysis": {**ANALYSIS, "odd": "a" * 5_000_000}})
    commit(token)
    drain()
    code, message = scene.user.get(f"/api/obj/analysis/{analysis_id}", includeAnalysisData="true").error
    assert code == 413
    for name in ("results", "plots/0", "inference_data"):
        assert f"/api/obj/analysis/{analysis_id}/{name}" in message


@pytest.mark.parametrize("content", [b"nonsense", b"[1]", b"\x1f\x8bnonsense", b'{"analysis": {"results": '])
def test_what_was_uploaded_and_is_no_document_is_a_sentence_at_once(scene, content):
    analysis_id = scene.start()
    drain()
    token = scene.service.received[0].token
    send(form_of(token), content)
    assert commit(token).status == 200
    drain()
    code, message = scene.user.get(f"/api/obj/analysis/{analysis_id}/results").error
    assert (code, "The document" in message) == (404, True)
    assert scene.status(analysis_id) == "completed"
    assert take("collect") == []


def test_annotations_that_are_too_large_are_not_applied_and_say_so(scene):
    analysis_id = scene.start()
    drain()
    token = scene.service.received[0].token
    send(form_of(token), {"analysis": {"annotations": [{"data": {"a": "x" * 600_000}}]}})
    commit(token)
    drain()
    (row,) = Run.find(analysis_id).effects
    assert (row["kind"], row["applied"], row["reason"]) == ("annotation", False, "they are too large")
    assert scene.user.get(f"/api/sources/{scene.obj_id}/annotations").data == []
