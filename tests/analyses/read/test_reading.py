import base64
import json

import pytest

from tests.support.people import make_group, make_user
from tests.support.scene import PNG, SUCCESS, register
from tests.support.worker import drain

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def completed(scene, analysis=None, *, collected=True, **body):
    analysis_id = scene.start(**body)
    drain()
    posted = SUCCESS if analysis is None else {**SUCCESS, "analysis": analysis}
    assert scene.answer(scene.service.received[-1].token, posted).status == 200
    if collected:
        drain()
    return analysis_id


def b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def test_the_record_has_the_fields_of_the_contract(scene, ended):
    record = scene.read(ended(SUCCESS["analysis"]))
    assert set(record) == {
        "id",
        "created_at",
        "modified",
        "obj_id",
        "author_id",
        "analysis_service_id",
        "hash",
        "show_parameters",
        "show_plots",
        "show_corner",
        "analysis_parameters",
        "input_filters",
        "invalid_after",
        "token",
        "handled_by_url",
        "status",
        "status_message",
        "duration",
        "last_activity",
        "groups",
        "analysis_service_name",
        "analysis_service_description",
        "num_plots",
    }


def test_an_analysis_is_found_below_its_object_too(scene, ended):
    analysis_id = ended(SUCCESS["analysis"])
    assert scene.user.get(f"/api/obj/{scene.obj_id}/analysis/{analysis_id}").data == scene.read(analysis_id)
    assert scene.user.get(f"/api/obj/other/analysis/{analysis_id}").error == (403, "Cannot access this Analysis.")


def test_the_filename_comes_on_request(scene, ended):
    analysis_id = ended(SUCCESS["analysis"])
    record = scene.user.get(f"/api/obj/analysis/{analysis_id}", includeFilename="True").data
    assert record["filename"] == f"products/{analysis_id}/document.json.gz"


@pytest.mark.parametrize("path", ["", "/results", "/plots/0", "/corner"])
def test_strangers_and_wrong_ids_are_refused_alike(scene, ended, path):
    analysis_id = ended(SUCCESS["analysis"])
    stranger = scene.outsider()
    for number in (analysis_id, 12345):
        assert stranger.get(f"/api/obj/analysis/{number}{path}").error == (403, "Cannot access this Analysis.")


def test_who_sees_the_group_but_not_the_source_is_refused(scene):
    shared = make_group(scene.admin, members=[scene.user])
    analysis_id = completed(scene, group_ids=[shared])
    member = make_user(scene.admin, groups=[shared])
    assert member.get(f"/api/obj/analysis/{analysis_id}").error == (403, "Cannot access this Analysis.")


@pytest.mark.parametrize("collected", [True, False], ids=["collected", "not yet"])
def test_results_come_as_json_with_nan_as_null(scene, collected):
    analysis_id = completed(scene, collected=collected)
    assert scene.user.get(f"/api/obj/analysis/{analysis_id}/results").data == {"z": 0.5, "chi2": None}


def test_results_can_be_downloaded_without_the_envelope(scene, ended):
    analysis_id = ended(SUCCESS["analysis"])
    answer = scene.user.get(f"/api/obj/analysis/{analysis_id}/results", download="True")
    assert answer.json == {"z": 0.5, "chi2": None}
    assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("collected", [True, False], ids=["collected", "not yet"])
def test_a_plot_is_the_image_in_binary(scene, collected):
    analysis_id = completed(scene, collected=collected)
    answer = scene.user.get(f"/api/obj/analysis/{analysis_id}/plots/0")
    assert (answer.status, answer.body, answer.base64_encoded) == (200, PNG, True)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_svg_is_sandboxed(scene):
    analysis_id = completed(scene, {"plots": [{"format": "svg+xml", "data": b64(SVG)}]})
    answer = scene.user.get(f"/api/obj/analysis/{analysis_id}/plots/0")
    assert answer.body == SVG
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("declared", [{"format": "pdf"}, {"type": "svg+xml"}, {}])
@pytest.mark.parametrize("collected", [True, False], ids=["collected", "not yet"])
def test_one_plot_without_a_list_and_with_a_wrong_format_is_the_image_that_it_is(scene, declared, collected):
    plot = {**declared, "data": b64(PNG)}
    analysis_id = completed(scene, {"plots": plot}, collected=collected)
    answer = scene.user.get(f"/api/obj/analysis/{analysis_id}/plots/0")
    assert (answer.status, answer.body, answer.headers["Content-Type"]) == (200, PNG, "image/png")
    assert scene.read(analysis_id)["num_plots"] == 1
    assert scene.user.get(f"/api/obj/analysis/{analysis_id}/plots/1").error == (
        404,
        "Invalid plot number. There is 1 plot available for this analysis",
    )


