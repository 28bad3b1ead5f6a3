"""Annotations and classifications in the list of sources: what the reader sees, at a flat price."""

import random

import pytest

from chalicelib import memory
from chalicelib.sources.source import remarks as module
from tests.support.aws_calls import recorded_aws_calls
from tests.support.people import join, make_group, make_user
from tests.support.sky import make_source

KINDS = ("annotations", "classifications")


@pytest.fixture
def taxonomy_id(sky):
    tree = {"name": f"of {sky.obj_id}", "version": "1", "hierarchy": {"class": "Ia"}}
    return sky.admin.post("/api/taxonomy", tree).data["taxonomy_id"]


@pytest.fixture
def night(sky):
    """A group of the user's with a source of its own, to list alone."""
    group_id = make_group(sky.admin, members=[sky.user])
    obj_id = make_source(sky.user, group_ids=[group_id])
    return group_id, obj_id


def listed(api, group_id):
    return api.get("/api/sources", group_ids=group_id).data["sources"]


def annotate(api, obj_id, origin="gaia", **fields):
    body = {"origin": origin, "data": {"a": 1}, **fields}
    return api.post(f"/api/sources/{obj_id}/annotations", body).data["annotation_id"]


def classify(api, obj_id, taxonomy_id, **fields):
    body = {"obj_id": obj_id, "classification": "Ia", "taxonomy_id": taxonomy_id, **fields}
    return api.post("/api/classification", body).data["classification_id"]


def take_spectrum(api, sky, number):
    """Take a spectrum with an instrument that is then removed, but for the first."""
    facts = {"name": f"C {sky.obj_id} {number}", "telescope_id": 1}
    instrument_id = api.post("/api/instrument", facts).data["id"]
    facts = {"obj_id": sky.obj_id, "instrument_id": instrument_id, "observed_at": "2026-01-01"}
    assert api.post("/api/spectrum", {**facts, "wavelengths": [1.0], "fluxes": [1.0]}).status == 200
    if number:
        sky.admin.delete(f"/api/instrument/{instrument_id}")


def calls_of(api, operation):
    """What an operation calls when the process remembers nothing but who is asking."""
    memory.forget()
    api.get("/api/internal/profile")
    with recorded_aws_calls() as made:
        operation()
    return made


def test_a_source_without_any_has_empty_lists(sky, night):
    (record,) = listed(sky.user, night[0])

    assert [record[kind] for kind in KINDS] == [[], []]


def test_they_are_those_of_the_source_itself(sky, night, taxonomy_id):
    group_id, obj_id = night
    annotate(sky.user, obj_id, "one")
    annotate(sky.user, obj_id, "two", data={"numbers": [1.5, None]})
    classify(sky.user, obj_id, taxonomy_id, probability=0.7)

    (record,) = listed(sky.user, group_id)

    alone = sky.user.get(f"/api/sources/{obj_id}").data
    assert [record[kind] for kind in KINDS] == [alone[kind] for kind in KINDS]
    assert [len(record[kind]) for kind in KINDS] == [2, 1]


def test_only_what_the_reader_sees(sky, night, taxonomy_id):
    group_id, obj_id = night
    reader = make_user(sky.admin, groups=[group_id])
    private = make_group(sky.admin, members=[sky.user])
    annotate(sky.user, obj_id, "secret", group_ids=[private])
    classify(sky.user, obj_id, taxonomy_id, group_ids=[private])
    shown = annotate(sky.user, obj_id, "shown", group_ids=[group_id])

    (record,) = listed(reader, group_id)

    assert [one["id"] for one in record["annotations"]] == [shown]
    assert record["classifications"] == []
    assert len(listed(sky.user, group_id)[0]["annotations"]) == 2


def test_what_is_changed_renamed_or_deleted_is_so_in_the_list(sky, night, taxonomy_id):
    group_id, obj_id = night
    path = f"/api/sources/{obj_id}/annotations"
    changed, renamed, gone = (annotate(sky.user, obj_id, name) for name in ("changed", "renamed", "gone"))
    classification = classify(sky.user, obj_id, taxonomy_id)

    sky.user.put(f"{path}/{changed}", {"data": {"a": 2}})
    sky.user.put(f"{path}/{renamed}", {"data": {"a": 3}, "origin": "other"})
    sky.user.delete(f"{path}/{gone}")
    sky.user.delete(f"/api/classification/{classification}")

    (record,) = listed(sky.user, group_id)
    assert {one["origin"]: one["data"] for one in record["annotations"]} == {"changed": {"a": 2}, "other": {"a": 3}}
    assert record["classifications"] == []
    again = annotate(sky.user, obj_id, "gone")
    assert again in {one["id"] for one in listed(sky.user, group_id)[0]["annotations"]}


