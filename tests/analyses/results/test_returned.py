"""What services return: results, posteriors, models and remarks, from the webhook to whoever reads them."""

import base64
import io
import json
import random
import sys
import types
from collections import OrderedDict

import joblib
import numpy as np
import pytest

from tests.support.people import make_user
from tests.support.scene import register, stored
from tests.support.worker import drain

FIT = {"z": 0.5, "names": ["x0", "c"], "deep": {"chi2": 12.25, "none": None}}


def b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def joblib_of(value) -> str:
    content = io.BytesIO()
    joblib.dump(value, content)
    return b64(content.getvalue())


def sncosmo_result(**values):
    """An object that pickles as sncosmo's fit result does, where sncosmo is not installed."""
    package, module = types.ModuleType("sncosmo"), types.ModuleType("sncosmo.utils")
    module.Result = type("Result", (dict,), {"__module__": "sncosmo.utils"})
    sys.modules |= {"sncosmo": package, "sncosmo.utils": module}
    try:
        return joblib_of(module.Result(values))
    finally:
        del sys.modules["sncosmo"], sys.modules["sncosmo.utils"]


def returned(scene, analysis, *, collected=True, **body):
    """Run an analysis that returns this, and give its id."""
    analysis_id = scene.start(**body)
    drain()
    token = scene.service.received[-1].token
    assert scene.answer(token, {"status": "success", "message": "done", "analysis": analysis}).status == 200
    if collected:
        drain()
    return analysis_id


@pytest.mark.parametrize(
    ("results", "shown"),
    [
        ({"format": "json", "data": FIT}, FIT),
        ({"format": "json", "data": json.dumps(FIT)}, FIT),
        ({"format": "json", "data": b64(json.dumps(FIT).encode())}, FIT),
        ({"format": "text", "data": b64("χ² = 12.25\n".encode())}, "χ² = 12.25\n"),
        (FIT, FIT),
        ({"format": "joblib", "data": joblib_of(FIT)}, FIT),
        (
            {
                "format": "joblib",
                "data": sncosmo_result(
                    success=True, ncall=np.int64(91), errors=OrderedDict(x0=0.1, c=float("nan")), cov=np.eye(2)
                ),
            },
            {"success": True, "ncall": 91, "errors": {"x0": 0.1, "c": None}, "cov": [[1.0, 0.0], [0.0, 1.0]]},
        ),
        (
            {"format": "joblib", "data": joblib_of({"name": np.str_(""), "gone": np.ma.masked})},
            {"name": "", "gone": None},
        ),
    ],
    ids=["json object", "json text", "json base64", "text", "bare object", "joblib", "sncosmo in joblib", "masked"],
)
def test_results_of_every_form_are_read_as_json_and_given_back_as_sent(scene, results, shown):
    analysis_id = returned(scene, {"results": results})
    path = f"/api/obj/analysis/{analysis_id}"
    assert scene.user.get(f"{path}/results").data == shown
    assert json.loads(scene.user.get(f"{path}/results", download="True").body) == shown
    assert scene.user.get(path, includeAnalysisData="True").data["data"] == {"results": results}


def test_the_data_is_given_back_exactly(scene):
    analysis = {
        "plots": [],
        "results": {"format": "json", "data": "{}"},
        "own key": {"text": "é \u2028 \U0001f52d", "numbers": [1, 1.0, -0.0, 1e300, 2**60], "nothing": None},
        "": [[], {}, ""],
    }
    for collected in (False, True):
        analysis_id = returned(scene, analysis, collected=collected)
        raw = scene.user.get(f"/api/obj/analysis/{analysis_id}", includeAnalysisData="t").json["data"]["data"]
        assert json.dumps(raw, sort_keys=True) == json.dumps(analysis, sort_keys=True)


SAMPLES = {"t0": [1.0, 2.0, 4.0, 3.0, 2.5], "amplitude": [3.0, 1.0, 2.0, 2.2, 1.4], "fixed": [5.0] * 5}


@pytest.mark.parametrize(
    "analysis",
    [{"posterior_samples": SAMPLES}, {"posteriors": {"salt3": SAMPLES, "nugent": {"a": [1.0, 2.0, 3.5, 1.5]}}}],
    ids=["posterior_samples", "posteriors"],
)
@pytest.mark.parametrize("collected", [True, False], ids=["collected", "not yet"])
def test_a_corner_plot_is_drawn_of_a_posterior(scene, analysis, collected):
    analysis_id = returned(scene, analysis, collected=collected)
    answer = scene.user.get(f"/api/obj/analysis/{analysis_id}/corner")
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.body.startswith(b"\x89PNG")
    data = scene.user.get(f"/api/obj/analysis/{analysis_id}", includeAnalysisData="t").data["data"]
    assert data == analysis