@pytest.mark.parametrize(
    ("plots", "number", "message"),
    [
        (1, 1, "Invalid plot number. There is 1 plot available for this analysis"),
        (2, 7, "Invalid plot number. There are 2 plots available for this analysis"),
    ],
)
def test_a_plot_that_does_not_exist_is_not_found(scene, plots, number, message):
    plot = SUCCESS["analysis"]["plots"][0]
    analysis_id = completed(scene, {"plots": [plot] * plots})
    assert scene.user.get(f"/api/obj/analysis/{analysis_id}/plots/{number}").error == (404, message)


def test_a_plot_that_is_none_is_said_to_be_unreadable_and_the_others_are_not_touched(scene):
    good = SUCCESS["analysis"]["plots"][0]
    analysis_id = completed(scene, {"plots": [{"format": "png", "data": "!!"}, good]})
    code, message = scene.user.get(f"/api/obj/analysis/{analysis_id}/plots/0").error
    assert code == 404
    assert "cannot be read" in message
    assert scene.user.get(f"/api/obj/analysis/{analysis_id}/plots/1").body == PNG
    assert scene.status(analysis_id) == "completed"


def test_an_analysis_without_data_has_none(scene):
    analysis_id = scene.start()
    for path in ("results", "plots/0", "corner"):
        answer = scene.user.get(f"/api/obj/analysis/{analysis_id}/{path}")
        assert answer.error == (404, "No data found for this Analysis.")


def test_what_the_service_did_not_send_is_not_found(scene):
    analysis_id = completed(scene, {"model_name": "salt3"})
    assert scene.user.get(f"/api/obj/analysis/{analysis_id}/results").error == (
        404,
        "No results data found for this Analysis.",
    )
    assert scene.user.get(f"/api/obj/analysis/{analysis_id}/corner").error == (
        404,
        "No inference data found for this Analysis.",
    )


SAMPLES = {"z": [0.1 + 0.001 * i for i in range(50)], "t0": [1.0 + (i * 7919 % 50) / 50 for i in range(50)]}


def test_a_corner_plot_is_drawn_from_posterior_samples(scene, ended):
    analysis_id = ended({"posterior_samples": SAMPLES})
    plain = scene.user.get(f"/api/obj/analysis/{analysis_id}/corner")
    assert plain.body.startswith(b"\x89PNG")
    assert plain.headers["Content-Type"] == "image/png"
    by_body = scene.user.get(f"/api/obj/analysis/{analysis_id}/corner", {"plot_kwargs": {"bins": 5}})
    by_query = scene.user.get(f"/api/obj/analysis/{analysis_id}/corner", plot_kwargs=json.dumps({"bins": 5}))
    assert by_body.body.startswith(b"\x89PNG")
    assert by_body.body == by_query.body != plain.body


@pytest.mark.parametrize("kwargs", ["[]", "{", "[" * 9000, '{"fig": 1}', '{"bins": "many"}', '{"bins": 100000000}'])
def test_options_that_are_not_allowed_are_refused(scene, ended, kwargs):
    analysis_id = ended({"posterior_samples": SAMPLES})
    code, message = scene.user.get(f"/api/obj/analysis/{analysis_id}/corner", plot_kwargs=kwargs).error
    assert code == 400
    assert "plot_kwargs" in message


def test_the_list_of_an_object_is_newest_first_with_what_the_model_says(scene):
    curve = {"ztfg": [[59000.0, 20.0, 19.9, 20.1]]}
    first = completed(scene, {"model_lightcurve": curve, "model_name": "salt3", "n_detections": 3})
    second = completed(scene)
    for path, query in (("/api/obj/analysis", {"objID": scene.obj_id}), (f"/api/obj/{scene.obj_id}/analysis", {})):
        rows = scene.user.get(path, **query).data
        assert [row["id"] for row in rows] == [second, first]
        assert rows[1]["model_lightcurve"] == curve
        assert (rows[1]["model_name"], rows[1]["n_detections"]) == ("salt3", 3)


