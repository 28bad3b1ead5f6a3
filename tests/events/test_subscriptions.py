"""Subscribing: what is taken, what is refused, and what is shown to whom."""

import base64

import pytest

from chalicelib import places
from chalicelib.analyses.run.listeners import SUBSCRIPTIONS
from chalicelib.events.items.subscription import Subscription
from tests.events.receiver import ALL, PATH
from tests.support.parallel import at_once
from tests.support.people import make_group, make_user
from tests.support.storage import stored_text


def test_a_subscription_is_made_shown_changed_and_removed(scene, receiver):
    number = receiver.subscribe(scene.user, ["analysis.completed"], group_ids=[scene.group_id])
    record = scene.user.get(f"{PATH}/{number}").data
    assert record["url"] == receiver.stub.url
    assert (record["events"], record["form"], record["state"]) == (["analysis.completed"], "json", "active")
    assert [group["id"] for group in record["groups"]] == [scene.group_id]
    assert scene.user.get(PATH).data == [record]

    assert scene.user.patch(f"{PATH}/{number}", {"events": ALL, "form": "slack"}).data == {}
    record = scene.user.get(f"{PATH}/{number}").data
    assert (record["events"], record["form"], record["url"]) == (ALL, "slack", receiver.stub.url)

    assert scene.user.delete(f"{PATH}/{number}").data == {}
    assert scene.user.get(PATH).data == []
    assert scene.user.get(f"{PATH}/{number}").error == (403, "Cannot access this event subscription.")


def test_by_default_it_is_about_all_groups_of_the_caller(scene, receiver):
    record = scene.user.get(f"{PATH}/{receiver.subscribe(scene.user, group_ids=[])}").data
    assert scene.group_id in [group["id"] for group in record["groups"]]


def test_the_secret_is_shown_once_and_kept_encrypted(scene, receiver):
    number = receiver.subscribe(scene.user)
    secret = receiver.secrets[number]
    assert secret.startswith("whsec_")
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    assert secret.removeprefix("whsec_") not in stored_text()
    assert "whsec" not in scene.user.get(f"{PATH}/{number}").body.decode()
    renewed = scene.user.post(f"{PATH}/{number}/secret").data["secret"]
    assert renewed.startswith("whsec_")
    assert renewed != secret
    assert scene.user.get(f"{PATH}/{number}").data["old_secret_until"] is not None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"url": None}, "url"),
        ({"url": ""}, "url"),
        ({"url": 7}, "url"),
        ({"url": "http://10.0.0.1/"}, "private"),
        ({"url": "http://[::ffff:10.0.0.1]/"}, "private"),
        ({"url": "http://169.254.169.254/latest"}, "private"),
        ({"url": "ftp://example.org/"}, "url"),
        ({"url": "https://user:word@example.org/"}, "user name"),
        ({"url": "https://example.org/" + "a" * 3000}, "url"),
        ({"events": None}, "events"),
        ({"events": []}, "events"),
        ({"events": "analysis.completed"}, "events"),
        ({"events": ["analysis.begun"]}, "events"),
        ({"events": ["analysis.completed", 7]}, "events"),
        ({"events": ["subscription.test"]}, "events"),
        ({"events": ["analysis.completed"] * 5000}, ""),
        ({"form": "xml"}, "form"),
        ({"group_ids": ["x"]}, "group_ids"),
        ({"group_ids": list(range(500))}, "group_ids"),
    ],
)
def test_what_is_wrong_is_refused(scene, receiver, changes, words):
    body = {"url": receiver.stub.url, "events": ["analysis.completed"], **changes}
    answer = scene.user.post(PATH, {name: value for name, value in body.items() if value is not None})
    if words:
        assert answer.error[0] == 400
        assert words in answer.error[1]
    else:  # the same kind again and again is that kind once
        assert answer.status == 200
    number = receiver.subscribe(scene.user)
    if words and None not in changes.values() and changes != {"events": []}:
        assert scene.user.patch(f"{PATH}/{number}", changes).status == 400
    assert scene.user.patch(f"{PATH}/{number}", {"state": "gone"}).status == 400
    assert scene.user.patch(f"{PATH}/{number}", {}).status == 400