def test_models_stand_in_the_lists_of_an_object(scene):
    curves = {"salt3": {"ztfg": [[59000.0, 20.0, 19.9, 20.1]]}, "nugent": {"ztfr": []}}
    analysis_id = returned(scene, {"model_lightcurves": curves, "model_name": "salt3", "n_detections": 12})
    for record in (
        scene.user.get("/api/obj/analysis", objID=scene.obj_id).data[0],
        scene.user.get(f"/api/obj/{scene.obj_id}/analysis").data[0],
        scene.user.get(f"/api/sources/{scene.obj_id}", includeAnalyses="true").data["analyses"][0],
    ):
        assert record["id"] == analysis_id
        assert (record["model_lightcurves"], record["model_name"], record["n_detections"]) == (curves, "salt3", 12)
        assert record["model_lightcurve"] is None
    (short,) = scene.user.get("/api/obj/analysis").data
    assert "model_name" not in short


MODEL = {"model_lightcurve": None, "model_lightcurves": None, "model_name": None, "n_detections": None}


@pytest.mark.parametrize(
    ("analysis", "shown"),
    [
        ({"n_detections": 12.0}, {"n_detections": 12}),
        ({"n_detections": 0.0, "model_name": ""}, {"n_detections": 0, "model_name": ""}),
        ({"n_detections": 12.5, "model_name": 7, "model_lightcurve": [], "model_lightcurves": 1.0}, {}),
        ({"n_detections": True}, {}),
        ({"n_detections": float("nan")}, {}),
        ({"n_detections": float("inf")}, {}),
        (
            {"model_lightcurve": {"ztfg": [[59000.0, 20.0, 19.9, 20.1]]}},
            {"model_lightcurve": {"ztfg": [[59000.0, 20.0, 19.9, 20.1]]}},
        ),
        ({"results": FIT}, {}),
        ({}, {}),
    ],
)
def test_lists_of_an_object_always_have_the_keys_of_a_model(scene, analysis, shown):
    analysis_id = returned(scene, analysis, collected=False)
    for record in (
        scene.user.get("/api/obj/analysis", objID=scene.obj_id).data[0],
        scene.user.get(f"/api/obj/{scene.obj_id}/analysis").data[0],
        scene.user.get(f"/api/sources/{scene.obj_id}", includeAnalyses="true").data["analyses"][0],
    ):
        assert {key: record[key] for key in MODEL} == {**MODEL, **shown}
        assert type(record["n_detections"]) is type(shown.get("n_detections"))
    assert not MODEL.keys() & scene.read(analysis_id).keys()


def test_an_analysis_that_has_not_ended_has_them_too(scene):
    scene.start()
    (record,) = scene.user.get(f"/api/obj/{scene.obj_id}/analysis").data
    assert {key: record[key] for key in MODEL} == MODEL


def annotations(scene, api=None):
    rows = (api or scene.user).get(f"/api/sources/{scene.obj_id}/annotations").data
    return {row["origin"]: row["data"] for row in rows}


def service_name(scene):
    return scene.user.get(f"/api/analysis_service/{scene.service_id}").data["name"]


def not_applied(scene, analysis_id):
    rows = scene.user.get(f"/api/obj/analysis/{analysis_id}/effects").data["effects"]
    return [row for row in rows if not row["applied"]]


def test_annotations_are_kept_one_for_each_origin_and_replaced_by_a_later_analysis(scene):
    first = {"annotations": [{"data": {"t0": 1.0}}, {"data": {"x1": 2.0}, "origin": "shape"}]}
    returned(scene, first)
    assert annotations(scene) == {service_name(scene): {"t0": 1.0}, "shape": {"x1": 2.0}}
    returned(scene, {"annotations": [{"data": {"t0": 1.5}}]})
    assert annotations(scene) == {service_name(scene): {"t0": 1.5}, "shape": {"x1": 2.0}}


def test_an_annotation_too_large_for_an_item_is_replaced_and_its_old_content_removed(scene):
    drawn = random.Random(7)
    first, second = ([drawn.random() for _ in range(60_000)] for _ in range(2))
    returned(scene, {"annotations": [{"data": {"samples": first}}]})
    (kept,) = stored("data/")
    assert annotations(scene) == {service_name(scene): {"samples": first}}
    returned(scene, {"annotations": [{"data": {"samples": second}}]})
    (now,) = stored("data/")
    assert now != kept
    assert annotations(scene) == {service_name(scene): {"samples": second}}