def test_a_list_over_all_objects_is_short(scene, ended):
    analysis_id = ended(SUCCESS["analysis"])
    (row,) = scene.user.get("/api/obj/analysis").data
    assert row["id"] == analysis_id
    assert set(row) == {
        "id",
        "obj_id",
        "status",
        "status_message",
        "created_at",
        "last_activity",
        "analysis_service_id",
        "analysis_service_name",
        "analysis_service_description",
    }


def test_lists_hold_only_what_the_caller_may_read(scene, ended):
    ended(SUCCESS["analysis"])
    stranger = scene.outsider()
    assert stranger.get("/api/obj/analysis").data == []
    assert stranger.get("/api/obj/analysis", objID=scene.obj_id).data == []
    assert len(scene.admin.get("/api/obj/analysis").data) == 1


def test_lists_are_filtered_by_service_and_summary(scene, ended):
    ended(SUCCESS["analysis"])
    other = register(scene.admin, scene.group_id, scene.service.url, is_summary=True)
    summary = scene.user.post(f"/api/obj/{scene.obj_id}/analysis/{other}").data["id"]
    for query in ({}, {"objID": scene.obj_id}):
        of_service = scene.user.get("/api/obj/analysis", analysisServiceID=other, **query).data
        of_summaries = scene.user.get("/api/obj/analysis", summaryOnly="true", **query).data
        assert [row["id"] for row in of_service] == [row["id"] for row in of_summaries] == [summary]


@pytest.mark.parametrize("query", [{}, {"of_object": True}])
def test_long_lists_come_in_pages_that_a_link_leads_on(scene, monkeypatch, query):
    monkeypatch.setattr("chalicelib.analyses.read.listing.MAX_ROWS", 2)
    ids = [scene.start() for _ in range(5)]
    path = f"/api/obj/{scene.obj_id}/analysis" if query else "/api/obj/analysis"
    seen, answer = [], scene.user.get(path)
    while True:
        seen.append([row["id"] for row in answer.data])
        if "Link" not in answer.headers:
            break
        url, relation = answer.headers["Link"].split("; ")
        assert relation == 'rel="next"'
        answer = scene.user.get(url.strip("<>").removeprefix("http://127.0.0.1:8000"))
    assert seen == [ids[:2:-1], ids[2:0:-1], ids[:1]]


def test_a_cursor_that_is_not_ours_is_refused(scene):
    assert scene.user.get("/api/obj/analysis", cursor="x").error[0] == 400


def test_a_source_lists_its_analyses_on_request(scene, ended):
    analysis_id = ended(SUCCESS["analysis"])
    source = scene.user.get(f"/api/sources/{scene.obj_id}", includeAnalyses="true").data
    assert [analysis["id"] for analysis in source["analyses"]] == [analysis_id]
    assert "analyses" not in scene.user.get(f"/api/sources/{scene.obj_id}").data


def test_a_large_product_is_answered_by_a_link(scene, ended, monkeypatch):
    analysis_id = ended(SUCCESS["analysis"])
    monkeypatch.setattr("chalicelib.analyses.read.product_file.MOST_INLINE_BYTES", 10)
    answer = scene.user.get(f"/api/obj/analysis/{analysis_id}/plots/0")
    assert answer.status == 307
    import requests

    assert requests.get(answer.headers["Location"], timeout=5).content == PNG


@pytest.mark.parametrize("obj_id", ["x" * 3000, "no%20object"])
def test_what_can_be_no_object_has_no_analyses(admin, obj_id):
    assert admin.get(f"/api/obj/{obj_id}/analysis").data == []


def test_what_was_not_given_or_found_is_there_all_the_same(scene, ended):
    """SkyPortal sends these keys always."""
    analysis_id = ended(SUCCESS["analysis"])
    (listed,) = scene.user.get("/api/obj/analysis", objID=scene.obj_id).data
    names = ("model_lightcurve", "model_lightcurves", "model_name", "n_detections")
    assert [listed[name] for name in names] == [None] * 4
    assert listed["input_filters"] == scene.read(analysis_id)["input_filters"] == {}
