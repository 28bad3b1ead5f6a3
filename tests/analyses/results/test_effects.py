"""What became of what a result says of its source: applied each by itself, and the rest listed with the reason."""

import pytest

from chalicelib.analyses.items.run import Run
from chalicelib.analyses.results import collect as collecting
from chalicelib.analyses.run.webhook_token import token_of
from tests.support.people import make_user
from tests.support.scene import register
from tests.support.worker import drain

TREE = {"class": "SN", "subclasses": [{"class": "Ia"}, {"class": "II"}]}


def returned(scene, analysis, status="success"):
    """Run an analysis that returns this, and give its id."""
    analysis_id = scene.start()
    drain()
    posted = {"status": status, "message": "done", "analysis": analysis}
    assert scene.answer(scene.service.received[-1].token, posted).status == 200
    drain()
    return analysis_id


def effects(scene, analysis_id):
    """The rows: kind, number, name, and the reason if it was not applied."""
    answer = scene.user.get(f"/api/obj/analysis/{analysis_id}/effects").data
    assert answer["collected_at"] is not None
    for row in answer["effects"]:
        assert row["applied"] is (row["reason"] is None)
        assert row["at"] <= answer["collected_at"]
    return [(row["kind"], row["number"], row["name"], row["reason"]) for row in answer["effects"]]


def annotations(scene):
    rows = scene.user.get(f"/api/sources/{scene.obj_id}/annotations").data
    return {row["origin"]: row["data"] for row in rows}


def service_name(scene):
    return scene.user.get(f"/api/analysis_service/{scene.service_id}").data["name"]


def test_a_blank_origin_is_the_default_and_a_good_item_does_not_suffer_from_a_bad_one(scene):
    scene.admin.post("/api/taxonomy", {"name": "T", "version": "1", "hierarchy": TREE, "group_ids": [scene.group_id]})
    analysis_id = returned(
        scene,
        {
            "annotations": [{"origin": "", "data": {"z": 0.5}}, {"origin": "shape", "data": "none"}],
            "classifications": [
                {"taxonomy": "unknown", "classification": "Ia"},
                {"taxonomy": "T", "classification": "Ia", "probability": 0.9, "origin": " "},
                {"taxonomy": "T", "classification": "AGN"},
            ],
        },
    )
    name = service_name(scene)
    assert annotations(scene) == {name: {"z": 0.5}}
    [classification] = scene.user.get(f"/api/sources/{scene.obj_id}/classifications").data
    assert (classification["classification"], classification["origin"]) == ("Ia", name)
    rows = effects(scene, analysis_id)
    assert [row[:3] for row in rows] == [
        ("annotation", 0, name),
        ("annotation", 1, None),
        ("classification", 0, None),
        ("classification", 1, "Ia"),
        ("classification", 2, None),
    ]
    reasons = [row[3] for row in rows]
    assert (reasons[0], reasons[3]) == (None, None)
    assert "data" in reasons[1]
    assert "no taxonomy named 'unknown'" in reasons[2]
    assert "AGN" in reasons[4]
    record = scene.read(analysis_id)
    assert (record["status"], record["status_message"]) == ("completed", "done")


@pytest.mark.parametrize("origin", ["", "  ", None])
@pytest.mark.parametrize("listed", [True, False])
def test_a_single_annotation_may_come_without_the_list(scene, origin, listed):
    said = {"origin": origin, "data": {"a": 1}}
    analysis_id = returned(scene, {"annotations": [said] if listed else said})
    assert annotations(scene) == {service_name(scene): {"a": 1}}
    assert effects(scene, analysis_id) == [("annotation", 0, service_name(scene), None)]


def test_of_two_annotations_of_one_origin_the_last_stays_and_the_first_says_so(scene):
    analysis_id = returned(scene, {"annotations": [{"data": {"a": 1}}, {"data": {"b": 2}}, {"origin": 5, "data": {}}]})
    name = service_name(scene)
    assert annotations(scene) == {name: {"b": 2}}
    first, second, third = effects(scene, analysis_id)
    assert first == ("annotation", 0, name, "number 1 has the same origin and replaced it")
    assert second == ("annotation", 1, name, None)
    assert "origin" in third[3]


def test_what_an_analysis_that_was_started_later_wrote_stays(scene):
    first, second = scene.start(), scene.start()
    drain()
    for analysis_id in (second, first):
        said = {"annotations": [{"data": {"by": analysis_id}}]}
        assert scene.answer(token_of(analysis_id), {"status": "success", "analysis": said}).status == 200
        drain()
    assert annotations(scene) == {service_name(scene): {"by": second}}
    assert "started later" in effects(scene, first)[0][3]


@pytest.mark.parametrize("said", ["text", 5])
def test_what_is_no_list_is_listed_as_a_whole(scene, said):
    [(kind, number, name, reason)] = effects(scene, returned(scene, {"annotations": said, "results": {"a": 1}}))
    assert (kind, number, name) == ("annotation", None, None)
    assert "must be a list" in reason


def test_more_than_are_read_are_counted(scene):
    said = [{"origin": f"o{number}", "data": {}} for number in range(103)]
    rows = effects(scene, returned(scene, {"annotations": said}))
    assert len(rows) == 101
    assert rows[-1] == ("annotation", None, None, "only the first 100 of 103 are read")


def test_a_failed_analysis_says_that_it_changed_nothing(scene):
    rows = effects(scene, returned(scene, {"annotations": [{"data": {}}], "classifications": []}, status="failure"))
    assert rows == [
        ("annotation", None, None, "the analysis ended as failure"),
        ("classification", None, None, "the analysis ended as failure"),
    ]


def test_a_summary_is_listed_with_the_rest(scene):
    scene.service_id = register(scene.admin, scene.group_id, scene.service.url, is_summary=True)
    good = returned(scene, {"results": {"summary": "a supernova"}})
    assert effects(scene, good) == [("summary", None, None, None)]
    [(kind, _, _, reason)] = effects(scene, returned(scene, {"results": {"text": "a supernova"}}))
    assert (kind, "`summary`" in reason) == ("summary", True)


def test_a_result_that_says_nothing_of_its_source_has_no_effects(scene):
    for analysis in ({"results": {"a": 1}}, {"annotations": [], "classifications": []}):
        assert effects(scene, returned(scene, analysis)) == []


def test_nothing_is_known_before_the_result_is_collected(scene):
    analysis_id = scene.start()
    assert scene.user.get(f"/api/obj/analysis/{analysis_id}/effects").data == {"collected_at": None, "effects": []}


def test_what_could_not_be_collected_says_so(scene):
    analysis_id = scene.start()
    drain()
    scene.answer(scene.service.received[-1].token, {"status": "success", "analysis": {"annotations": [{"data": {}}]}})
    collecting.give_up(analysis_id, "collecting it failed again and again")
    assert effects(scene, analysis_id) == [("annotation", None, None, "collecting it failed again and again")]


def test_collecting_again_lists_the_same(scene):
    analysis_id = returned(scene, {"annotations": [{"data": {"a": 1}}, "x"]})
    before = effects(scene, analysis_id)
    collecting.collect_again(analysis_id)
    assert Run.find(analysis_id).effects is None
    drain()
    assert effects(scene, analysis_id) == before


def test_only_the_author_and_administrators_see_them(scene):
    analysis_id = returned(scene, {"annotations": [{"data": {}}]})
    path = f"/api/obj/analysis/{analysis_id}/effects"
    assert scene.admin.get(path).status == 200
    assert make_user(scene.admin, groups=[scene.group_id]).get(path).error[0] == 403
    assert scene.outsider().get(path).error[0] == 403