def test_an_annotation_that_the_service_did_not_write_stays_and_the_run_says_so(scene):
    mine = {"origin": "spectroscopy", "data": {"by": "a person"}}
    assert scene.user.post(f"/api/sources/{scene.obj_id}/annotations", mine).status == 200
    returned(scene, {"annotations": [{"origin": "shape", "data": {"by": "a service"}}]})
    scene.service_id = register(scene.admin, scene.group_id, scene.service.url)
    sent = [{"origin": name, "data": {"by": "another"}} for name in ("spectroscopy", "shape", "own")]
    analysis_id = returned(scene, {"annotations": sent})
    assert annotations(scene) == {
        "spectroscopy": {"by": "a person"},
        "shape": {"by": "a service"},
        "own": {"by": "another"},
    }
    problems = not_applied(scene, analysis_id)
    assert [(row["kind"], row["number"]) for row in problems] == [("annotation", 0), ("annotation", 1)]
    assert "did not write" in problems[0]["reason"]
    assert scene.status(analysis_id) == "completed"


def test_what_an_analysis_says_is_seen_by_the_groups_of_the_analysis(scene):
    from tests.support.people import make_group

    other = make_group(scene.admin)
    scene.admin.post("/api/sources", {"id": scene.obj_id, "group_ids": [other]})
    outsider = make_user(scene.admin, groups=[other])
    returned(scene, {"annotations": [{"data": {"a": 1}}]}, group_ids=[scene.group_id])
    assert len(annotations(scene)) == 1
    assert annotations(scene, outsider) == {}


def test_classifications_name_their_taxonomy_by_number_or_by_name(scene):
    tree = {"class": "SN", "subclasses": [{"class": "Ia"}, {"class": "II"}]}
    taxonomy = {"name": "Sitewide", "version": "1", "hierarchy": tree, "group_ids": [scene.group_id]}
    taxonomy_id = scene.admin.post("/api/taxonomy", taxonomy).data["taxonomy_id"]
    said = [
        {"taxonomy_id": taxonomy_id, "classification": "Ia", "probability": 0.9},
        {"taxonomy": "Sitewide", "classification": "II", "probability": 0.1, "origin": "network"},
        {"taxonomy": "Sitewide", "classification": "AGN", "probability": 0.1},
        {"taxonomy": "No such", "classification": "Ia"},
        {"taxonomy": "Sitewide", "classification": "Ia", "probability": 7},
        "Ia",
    ]
    analysis_id = returned(scene, {"classifications": said})
    rows = scene.user.get(f"/api/sources/{scene.obj_id}/classifications").data
    assert [(row["classification"], row["probability"], row["origin"], row["ml"]) for row in rows] == [
        ("Ia", 0.9, service_name(scene), True),
        ("II", 0.1, "network", True),
    ]
    assert {row["author_id"] for row in rows} == {scene.user.user_id}
    problems = [(row["kind"], row["number"]) for row in not_applied(scene, analysis_id)]
    assert problems == [("classification", number) for number in (2, 3, 4, 5)]


def test_collecting_again_says_nothing_twice(scene):
    from chalicelib.analyses.items.run import Run
    from chalicelib.analyses.results.collect import collect

    tree = {"name": "T", "version": "1", "hierarchy": {"class": "SN"}, "group_ids": [scene.group_id]}
    scene.admin.post("/api/taxonomy", tree)
    said = {"annotations": [{"data": {"a": 1}}], "classifications": [{"taxonomy": "T", "classification": "SN"}]}
    analysis_id = returned(scene, said)
    Run.find(analysis_id).update([Run.collected_at.remove()])
    collect(analysis_id)
    assert len(annotations(scene)) == 1
    assert len(scene.user.get(f"/api/sources/{scene.obj_id}/classifications").data) == 1


def test_a_failed_analysis_says_nothing_of_the_source(scene):
    analysis_id = scene.start()
    drain()
    said = {"annotations": [{"data": {"a": 1}}]}
    scene.answer(scene.service.received[-1].token, {"status": "failure", "analysis": said})
    drain()
    assert annotations(scene) == {}
    kept = scene.user.get(f"/api/obj/analysis/{analysis_id}", includeAnalysisData="t").data["data"]
    assert kept == said


@pytest.mark.parametrize("said", ["text", {"values": {}}, [None, 5, {}, {"data": "text"}], None])
def test_remarks_that_make_no_sense_harm_nothing_else(scene, said):
    analysis_id = returned(scene, {"annotations": said, "results": FIT})
    assert annotations(scene) == {}
    assert scene.user.get(f"/api/obj/analysis/{analysis_id}/results").data == FIT
    assert len(not_applied(scene, analysis_id)) == (4 if isinstance(said, list) else 0 if said is None else 1)