def test_a_foreign_group_is_refused(scene, receiver):
    foreign = make_group(scene.admin)
    body = {"url": receiver.stub.url, "events": ALL, "group_ids": [foreign]}
    assert scene.user.post(PATH, body).error[0] == 403
    number = receiver.subscribe(scene.user)
    assert scene.user.patch(f"{PATH}/{number}", {"group_ids": [foreign]}).error[0] == 403


def test_others_do_not_see_it_and_cannot_change_it(scene, receiver):
    number = receiver.subscribe(scene.user)
    other = make_user(scene.admin, groups=[scene.group_id])
    refusal = (403, "Cannot access this event subscription.")
    for method, path in (
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("POST", "/secret"),
        ("POST", "/test"),
        ("GET", "/deliveries"),
        ("POST", "/deliveries/1/redeliver"),
    ):
        body = {"state": "paused"} if method == "PATCH" else None
        assert other.call(method, f"{PATH}/{number}{path}", body).error == refusal
    assert other.get(PATH).data == []
    assert [one["id"] for one in scene.admin.get(PATH).data] == [number]
    viewer = make_user(scene.admin, groups=[scene.group_id], roles=["View only"])
    assert viewer.post(PATH, {"url": receiver.stub.url, "events": ALL}).error[0] == 401


def test_there_are_at_most_twenty_of_a_person(scene, receiver):
    for _ in range(20):
        receiver.subscribe(scene.user)
    code, message = scene.user.post(PATH, {"url": receiver.stub.url, "events": ALL}).error
    assert (code, "20" in message) == (400, True)
    page = scene.user.get(PATH, n=15)
    assert len(page.data) == 15
    rest = scene.user.get(page.headers["Link"].partition("<")[2].partition(">")[0].partition("8000")[2])
    assert (len(rest.data), "Link" in rest.headers) == (5, False)


def test_the_twentieth_place_is_taken_by_one_of_many_at_once(scene, receiver):
    for _ in range(18):
        receiver.subscribe(scene.user)
    body = {"url": receiver.stub.url, "events": ALL}
    answers = at_once(lambda _: scene.user.post(PATH, body), range(6))
    assert sorted(answer.status for answer in answers) == [200, 200, 400, 400, 400, 400]
    assert len(scene.user.get(PATH).data) == 20
    scene.user.delete(f"{PATH}/{scene.user.get(PATH).data[0]['id']}")
    receiver.subscribe(scene.user)


def test_the_last_place_of_a_site_is_taken_by_one_of_two_people(scene, receiver, monkeypatch):
    monkeypatch.setattr("chalicelib.events.subscriptions.MOST_OF_A_SITE", 1)
    people = [scene.user, make_user(scene.admin, groups=[scene.group_id])]
    answers = at_once(lambda one: one.post(PATH, {"url": receiver.stub.url, "events": ALL}), people)
    assert sorted(answer.status for answer in answers) == [200, 400]


def test_who_comes_second_again_and_again_is_told_so(scene, receiver, monkeypatch):
    """Another subscription is stored between counting and writing, every time."""

    def overtaken(find=Subscription.all):
        places.Places.of(SUBSCRIPTIONS).save()
        return find()

    monkeypatch.setattr(Subscription, "all", overtaken)
    monkeypatch.setattr(places.time, "sleep", lambda _: None)
    assert scene.user.post(PATH, {"url": receiver.stub.url, "events": ALL}).error[0] == 409


def test_two_changes_at_once_are_both_kept(scene, receiver):
    number = receiver.subscribe(scene.user)
    changes = [{"form": "slack"}, {"events": ["batch.finished"]}, {"state": "paused"}]
    answers = at_once(lambda change: scene.user.patch(f"{PATH}/{number}", change).status, changes)
    assert answers == [200] * 3
    record = scene.user.get(f"{PATH}/{number}").data
    assert (record["form"], record["events"], record["state"]) == ("slack", ["batch.finished"], "paused")