def test_an_annotation_that_lies_in_s3_is_there_too(sky, night):
    group_id, obj_id = night
    drawn = random.Random(3)
    numbers = [drawn.random() for _ in range(40_000)]
    annotate(sky.user, obj_id, "large", data={"numbers": numbers})

    assert listed(sky.user, group_id)[0]["annotations"][0]["data"] == {"numbers": numbers}


def test_more_than_an_answer_holds_is_told_before_it_is_read(sky, night, monkeypatch):
    group_id, obj_id = night
    for origin in ("one", "two", "three"):
        annotate(sky.user, obj_id, origin)
    monkeypatch.setattr(module, "MOST_READ", 2)

    code, message = sky.user.get("/api/sources", group_ids=group_id).error

    assert (code, "numPerPage" in message) == (413, True)


def test_beyond_the_limit_of_a_source_the_newest_are_read_at_the_source(sky, night, monkeypatch, taxonomy_id):
    group_id, obj_id = night
    monkeypatch.setattr(module, "MOST_LISTED", 2)
    first, second = annotate(sky.user, obj_id, "one"), annotate(sky.user, obj_id, "two")
    annotate(sky.user, obj_id, "three")
    classify(sky.user, obj_id, taxonomy_id)
    sky.user.put(f"/api/sources/{obj_id}/annotations/{second}", {"data": {"a": 2}})

    (record,) = listed(sky.user, group_id)
    alone = sky.user.get(f"/api/sources/{obj_id}").data

    assert [one["id"] for one in record["annotations"]] == [first, second]
    assert record["annotations"][1]["data"] == {"a": 2}
    assert [len(alone[kind]) for kind in KINDS] == [3, 1]


def test_the_cost_does_not_grow_with_sources_remarks_authors_and_groups(sky, night, taxonomy_id):
    group_id, _ = night
    authors = [make_user(sky.admin, groups=[group_id]) for _ in range(5)]

    def add(author):
        obj_id, other = make_source(author, group_ids=[group_id]), make_group(sky.admin)
        join(sky.admin, other, author)
        join(sky.admin, other, sky.user)
        sky.admin.post("/api/sources", {"id": obj_id, "group_ids": [other]})
        annotate(author, obj_id, group_ids=[group_id, other])
        classify(author, obj_id, taxonomy_id, group_ids=[group_id, other])

    add(authors[0])
    few = calls_of(sky.user, lambda: listed(sky.user, group_id))
    for author in authors * 2:
        add(author)
    assert calls_of(sky.user, lambda: listed(sky.user, group_id)) == few
    assert few == ["Query", *["BatchGetItem"] * 5], "places; sources, remarks' names, remarks, authors, groups"


@pytest.mark.parametrize("kind", ["comments", "annotations", "classifications", "spectra"])
def test_the_records_of_a_source_cost_the_same_however_many_wrote_them(sky, taxonomy_id, kind):
    def write(author, number):
        {
            "comments": lambda: author.post(f"{sky.source}/comments", {"text": "hm"}),
            "annotations": lambda: annotate(author, sky.obj_id, f"origin {number}"),
            "classifications": lambda: classify(author, sky.obj_id, taxonomy_id),
            "spectra": lambda: take_spectrum(author, sky, number),
        }[kind]()

    write(sky.user, 0)
    few = calls_of(sky.user, lambda: sky.user.get(f"{sky.source}/{kind}"))
    for number in range(1, 6):
        write(make_user(sky.admin, groups=[sky.group_id]), number)
    assert calls_of(sky.user, lambda: sky.user.get(f"{sky.source}/{kind}")) == few


def test_a_source_costs_the_same_however_many_saved_it(sky):
    def save(user, group_id):
        assert user.post("/api/sources", {"id": sky.obj_id, "group_ids": [group_id]}).status == 200

    few = calls_of(sky.admin, lambda: sky.admin.get(sky.source))
    for _ in range(4):
        group_id = make_group(sky.admin)
        save(make_user(sky.admin, groups=[group_id]), group_id)
    assert calls_of(sky.admin, lambda: sky.admin.get(sky.source)) == few
