"""Saving, reading, changing and unsaving sources."""

import pytest

from tests.support.parallel import at_once
from tests.support.people import make_group, make_user
from tests.support.sky import make_source


def test_a_source_is_read_as_it_was_posted(sky):
    fields = {
        "redshift": 0.02,
        "redshift_error": 0.001,
        "redshift_origin": "host",
        "altdata": {"ebv": 0.1, "deep": {"list": [1, None]}},
        "tns_name": "2026abc",
        "alias": ["a", "b"],
        "transient": True,
        "score": 0.5,
        "origin": "ZTF",
    }
    obj_id = make_source(sky.user, "1234567890123", **fields)

    source = sky.user.get(f"/api/sources/{obj_id}").data

    assert {name: source[name] for name in fields} == fields
    assert (source["id"], source["ra"], source["dec"]) == (obj_id, 202.5, 13.4)
    assert source["summary"] is None
    assert source["summary_history"] == []


def test_the_galactic_position_is_computed(sky):
    centre = make_source(sky.user, "galactic-centre", ra=266.40510, dec=-28.93617)

    source = sky.user.get(f"/api/sources/{centre}").data

    assert source["gal_lat"] == pytest.approx(0.0, abs=1e-3)
    assert min(source["gal_lon"], 360 - source["gal_lon"]) == pytest.approx(0.0, abs=1e-3)


def test_a_source_says_who_saved_it_to_which_group_and_when(sky):
    (group,) = sky.user.get(sky.source).data["groups"]

    assert (group["id"], group["active"], group["requested"]) == (sky.group_id, True, False)
    assert group["saved_by"]["id"] == sky.user.user_id
    assert group["saved_at"].startswith("20")
    assert not group["saved_at"].endswith("Z")


def test_by_default_a_source_is_saved_to_all_of_the_callers_groups(sky):
    groups = [make_group(sky.admin), make_group(sky.admin)]
    user = make_user(sky.admin, groups=groups)

    saved = user.post("/api/sources", {"id": "to-all", "ra": 1.0, "dec": 2.0}).data

    assert saved["id"] == "to-all"
    assert set(groups) <= set(saved["saved_to_groups"])


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": "with space"}, "letters, digits"),
        ({"id": "a/b"}, "letters, digits"),
        ({"id": ""}, "letters, digits"),
        ({"id": "x" * 256}, "letters, digits"),
        ({"id": None}, "id"),
        ({"ra": 361.0}, "ra"),
        ({"dec": -90.5}, "dec"),
        ({"ra": 1e-200}, "ra"),
        ({"ra": "east"}, "ra"),
        ({"ra": None}, "`ra` and `dec` are required"),
        ({"redshift": "high"}, "redshift"),
        ({"redshift": 1e200}, "redshift"),
        ({"redshift": 0.1, "redshift_error": 0}, '"redshift_error": ["must be positive'),
        ({"redshift": 0.1, "redshift_error": -0.1}, '"redshift_error": ["must be positive'),
        ({"ra_err": -1.0, "dec_err": 0.0}, '"dec_err": ["must be positive'),
        ({"altdata": {"text": "x" * 50_001}}, "altdata"),
        ({"summary": "x" * 10_001}, "summary"),
    ],
)
def test_a_wrong_source_is_refused(sky, changes, reason):
    wanted = {"id": "wrong", "ra": 1.0, "dec": 2.0, **changes}

    code, message = sky.user.post("/api/sources", wanted).error

    assert code == 400
    assert reason in message
    assert sky.admin.get("/api/sources/wrong").status == 404


def test_infinite_coordinates_are_refused(sky):
    raw = b'{"id": "infinite", "ra": Infinity, "dec": 1.0}'

    assert sky.user.post("/api/sources", raw=raw).error[0] == 400


def test_a_source_cannot_be_saved_to_a_group_that_the_caller_is_not_in(sky):
    foreign = make_group(sky.admin)

    assert sky.user.post("/api/sources", {"id": "x", "ra": 1.0, "dec": 2.0, "group_ids": [foreign]}).error == (
        403,
        f"Cannot find one or more groups with IDs: [{foreign}].",
    )


def test_posting_a_known_id_saves_it_to_the_groups_and_changes_what_is_given(sky):
    second = make_group(sky.admin, members=[sky.user])

    saved = sky.user.post("/api/sources", {"id": sky.obj_id, "redshift": 0.5, "group_ids": [second]}).data

    source = sky.user.get(sky.source).data
    assert saved == {"id": sky.obj_id, "saved_to_groups": [second]}
    assert {group["id"] for group in source["groups"]} == {sky.group_id, second}
    assert (source["redshift"], source["ra"]) == (0.5, 202.5)


def test_who_cannot_see_a_source_may_save_it_but_not_change_it(sky):
    outsider = sky.outsider()

    assert outsider.post("/api/sources", {"id": sky.obj_id, "ra": 1.0, "dec": 2.0, "redshift": 9.0}).status == 200

    source = outsider.get(sky.source).data
    assert (source["ra"], source["redshift"]) == (202.5, None)
    assert sky.group_id not in {group["id"] for group in source["groups"]}


def test_parallel_saves_to_different_groups_are_all_kept(sky):
    groups = [make_group(sky.admin, members=[sky.user]) for _ in range(4)]

    answers = at_once(lambda group: sky.user.post("/api/sources", {"id": sky.obj_id, "group_ids": [group]}), groups)

    assert [answer.status for answer in answers] == [200] * 4
    assert {group["id"] for group in sky.user.get(sky.source).data["groups"]} == {sky.group_id, *groups}


