"""Taxonomies, and classifications of a source."""

import itertools
import json

import boto3
import pytest

from chalicelib.http.errors import BadRequest
from chalicelib.sources.records.classifications import put_classification
from tests.support.people import make_group

_numbers = itertools.count(1)
HIERARCHY = {
    "class": "Time-domain",
    "subclasses": [{"class": "Ia", "subclasses": [{"class": "Ia-91T"}]}, {"class": "II"}],
}


def make_taxonomy(sky, **changes):
    wanted = {"name": f"taxonomy {next(_numbers)}", "version": "1.0", "hierarchy": HIERARCHY, **changes}
    return sky.member("Group admin").post("/api/taxonomy", wanted).data["taxonomy_id"]


@pytest.fixture
def taxonomy_id(sky):
    return make_taxonomy(sky)


def classify(sky, taxonomy_id, classification="Ia", **fields):
    wanted = {"obj_id": sky.obj_id, "classification": classification, "taxonomy_id": taxonomy_id, **fields}
    return sky.user.post("/api/classification", wanted)


def classifications(sky, api=None):
    return (api or sky.user).get(f"{sky.source}/classifications").data


def announced():
    """Take the messages from the triggers queue."""
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName="siderostat-test-triggers")["QueueUrl"]
    found = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        for message in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        found += [json.loads(message["Body"]) for message in messages]
    return found


def test_a_taxonomy_is_read_by_anybody_with_a_token(sky, taxonomy_id):
    taxonomy = sky.outsider().get(f"/api/taxonomy/{taxonomy_id}").data

    assert (taxonomy["hierarchy"], taxonomy["version"], taxonomy["isLatest"]) == (HIERARCHY, "1.0", True)
    assert taxonomy in sky.user.get("/api/taxonomy").data


def test_a_new_version_is_the_latest(sky):
    old = make_taxonomy(sky, name="versions")
    new = make_taxonomy(sky, name="versions", version="2.0")

    latest = {one["id"]: one["isLatest"] for one in sky.user.get("/api/taxonomy").data}

    assert (latest[old], latest[new]) == (False, True)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"hierarchy": None}, "hierarchy"),
        ({"hierarchy": {"class": "a", "subclasses": [{}]}}, "needs a name"),
        ({"hierarchy": {"class": "a", "subclasses": "b"}}, "needs a name"),
        ({"hierarchy": {"class": "a", "subclasses": ["b"]}}, "needs a name"),
        ({"hierarchy": {"class": "x" * 250_000}}, "250000 bytes"),
        ({"name": ""}, "name"),
        ({"version": None}, "version"),
    ],
)
def test_a_wrong_taxonomy_is_refused(sky, changes, reason):
    wanted = {"name": "wrong", "version": "1", "hierarchy": HIERARCHY, **changes}

    code, message = sky.admin.post("/api/taxonomy", wanted).error

    assert code == 400
    assert reason in message


def test_name_and_version_of_a_taxonomy_are_unique_until_it_is_deleted(sky):
    wanted = {"name": "unique", "version": "1", "hierarchy": HIERARCHY}
    number = sky.admin.post("/api/taxonomy", wanted).data["taxonomy_id"]
    assert sky.admin.post("/api/taxonomy", wanted).error[0] == 400

    assert sky.admin.delete(f"/api/taxonomy/{number}").data == {}

    assert sky.admin.get(f"/api/taxonomy/{number}").error[0] == 400
    assert sky.admin.post("/api/taxonomy", wanted).status == 200


def test_posting_a_taxonomy_needs_the_permission(sky, taxonomy_id):
    assert sky.user.post("/api/taxonomy", {"name": "x", "version": "1", "hierarchy": HIERARCHY}).error[0] == 401
    assert sky.user.delete(f"/api/taxonomy/{taxonomy_id}").error[0] == 401


def test_a_classification_is_read_as_it_was_posted(sky, taxonomy_id):
    number = classify(sky, taxonomy_id, "Ia-91T", probability=0.9, origin="eye", ml=True).data["classification_id"]

    (one,) = classifications(sky)

    assert one == sky.user.get(f"/api/classification/{number}").data
    assert (one["classification"], one["probability"], one["taxonomy_id"]) == ("Ia-91T", 0.9, taxonomy_id)
    assert (one["origin"], one["ml"], one["author_name"]) == ("eye", True, sky.user.username)
    assert [item["id"] for item in sky.user.get(sky.source).data["classifications"]] == [number]


