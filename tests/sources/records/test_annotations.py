"""Annotations on a source, one of each origin."""

import pytest

from chalicelib.sources.records.annotations import put_annotation
from tests.support.parallel import at_once
from tests.support.people import make_group


def annotations(sky, api=None):
    return (api or sky.user).get(f"{sky.source}/annotations").data


def post(sky, origin="gaia", data=None, **fields):
    wanted = {"origin": origin, "data": {"parallax": 1.5} if data is None else data, **fields}
    return sky.user.post(f"{sky.source}/annotations", wanted).data["annotation_id"]


def by_analysis(sky, analysis_id, data, service_id=5):
    groups = frozenset({sky.group_id})
    return put_annotation(
        sky.obj_id, "fitter", data, group_ids=groups, user_id=1, analysis_id=analysis_id, service_id=service_id
    )


def test_an_annotation_is_read_as_it_was_posted(sky):
    data = {"parallax": 1.5, "deep": {"list": [1, None, "é"]}}
    number = post(sky, "gaia ☆", data)

    (annotation,) = annotations(sky)

    assert annotation == sky.user.get(f"{sky.source}/annotations/{number}").data
    assert (annotation["id"], annotation["origin"], annotation["data"]) == (number, "gaia ☆", data)
    assert annotation["author"]["id"] == sky.user.user_id
    assert [one["id"] for one in sky.user.get(sky.source).data["annotations"]] == [number]


def test_there_is_one_annotation_of_each_origin(sky):
    number = post(sky)

    code, message = sky.user.post(f"{sky.source}/annotations", {"origin": "gaia", "data": {}}).error

    assert (code, str(number) in message) == (400, True)
    post(sky, "wise")
    assert len(annotations(sky)) == 2


def test_of_parallel_annotations_of_one_origin_one_is_accepted(sky):
    answers = at_once(
        lambda number: sky.user.post(f"{sky.source}/annotations", {"origin": "o", "data": {"n": number}}), range(4)
    )

    assert sorted(answer.status for answer in answers) == [200, 400, 400, 400]


def test_put_replaces_the_data_and_what_else_is_given(sky):
    number = post(sky)
    post(sky, "wise")
    path = f"{sky.source}/annotations/{number}"

    assert sky.user.put(path, {"data": {"parallax": 2.0}}).data == {}
    assert sky.user.get(path).data["data"] == {"parallax": 2.0}
    assert sky.user.put(path, {"data": {"b": 1}, "origin": "gaia dr4"}).data == {}
    assert sky.user.put(path, {"data": {}, "origin": "wise"}).error[0] == 400

    renamed = sky.user.get(path).data
    assert (renamed["origin"], renamed["data"], len(annotations(sky))) == ("gaia dr4", {"b": 1}, 2)


def test_large_data_is_read_back_replaced_and_removed(sky, monkeypatch):
    monkeypatch.setattr("chalicelib.sources.blobs.MOST_INLINE", 10)
    number = post(sky)

    assert sky.user.put(f"{sky.source}/annotations/{number}", {"data": {"parallax": 3.0}}).status == 200
    assert annotations(sky)[0]["data"] == {"parallax": 3.0}
    assert sky.user.delete(f"{sky.source}/annotations/{number}").status == 200
    assert annotations(sky) == []


@pytest.mark.parametrize(
    "body", [{"origin": "x"}, {"data": {}}, {"origin": "", "data": {}}, {"origin": "x", "data": [1]}]
)
def test_a_wrong_annotation_is_refused(sky, body):
    assert sky.user.post(f"{sky.source}/annotations", body).error[0] == 400


def test_an_annotation_is_visible_to_its_groups_and_changed_by_its_author(sky):
    private = make_group(sky.admin, members=[sky.user])
    hidden, shown = post(sky, group_ids=[private]), post(sky, "wise")

    assert [one["id"] for one in annotations(sky, sky.member())] == [shown]
    assert sky.member().get(f"{sky.source}/annotations/{hidden}").error[0] == 403
    assert sky.member().put(f"{sky.source}/annotations/{shown}", {"data": {}}).error[0] == 403
    assert sky.member().delete(f"{sky.source}/annotations/{shown}").error[0] == 403
    assert sky.member("Group admin").delete(f"{sky.source}/annotations/{shown}").status == 200
    assert sky.member("View only").post(f"{sky.source}/annotations", {"origin": "x", "data": {}}).error[0] == 401


def test_an_analysis_annotates_once_and_its_service_replaces_what_it_wrote(sky):
    assert by_analysis(sky, 11, {"chi2": 1.0}) == "stored"
    assert by_analysis(sky, 11, {"chi2": 1.0}) == "stored"
    assert [one["data"] for one in annotations(sky)] == [{"chi2": 1.0}]

    assert by_analysis(sky, 12, {"chi2": 2.0}) == "stored"
    assert by_analysis(sky, 11, {"chi2": 1.0}) == "newer"

    assert [one["data"] for one in annotations(sky)] == [{"chi2": 2.0}]


def test_an_analysis_does_not_overwrite_what_others_wrote(sky):
    post(sky, "fitter", {"by": "hand"})

    assert by_analysis(sky, 11, {"chi2": 1.0}) == "foreign"
    assert annotations(sky)[0]["data"] == {"by": "hand"}


def test_a_service_does_not_overwrite_what_another_service_wrote(sky):
    assert by_analysis(sky, 11, {"chi2": 1.0}) == "stored"

    assert by_analysis(sky, 12, {"chi2": 2.0}, service_id=6) == "foreign"