def test_parallel_posts_of_a_new_id_make_one_source(sky):
    wanted = {"id": "new-in-parallel", "ra": 1.0, "dec": 2.0, "group_ids": [sky.group_id]}

    answers = at_once(lambda _: sky.user.post("/api/sources", wanted), range(4))

    assert [answer.status for answer in answers] == [200] * 4
    assert sky.user.get("/api/sources/new-in-parallel").status == 200


def test_a_source_of_other_groups_does_not_exist(sky):
    outsider = sky.outsider()

    for answer in (
        outsider.get(sky.source),
        outsider.patch(sky.source, {"redshift": 1.0}),
        sky.user.get("/api/sources/nowhere"),
        sky.user.get("/api/sources/no%2Fsuch%20id"),
    ):
        assert answer.error == (404, "Source not found")


def test_administrators_read_all_sources(sky):
    assert sky.admin.get(sky.source).data["id"] == sky.obj_id


def test_head_says_whether_a_source_can_be_seen(sky):
    assert (sky.user.head(sky.source).status, sky.outsider().head(sky.source).status) == (200, 404)
    assert sky.user.head(sky.source).body == b""


def test_patch_changes_what_is_given_and_null_clears(sky):
    sky.user.patch(sky.source, {"redshift": 0.1, "altdata": {"a": 1}, "tns_name": "2026x"})

    assert sky.user.patch(sky.source, {"redshift": None, "ra": 10.0}).data == {}

    source = sky.user.get(sky.source).data
    assert (source["redshift"], source["ra"], source["altdata"], source["tns_name"]) == (None, 10.0, {"a": 1}, "2026x")


@pytest.mark.parametrize("change", [{"ra": None}, {"dec": 100.0}, {"redshift": "high"}, {"redshift_error": "0"}])
def test_a_wrong_change_is_refused(sky, change):
    assert sky.user.patch(sky.source, change).error[0] == 400
    assert sky.user.get(sky.source).data["ra"] == 202.5


def test_unknown_keys_are_ignored(sky):
    assert sky.user.patch(sky.source, {"colour": "blue", "redshift": 0.3}).status == 200
    assert sky.user.get(sky.source).data["redshift"] == 0.3


def test_changes_of_the_redshift_are_recorded(sky):
    sky.user.patch(sky.source, {"redshift": 0.1})
    sky.user.patch(sky.source, {"redshift": 0.2, "redshift_error": 0.01, "redshift_origin": "spec"})
    sky.user.patch(sky.source, {"redshift": 0.2})
    sky.user.patch(sky.source, {"transient": True})

    history = sky.user.get(sky.source).data["redshift_history"]

    assert [(entry["value"], entry["uncertainty"], entry["origin"]) for entry in history] == [
        (0.1, None, None),
        (0.2, 0.01, "spec"),
    ]
    assert {entry["set_by_user_id"] for entry in history} == {sky.user.user_id}


def test_parallel_changes_are_all_applied(sky):
    changes = [{"redshift": 0.1}, {"tns_name": "2026x"}, {"altdata": {"a": 1}}, {"summary": "bright"}, {"score": 0.5}]

    answers = at_once(lambda change: sky.user.patch(sky.source, change), changes)

    source = sky.user.get(sky.source).data
    assert [answer.status for answer in answers] == [200] * 5
    assert [source[name] for change in changes for name in change] == [0.1, "2026x", {"a": 1}, "bright", 0.5]


def test_a_source_is_taken_out_of_one_group(sky):
    second = make_group(sky.admin, members=[sky.user])
    make_source(sky.user, sky.obj_id, group_ids=[second])

    assert sky.member("Group admin").delete(sky.source, {"group_id": sky.group_id}).status == 200

    assert [group["id"] for group in sky.user.get(sky.source).data["groups"]] == [second]
    assert sky.member().get(sky.source).status == 404


def test_a_source_is_taken_out_of_all_groups_of_the_caller(sky):
    assert sky.member("Group admin").delete(sky.source).status == 200

    assert sky.user.get(sky.source).error == (404, "Source not found")
    assert sky.admin.get(sky.source).error == (404, "Source not found")


def test_a_source_in_no_group_comes_back_with_its_data_when_it_is_posted_again(sky):
    sky.upload()
    sky.admin.delete(sky.source)

    make_source(sky.user, sky.obj_id, ra=11.0, group_ids=[sky.group_id])

    assert sky.user.get(sky.source).data["ra"] == 11.0
    assert len(sky.photometry()) == 3


def test_deleting_needs_the_permission_and_a_group_of_the_caller(sky):
    assert sky.user.delete(sky.source).error[0] == 401
    foreign = make_group(sky.admin)
    assert sky.member("Group admin").delete(sky.source, {"group_id": foreign}).error[0] == 403
    assert sky.user.get(sky.source).status == 200


def test_a_view_only_user_reads_and_does_not_write(sky):
    viewer = sky.member("View only")

    assert viewer.get(sky.source).status == 200
    assert viewer.post("/api/sources", {"id": "x", "ra": 1.0, "dec": 2.0}).error[0] == 401
    assert viewer.patch(sky.source, {"redshift": 1.0}).error[0] == 401


def test_what_a_source_comes_with_is_chosen_in_the_query(sky):
    sky.upload()
    sky.user.post(f"{sky.source}/comments", {"text": "bright"})
    flags = ("includePhotometry", "includeComments", "includeDetectionStats", "includePhotometryExists")
    flags += ("includeSpectrumExists", "includeCommentExists")

    plain = sky.user.get(sky.source).data
    full = sky.user.get(sky.source, **dict.fromkeys(flags, "true")).data

    assert not {"photometry", "comments", "photstats", "photometry_exists"} & set(plain)
    assert [len(full[name]) for name in ("photometry", "comments", "photstats")] == [3, 1, 1]
    assert [full[name] for name in ("photometry_exists", "spectrum_exists", "comment_exists")] == [True, False, True]