def test_several_classifications_are_posted_at_once(sky, taxonomy_id):
    one = {"obj_id": sky.obj_id, "classification": "Ia", "taxonomy_id": taxonomy_id}

    numbers = sky.user.post("/api/classification", {"classifications": [one, {**one, "classification": "II"}]}).data

    assert numbers == {"classification_ids": [item["id"] for item in classifications(sky)]}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"classification": "AGN"}, "(AGN) is not in the allowed classes"),
        ({"taxonomy_id": 4711}, "no taxonomy 4711"),
        ({"probability": 1.5}, "probability"),
        ({"probability": "likely"}, "probability"),
        ({"classification": None}, "classification"),
        ({"obj_id": None}, "obj_id"),
    ],
)
def test_a_wrong_classification_is_refused(sky, taxonomy_id, fields, reason):
    code, message = classify(sky, **{"taxonomy_id": taxonomy_id, **fields}).error

    assert code == 400
    assert reason in message


def test_a_classification_is_visible_to_its_groups_and_removed_by_its_author(sky, taxonomy_id):
    private = make_group(sky.admin, members=[sky.user])
    hidden = classify(sky, taxonomy_id, group_ids=[private]).data["classification_id"]
    shown = classify(sky, taxonomy_id).data["classification_id"]

    assert [one["id"] for one in classifications(sky, sky.member())] == [shown]
    assert sky.member().delete(f"/api/classification/{hidden}").error[0] == 403
    assert sky.member().delete(f"/api/classification/{shown}").error[0] == 403
    assert sky.user.delete(f"/api/classification/{hidden}").data == {}
    assert sky.member("Group admin").delete(f"/api/classification/{shown}").data == {}
    assert classifications(sky) == []


def test_classifying_needs_the_permission_and_a_source_that_can_be_seen(sky, taxonomy_id):
    post = {"obj_id": sky.obj_id, "classification": "Ia", "taxonomy_id": taxonomy_id}

    assert sky.member("View only").post("/api/classification", post).error[0] == 401
    assert sky.outsider().post("/api/classification", post).error == (404, "Source not found")


def test_saving_and_classifying_are_announced(sky, taxonomy_id):
    announced()
    group = make_group(sky.admin, members=[sky.user])
    sky.user.post("/api/sources", {"id": sky.obj_id, "group_ids": [group]})
    sky.user.post("/api/sources", {"id": sky.obj_id, "group_ids": [group]})
    number = classify(sky, taxonomy_id, probability=0.7).data["classification_id"]

    saved, classified = sorted(announced(), key=lambda message: message["event_id"])

    assert (saved["kind"], saved["obj_id"], saved["group_ids"]) == ("saved", sky.obj_id, [group])
    assert (classified["kind"], classified["classification_id"]) == ("classified", number)
    assert (classified["classification"], classified["probability"]) == ("Ia", 0.7)
    assert classified["group_ids"] == [sky.group_id, group]


def by_analysis(sky, taxonomy_of, classification="II", position=0):
    put_classification(
        sky.obj_id,
        classification,
        taxonomy_of=taxonomy_of,
        probability=0.5,
        origin="fitter",
        group_ids=frozenset({sky.group_id}),
        user_id=1,
        username="robot",
        analysis_id=11,
        position=position,
    )


def test_an_analysis_classifies_once_and_is_not_announced(sky):
    number = make_taxonomy(sky, name=f"by name {sky.obj_id}")
    announced()

    by_analysis(sky, number)
    by_analysis(sky, number)
    by_analysis(sky, f"by name {sky.obj_id}", "Ia", position=1)

    assert [one["classification"] for one in classifications(sky)] == ["II", "Ia"]
    assert {one["ml"] for one in classifications(sky)} == {True}
    assert announced() == []


@pytest.mark.parametrize(("taxonomy_of", "classification"), [("no such name", "II"), (4711, "II"), (None, "AGN")])
def test_an_analysis_cannot_classify_outside_a_taxonomy(sky, taxonomy_id, taxonomy_of, classification):
    with pytest.raises(BadRequest):
        by_analysis(sky, taxonomy_of or taxonomy_id, classification)
    assert classifications(sky) == []


def test_a_classification_brings_its_authors_vote_unless_it_is_withheld(sky, taxonomy_id):
    number = classify(sky, taxonomy_id).data["classification_id"]
    classify(sky, taxonomy_id, vote=False)
    put_classification(
        sky.obj_id,
        "Ia",
        taxonomy_of=taxonomy_id,
        probability=None,
        origin=None,
        group_ids=frozenset({sky.group_id}),
        user_id=sky.user.user_id,
        username="vera",
        analysis_id=7,
        position=0,
    )

    first, withheld, by_analysis = classifications(sky)

    (vote,) = first["votes"]
    assert (vote["classification_id"], vote["voter_id"], vote["vote"]) == (number, sky.user.user_id, 1)
    assert (withheld["votes"], by_analysis["votes"]) == ([], [])
    assert [one["edits"] for one in (first, withheld, by_analysis)] == [[]] * 3
