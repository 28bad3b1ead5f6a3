"""The list of sources: paging, order and filters, among what the caller may see."""

import base64
import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from chalicelib.sources.read import listing
from tests.support.aws_calls import recorded_aws_calls
from tests.support.people import make_group, make_user
from tests.support.sky import make_source


@pytest.fixture
def reader(sky):
    """Somebody in a new group, with a token of their own."""
    group_id = make_group(sky.admin)
    user = make_user(sky.admin, groups=[group_id])
    user.group_id = group_id
    return user


def save(reader, count, **fields):
    return [make_source(reader, group_ids=[reader.group_id], **fields) for _ in range(count)]


def listed(reader, **query):
    return reader.get("/api/sources", group_ids=reader.group_id, **query)


def ids(answer):
    return [source["id"] for source in answer.data["sources"]]


def follow(reader, answer):
    """Take the next page from the Link header, or None."""
    link = answer.headers.get("Link")
    if link is None:
        return None
    url, relation = re.fullmatch(r"<(.*)>; (.*)", link).groups()
    assert relation == 'rel="next"'
    return reader.get(urlsplit(url).path, **dict(parse_qsl(urlsplit(url).query)))


def test_the_newest_come_first_with_their_number(reader):
    saved = save(reader, 3)

    answer = listed(reader)

    assert ids(answer) == saved[::-1]
    page = answer.data
    assert (page["totalMatches"], page["pageNumber"], page["numPerPage"]) == (3, 1, 100)
    assert "Link" not in answer.headers


def test_pages_are_reached_by_number_and_by_cursor(reader):
    saved = save(reader, 7)[::-1]

    assert ids(listed(reader, numPerPage=3, pageNumber=2)) == saved[3:6]
    assert ids(listed(reader, numPerPage=3, pageNumber=4)) == []

    found, answer = [], listed(reader, numPerPage=3)
    while answer is not None:
        found.append(ids(answer))
        assert answer.data["totalMatches"] == 7
        answer = follow(reader, answer)
    assert found == [saved[:3], saved[3:6], saved[6:]]


@pytest.mark.parametrize("wanted", [501, 1000, 10**40])
def test_who_asks_for_more_than_a_page_holds_gets_a_full_one(reader, wanted):
    saved = save(reader, 2)

    page = listed(reader, numPerPage=wanted).data

    assert [source["id"] for source in page["sources"]] == saved[::-1]
    assert (page["numPerPage"], page["totalMatches"]) == (500, 2)


def test_a_filter_is_kept_while_pages_are_followed(reader):
    near = [make_source(reader, redshift=0.1, group_ids=[reader.group_id]) for _ in range(5)]
    save(reader, 3, redshift=1.0)

    found, answer = [], listed(reader, numPerPage=2, maxRedshift=0.5)
    while answer is not None:
        assert answer.data["totalMatches"] == 5
        found += ids(answer)
        answer = follow(reader, answer)

    assert found == near[::-1]


def test_a_source_saved_to_two_groups_appears_once_where_it_was_saved_last(sky, reader):
    second = make_group(sky.admin, members=[reader])
    old, new = save(reader, 2)
    make_source(reader, old, group_ids=[second])
    groups = f"{reader.group_id},{second}"

    assert ids(reader.get("/api/sources", group_ids=groups)) == [old, new]
    assert ids(reader.get("/api/sources", group_ids=groups, maxRedshift=1)) == []
    first_page = reader.get("/api/sources", group_ids=groups, numPerPage=1)
    assert (ids(first_page), ids(follow(reader, first_page))) == ([old], [new])
    assert follow(reader, follow(reader, first_page)) is None


def test_only_what_the_callers_groups_saved_is_listed(sky, reader):
    (saved,) = save(reader, 1)

    assert saved in ids(reader.get("/api/sources"))
    assert sky.obj_id not in ids(reader.get("/api/sources"))
    assert saved not in ids(sky.user.get("/api/sources"))
    assert {saved, sky.obj_id} <= set(ids(sky.admin.get("/api/sources", numPerPage=500)))
    assert sky.user.get("/api/sources", group_ids=reader.group_id).error[0] == 403


def test_a_source_that_was_taken_out_is_not_listed(sky, reader):
    kept, gone = save(reader, 2)
    sky.admin.delete(f"/api/sources/{gone}")

    assert ids(listed(reader)) == [kept]
    assert listed(reader).data["totalMatches"] == 1


def test_the_cost_does_not_grow_with_what_others_saved(sky, reader):
    save(reader, 1)
    with recorded_aws_calls() as before:
        listed(reader)
    for _ in range(5):
        make_source(sky.user)
    with recorded_aws_calls() as after:
        listed(reader)

    assert before == after == ["Query", "BatchGetItem", "BatchGetItem"], "places, sources, their remarks"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"sourceID": "FIRST"}, ["the-first"]),
        ({"rejectedSourceIDs": "the-first,other"}, ["the-second"]),
        ({"ra": 10.0, "dec": 20.0, "radius": 0.1}, ["the-first"]),
        ({"ra": 9.95, "dec": 20.05, "radius": 0.1}, ["the-first"]),
        ({"ra": 190.0, "dec": -20.0, "radius": 180}, ["the-second", "the-first"]),
        ({"minRedshift": 0.05}, ["the-first"]),
        ({"maxRedshift": 0.05}, []),
        ({"hasRedshift": "true"}, ["the-first"]),
        ({"hasTNSname": "true"}, ["the-second"]),
        ({"hasNoTNSname": "true"}, ["the-first"]),
        ({"alias": "MAST"}, ["the-second"]),
        ({"origin": "zt"}, ["the-first"]),
        ({"savedByCurrentUser": "true"}, ["the-second", "the-first"]),
        ({"savedAfter": "2020-01-01"}, ["the-second", "the-first"]),
        ({"savedAfter": "2020-01-01T00:00:00+01:00", "savedBefore": "2020-02-01"}, []),
        ({"savedAfter": "20200101", "savedBefore": "20990101T000000Z"}, ["the-second", "the-first"]),
        ({"savedBefore": "20210112"}, []),
        ({"createdOrModifiedAfter": "20210112 00:00"}, ["the-second", "the-first"]),
        ({"savedAfter": "2020-02-01", "savedBefore": "2020-01-01"}, []),
        ({"savedAfter": "2020-02-01", "savedBefore": "2020-02-01"}, []),
        ({"createdOrModifiedAfter": "2099-01-01T00:00:00Z"}, []),
    ],
)
def test_filters(reader, query, expected):
    fields = {"group_ids": [reader.group_id]}
    make_source(reader, "the-first", ra=10.0, dec=20.0, redshift=0.1, origin="ZTF", **fields)
    make_source(reader, "the-second", ra=10.0, dec=-20.0, tns_name="2026a", alias=["mast-1"], **fields)

    answer = listed(reader, **query)

    assert ids(answer) == expected
    assert answer.data["totalMatches"] == len(expected)


def test_classifications_decide_as_far_as_the_caller_sees_them(sky, reader):
    hierarchy = {"class": "Time-domain", "subclasses": [{"class": "Ia"}, {"class": "II"}]}
    name = f"tree {reader.group_id}"
    taxonomy = {"name": name, "version": "1", "hierarchy": hierarchy}
    taxonomy_id = sky.admin.post("/api/taxonomy", taxonomy).data["taxonomy_id"]
    one, two, three = save(reader, 3)
    private = make_group(sky.admin)
    for obj_id, classification, groups in ((one, "Ia", None), (two, "II", None), (three, "Ia", [private])):
        post = {"obj_id": obj_id, "classification": classification, "taxonomy_id": taxonomy_id, "group_ids": groups}
        assert sky.admin.post("/api/classification", post).status == 200

    assert ids(listed(reader, classifications="Ia")) == [one]
    assert ids(listed(reader, classifications=f"{name}: Ia,{name}: II")) == [two, one]
    assert ids(listed(reader, classifications="Ia,II", classifications_simul="true")) == []
    assert ids(listed(reader, nonclassifications="Ia")) == [three, two]
    assert ids(listed(reader, classified="true")) == [two, one]
    assert ids(listed(reader, unclassified="true")) == [three]


def test_a_list_that_is_too_long_to_examine_goes_on_at_the_cursor(reader, monkeypatch):
    monkeypatch.setattr(listing, "MOST_EXAMINED", 4)
    wanted = save(reader, 1, redshift=0.1)
    save(reader, 6)

    first_page = listed(reader, hasRedshift="true")

    assert ids(first_page) == []
    assert ids(follow(reader, first_page)) == wanted


def cursor(text):
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"pageNumber": 11}, "Link"),
        ({"pageNumber": 0}, "pageNumber"),
        ({"numPerPage": 0}, "numPerPage"),
        ({"numPerPage": -5}, "numPerPage"),
        ({"numPerPage": "many"}, "numPerPage"),
        ({"cursor": "nonsense"}, "Invalid cursor"),
        ({"cursor": "WzEsMl0"}, "Invalid cursor"),
        ({"cursor": cursor("[" * 6000)}, "Invalid cursor"),
        ({"cursor": cursor('["2026-01-01T00:00:00", "ZTF", Infinity]')}, "Invalid cursor"),
        ({"cursor": cursor('["0001-01-01T00:00:00+14:00", "ZTF", 1]')}, "Invalid cursor"),
        ({"ra": 1.0, "dec": 2.0}, "together"),
        ({"radius": "nan", "ra": 1, "dec": 1}, "radius"),
        ({"hasSpectrum": "true"}, "Not supported here: hasSpectrum"),
        ({"savedAfter": "yesterday"}, "savedAfter"),
        ({"savedAfter": "0001-01-01T00:00:00+14:00"}, "outside of the years"),
        ({"savedBefore": "59226.128"}, '"savedBefore": ["must be an ISO 8601 date or time'),
        ({"savedAfter": "1610420645"}, '"savedAfter": ["must be an ISO 8601 date or time'),
        ({"createdOrModifiedAfter": "2459226.5"}, '"createdOrModifiedAfter": ["must be an ISO 8601 date or time'),
    ],
)
def test_a_wrong_query_is_refused(reader, query, reason):
    code, message = listed(reader, **query).error

    assert code == 400
    assert reason in message
