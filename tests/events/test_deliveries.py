"""What subscribers are sent: which events, to whom, signed, tried again, and what is left of that to see."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.events.receiver import ALL, PATH, is_signed
from tests.support.aws_calls import recorded_aws_calls
from tests.support.people import make_group, make_user
from tests.support.worker import delayed, drain, take, tell, trigger


def ended(scene, **body):
    """Start an analysis and let its service succeed; return its id."""
    number = scene.start(**body)
    drain()
    scene.answer(scene.service.received[-1].token)
    return number


def deliveries(api, subscription):
    return api.get(f"{PATH}/{subscription}/deliveries").data


def test_a_subscriber_is_told_of_the_end_of_a_run(scene, receiver):
    subscription = receiver.subscribe(scene.user)
    run = ended(scene)
    tell()
    (received,) = receiver.stub.received
    assert is_signed(received, receiver.secrets[subscription])
    record = scene.read(run)
    assert received.document == {
        "type": "analysis.completed",
        "timestamp": record["last_activity"],
        "data": {
            "analysis_id": run,
            "obj_id": scene.obj_id,
            "service_id": scene.service_id,
            "state": "completed",
            "links": {
                "api": f"http://127.0.0.1:8000/api/obj/analysis/{run}",
                "page": f"http://127.0.0.1:8000/analyses/{run}",
            },
        },
    }
    assert len(received.body) < 1000
    (delivery,) = deliveries(scene.user, subscription)
    assert (delivery["state"], delivery["type"], delivery["tries"]) == ("delivered", "analysis.completed", 1)
    assert delivery["webhook_id"] == receiver.ids[0]
    (attempt,) = delivery["attempts"]
    assert (attempt["http_status"], attempt["text"], attempt["next_try"]) == (200, '{"message": "taken"}', None)
    assert scene.user.get(f"{PATH}/{subscription}").data["last_delivered"] is not None


def test_every_end_has_its_kind(scene, receiver, clock):
    receiver.subscribe(scene.user)
    failed, cancelled, silent = scene.start(), scene.start(), scene.start()
    drain()
    scene.answer(scene.service.received[0].token, {"status": "failure", "message": "no"})
    scene.user.post(f"/api/obj/analysis/{cancelled}/cancel")
    clock.sweep_after(seconds=700)
    tell()
    assert {(got["type"], got["data"]["analysis_id"], got["data"]["state"]) for got in receiver.got} == {
        ("analysis.failed", failed, "failure"),
        ("analysis.cancelled", cancelled, "cancelled"),
        ("analysis.timed_out", silent, "timed_out"),
    }


def test_what_ends_before_it_is_sent_is_told_too(scene, receiver):
    receiver.subscribe(scene.user)
    scene.service.reaction.status = 400
    scene.start()
    drain()
    tell()
    assert [got["type"] for got in receiver.got] == ["analysis.failed"]


def test_an_upload_is_an_end(scene, receiver):
    from tests.support.scene import SUCCESS, register

    receiver.subscribe(scene.user)
    service_id = register(scene.admin, scene.group_id, scene.service.url, upload_only=True)
    path = f"/api/obj/{scene.obj_id}/analysis_upload/{service_id}"
    assert scene.user.post(path, {"analysis": SUCCESS["analysis"]}).status == 200
    tell()
    assert [got["type"] for got in receiver.got] == ["analysis.completed"]


def test_only_the_kinds_that_are_wanted_come(scene, receiver):
    receiver.subscribe(scene.user, ["analysis.failed"])
    ended(scene)
    tell()
    assert receiver.got == []


@pytest.mark.parametrize("who", ["stranger", "member of another group", "of another group of one's own"])
def test_who_is_not_concerned_hears_nothing(scene, receiver, who):
    if who == "stranger":
        subscription = receiver.subscribe(scene.outsider())
    elif who == "member of another group":
        subscription = receiver.subscribe(make_user(scene.admin, groups=[make_group(scene.admin)]))
    else:
        other = make_group(scene.admin, members=[scene.user])
        subscription = receiver.subscribe(scene.user, group_ids=[other])
    ended(scene, group_ids=[scene.group_id])
    tell()
    assert receiver.got == []
    assert deliveries(scene.admin, subscription) == []


def test_who_is_in_the_group_but_may_not_read_the_source_is_told_nothing(scene, receiver):
    shared = make_group(scene.admin, members=[scene.user])
    member = make_user(scene.admin, groups=[shared])
    subscription = receiver.subscribe(member)
    ended(scene, group_ids=[shared])
    tell()
    assert receiver.got == []
    (delivery,) = deliveries(member, subscription)
    assert delivery["state"] == "withheld"
    assert scene.obj_id not in str(delivery)


def test_who_has_left_the_group_before_an_event_is_sent_again_is_told_nothing(scene, receiver, clock):
    member = make_user(scene.admin, groups=[scene.group_id])
    subscription = receiver.subscribe(member, group_ids=[scene.group_id])
    receiver.answers(500)
    ended(scene, group_ids=[scene.group_id])
    tell()
    assert len(receiver.got) == 1
    receiver.answers(200)
    assert scene.admin.delete(f"/api/groups/{scene.group_id}/users/{member.user_id}").status == 200
    again(clock, seconds=10)
    assert len(receiver.got) == 1
    assert deliveries(member, subscription)[0]["state"] == "withheld"


def again(clock, **step):
    """Let time pass, and the clock and what was delayed do their work."""
    clock.advance(**step)
    for message in delayed("events"):
        _work(message)
    _work({"look": True})
    tell()


def _work(message):
    from chalicelib.events.handlers import on_event_message
    from tests.support.permissions import acting_as

    with acting_as("events"):
        on_event_message(message)


def test_what_is_not_taken_is_sent_again_under_its_id_for_three_days_and_then_the_subscription_pauses(
    scene, receiver, clock
):
    subscription = receiver.subscribe(scene.user, ["analysis.completed"])
    receiver.answers(503, b"down for repair")
    ended(scene)
    tell()
    began = datetime.fromisoformat(deliveries(scene.user, subscription)[0]["attempts"][0]["at"])
    while (delivery := deliveries(scene.user, subscription)[0])["state"] == "waiting":
        later = datetime.fromisoformat(delivery["next_try"])
        now = datetime.fromisoformat(delivery["attempts"][-1]["at"])
        assert later > now
        again(clock, seconds=(later - now).total_seconds() + 61)
    assert delivery["state"] == "failed"
    assert 8 <= len(receiver.got) <= 12
    assert len(set(receiver.ids)) == 1
    last = datetime.fromisoformat(delivery["attempts"][-1]["at"])
    assert timedelta(days=2.9) < last - began < timedelta(days=3.1)
    record = scene.user.get(f"{PATH}/{subscription}").data
    assert record["state"] == "paused"
    assert "three days" in record["reason"]
    assert "503 down for repair" in record["reason"]

    count = len(receiver.got)
    ended(scene)
    tell()
    assert len(receiver.got) == count
    path = f"{PATH}/{subscription}/deliveries/{delivery['number']}/redeliver"
    assert scene.user.post(path).error == (400, "This event subscription is paused: resume it first.")
    assert scene.user.patch(f"{PATH}/{subscription}", {"state": "active"}).status == 200
    assert scene.user.get(f"{PATH}/{subscription}").data["reason"] is None
    again(clock, minutes=10)
    assert len(receiver.got) == count  # what happened meanwhile is not told
    receiver.answers(204)
    assert scene.user.post(path).data == {}
    tell()
    assert len(receiver.got) == count + 1
    assert len(set(receiver.ids)) == 1
    assert deliveries(scene.user, subscription)[0]["state"] == "delivered"
    ended(scene)
    tell()
    assert len(receiver.got) == count + 2


def test_the_first_waits_are_those_of_the_specification(scene, receiver, clock):
    receiver.subscribe(scene.user, ["analysis.completed"])
    receiver.answers(500)
    ended(scene)
    tell()
    again(clock, seconds=2)
    assert len(receiver.got) == 2  # the message is due when SQS hands it out: after five seconds
    for step, count in ((200, 2), (200, 3), (1500, 3), (600, 4)):
        clock.advance(seconds=step)
        _work({"look": True})
        tell()
        assert len(receiver.got) == count, (step, count)


def test_gone_pauses_at_once(scene, receiver):
    subscription = receiver.subscribe(scene.user)
    receiver.answers(410)
    ended(scene)
    tell()
    record = scene.user.get(f"{PATH}/{subscription}").data
    assert (record["state"], "410" in record["reason"]) == ("paused", True)
    assert deliveries(scene.user, subscription)[0]["state"] == "failed"


def test_retry_after_is_kept_to(scene, receiver):
    subscription = receiver.subscribe(scene.user)
    receiver.answers(429, **{"Retry-After": "3600"})
    ended(scene)
    tell()
    delivery = deliveries(scene.user, subscription)[0]
    wait = datetime.fromisoformat(delivery["next_try"]) - datetime.fromisoformat(delivery["attempts"][0]["at"])
    assert timedelta(seconds=3599) < wait < timedelta(seconds=3700)


def test_both_secrets_sign_for_a_day(scene, receiver, clock):
    subscription = receiver.subscribe(scene.user)
    old = receiver.secrets[subscription]
    new = scene.user.post(f"{PATH}/{subscription}/secret").data["secret"]
    ended(scene)
    tell()
    assert is_signed(receiver.stub.received[0], old)
    assert is_signed(receiver.stub.received[0], new)
    clock.advance(hours=25)
    assert scene.user.post(f"{PATH}/{subscription}/test").data["type"] == "subscription.test"
    tell()
    assert not is_signed(receiver.stub.received[1], old)
    assert is_signed(receiver.stub.received[1], new)


def test_for_people_it_is_a_text(scene, receiver):
    receiver.subscribe(scene.user, form="slack")
    run = ended(scene)
    tell()
    (text,) = [got.pop("text") for got in receiver.got]
    name = scene.read(run)["analysis_service_name"]
    assert text == f"Completed: <http://127.0.0.1:8000/analyses/{run}|{scene.obj_id} by {name}>"
    assert receiver.got == [{}]


def test_names_cannot_forge_links(scene, receiver):
    name = "<!channel> <https://example.org|click> & *all*"
    scene.admin.patch(f"/api/analysis_service/{scene.service_id}", {"display_name": name})
    receiver.subscribe(scene.user, form="slack")
    ended(scene)
    tell()
    text = receiver.got[0]["text"]
    assert text.count("<") == 1
    assert text.count("|") == 1


def test_the_end_of_a_batch_is_told_to_its_author_once(scene, receiver):
    subscription = receiver.subscribe(scene.user, ["batch.finished"])
    other = make_user(scene.admin, groups=[scene.group_id])
    body = {"analysis_service_id": scene.service_id, "obj_ids": [scene.obj_id, "nothing"]}
    batch = other.post("/api/analysis_batch", body).data["id"]
    batch = scene.user.post("/api/analysis_batch", body).data["id"]
    drain()
    tell()
    assert receiver.got == []
    for received in list(scene.service.received):
        scene.answer(received.token)
    tell()
    drain()
    tell()
    (got,) = receiver.got
    assert got["type"] == "batch.finished"
    data = got["data"]
    assert (data["batch_id"], data["counts"], data["refused"]) == (batch, {"completed": 1}, 1)
    assert len(deliveries(scene.user, subscription)) == 1


def test_a_batch_of_which_nothing_started_is_finished(scene, receiver):
    receiver.subscribe(scene.user, ["batch.finished"])
    body = {"analysis_service_id": scene.service_id, "obj_ids": ["nothing", "neither"]}
    scene.user.post("/api/analysis_batch", body)
    drain()
    tell()
    assert [got["data"]["counts"] for got in receiver.got] == [{}]


def test_a_pause_of_a_service_and_its_end_are_told_once_each(scene, receiver, clock):
    receiver.subscribe(scene.user, ["service.paused", "service.resumed"])
    outsider = scene.outsider()
    receiver.subscribe(outsider, ["service.paused"])
    scene.service.reaction.status = 503
    for _ in range(3):
        scene.start()
    for _ in range(4):
        drain()
        clock.sweep_after(seconds=65)
    tell()
    assert [got["type"] for got in receiver.got] == ["service.paused"]
    assert receiver.got[0]["data"]["service_id"] == scene.service_id
    scene.service.reaction.status = 200
    clock.advance(minutes=20)
    scene.start()
    for _ in range(3):
        drain()
        tell()
        clock.sweep_after(minutes=1)
    assert [got["type"] for got in receiver.got] == ["service.paused", "service.resumed"]


def test_a_lost_message_is_made_good_by_the_clock(scene, receiver, clock):
    receiver.subscribe(scene.user, ["analysis.completed"])
    run = ended(scene)
    assert take("events") == [{"run": run}]  # the function that had it died
    again(clock, seconds=30)
    assert [got["data"]["analysis_id"] for got in receiver.got] == [run]
    again(clock, seconds=30)
    again(clock, minutes=20)
    assert len(receiver.got) == 1


def test_a_lost_delivery_is_made_good_by_the_clock(scene, receiver, clock):
    receiver.subscribe(scene.user, ["analysis.completed"])
    ended(scene)
    _work(take("events")[0])
    assert len(take("events")) == 1  # that it is to be sent
    assert receiver.got == []
    again(clock, seconds=61)
    assert len(receiver.got) == 1
    again(clock, minutes=10)
    assert len(receiver.got) == 1


def test_messages_that_come_twice_send_once(scene, receiver):
    receiver.subscribe(scene.user, ["analysis.completed"])
    run = ended(scene)
    take("events")
    for _ in range(2):
        _work({"run": run})
    messages = take("events")
    assert len(messages) == 1
    for _ in range(2):
        _work(messages[0])
    assert len(receiver.got) == 1


def test_who_dies_while_sending_has_it_sent_again(scene, receiver, clock, monkeypatch):
    from chalicelib.events import deliver

    receiver.subscribe(scene.user, ["analysis.completed"])
    ended(scene)
    _work(take("events")[0])
    (message,) = take("events")

    class Died(Exception):
        pass

    def die(*_arguments):
        raise Died

    with monkeypatch.context() as patched:
        patched.setattr(deliver, "_taken", die)
        with pytest.raises(Died):
            _work(message)
    assert len(receiver.got) == 1
    _work(message)  # SQS hands it out again
    assert len(receiver.got) == 1
    again(clock, seconds=125)
    assert len(receiver.got) == 2
    assert len(set(receiver.ids)) == 1


def test_a_removed_subscription_is_sent_nothing_more(scene, receiver, clock):
    subscription = receiver.subscribe(scene.user)
    receiver.answers(500)
    ended(scene)
    tell()
    scene.user.delete(f"{PATH}/{subscription}")
    again(clock, minutes=10)
    assert len(receiver.got) == 1


def test_a_closed_account_is_sent_nothing_more(scene, receiver, clock):
    member = make_user(scene.admin, groups=[scene.group_id])
    subscription = receiver.subscribe(member)
    scene.admin.patch(f"/api/user/{member.user_id}", {"expirationDate": "2020-01-01"})
    ended(scene)
    tell()
    assert receiver.got == []
    record = scene.admin.get(f"{PATH}/{subscription}").data
    assert (record["state"], record["reason"]) == ("paused", "The account of its author is closed.")


def test_an_address_that_became_private_is_not_called(scene, receiver, monkeypatch):
    from chalicelib.settings import settings

    subscription = receiver.subscribe(scene.user)
    ended(scene)
    closed = replace(settings(), allowed_hosts=())
    monkeypatch.setattr("chalicelib.events.deliver.settings", lambda: closed)
    tell()
    assert receiver.got == []
    (delivery,) = deliveries(scene.user, subscription)
    assert "private" in delivery["attempts"][0]["text"]


def test_answers_are_shown_shortened_and_without_the_url(scene, receiver):
    subscription = receiver.subscribe(scene.user)
    receiver.answers(500, b"cannot take " + receiver.stub.url.encode() + b" \x00\x1b[31m" + b"x" * 10_000)
    ended(scene)
    tell()
    (attempt,) = deliveries(scene.user, subscription)[0]["attempts"]
    assert attempt["text"].startswith("cannot take [secret]")
    assert len(attempt["text"]) <= 200
    assert "\x1b" not in attempt["text"]


def test_deliveries_are_paged_the_latest_first(scene, receiver):
    subscription = receiver.subscribe(scene.user, ["analysis.completed"])
    runs = [ended(scene) for _ in range(5)]
    tell()
    seen, path = [], f"{PATH}/{subscription}/deliveries?n=2"
    while path:
        page = scene.user.get(path)
        seen += page.data
        path = page.headers.get("Link", "").partition("<")[2].partition(">")[0].partition("8000")[2]
    assert [one["webhook_id"] for one in seen] == [f"evt_analysis_completed_{run}" for run in reversed(runs)]
    for number in (1, 2**53 - 1):
        assert scene.user.post(f"{PATH}/{subscription}/deliveries/{number}/redeliver").error[0] == 404


def test_a_stack_without_subscriptions_pays_nothing_and_one_with_them_a_message(scene, receiver):
    for _ in range(2):
        scene.start()
    drain()
    tokens = [got.token for got in scene.service.received]
    scene.answer(tokens[0])
    with recorded_aws_calls() as calls:
        scene.answer(tokens[1])
    assert calls == ["GetItem", "PutObject", "TransactWriteItems", "SendMessage"]
    receiver.subscribe(scene.user)
    for _ in range(2):
        scene.start()
    drain()
    tokens = [got.token for got in scene.service.received[2:]]
    scene.answer(tokens[0])
    with recorded_aws_calls() as calls:
        scene.answer(tokens[1])
    assert sorted(calls) == ["GetItem", "PutObject", "SendMessage", "SendMessage", "TransactWriteItems"]


def test_telling_of_a_run_and_sending_take_few_calls(scene, receiver):
    receiver.subscribe(scene.user, ["analysis.completed"])
    for _ in range(2):
        ended(scene)
        tell()
    ended(scene)
    (message,) = take("events")
    with recorded_aws_calls() as calls:
        _work(message)
    assert calls == ["BatchGetItem", "BatchGetItem", "PutItem", "SendMessage"]
    (message,) = take("events")
    with recorded_aws_calls() as calls:
        _work(message)
    # delivery, claim, subscription, its author and groups; the run, its source and service; the note
    assert calls == [
        "GetItem",
        "UpdateItem",
        "GetItem",
        "GetItem",
        "Query",
        "GetItem",
        "TransactGetItems",
        "UpdateItem",
    ]


def test_looking_through_what_moved_takes_a_query_for_each_part_of_ten_minutes(scene, receiver, clock):
    receiver.subscribe(scene.user, ["analysis.completed"])
    for _ in range(5):
        ended(scene)
    tell()
    again(clock, seconds=61)
    clock.advance(seconds=61)
    with recorded_aws_calls() as calls:
        _work({"look": True})
    assert calls.count("Query") <= 10
    assert len(calls) <= 14


def test_kinds_that_can_be_subscribed_to_are_all_told_somewhere():
    from chalicelib.events.kinds import Kind

    assert set(ALL) == {str(kind) for kind in Kind} - {"subscription.test"}


def test_a_system_admin_is_told_of_the_groups_of_the_subscription_alone(scene, receiver):
    other = make_group(scene.admin)
    receiver.subscribe(scene.admin, group_ids=[other])
    ended(scene, group_ids=[scene.group_id])
    tell()
    assert receiver.got == []
    receiver.subscribe(scene.admin, group_ids=[scene.group_id])
    ended(scene, group_ids=[scene.group_id])
    tell()
    assert len(receiver.got) == 1


def test_a_token_without_the_rights_of_a_system_admin_does_not_get_them_by_a_subscription(scene, receiver):
    from tests.support.api import Api

    shared = make_group(scene.admin, members=[scene.user])
    boss = make_user(scene.admin, roles=["Super admin"], groups=[shared])
    few = Api(boss.post("/api/internal/tokens", {"name": "few", "acls": ["Run Analyses"]}).data["token_id"])
    subscription = receiver.subscribe(few, group_ids=[shared])
    ended(scene, group_ids=[shared])
    tell()
    assert receiver.got == []
    assert [one["state"] for one in deliveries(few, subscription)] == ["withheld"]


def test_what_no_function_can_send_is_given_up_after_three_days(scene, receiver, clock):
    subscription = receiver.subscribe(scene.user, ["analysis.completed"])
    ended(scene)
    _work(take("events")[0])
    for _ in range(40):
        take("events")  # the function died with it
        clock.advance(hours=2)
        _work({"look": True})
    assert deliveries(scene.user, subscription)[0]["state"] == "failed"
    assert [message for message in take("events") if "subscription" in message] == []


def test_a_default_analysis_that_was_skipped_is_cancelled(scene, receiver):
    receiver.subscribe(scene.user, ["analysis.cancelled"])
    path = f"/api/analysis_service/{scene.service_id}/default_analysis"
    wanted = {"source_filter": {"group_id": scene.group_id}, "group_ids": [scene.group_id]}
    assert scene.user.post(path, wanted).status == 200
    trigger()
    scene.admin.patch(f"/api/analysis_service/{scene.service_id}", {"enabled": False})
    source = {"id": f"{scene.obj_id}new", "ra": 1.0, "dec": 2.0, "group_ids": [scene.group_id]}
    assert scene.user.post("/api/sources", source).status == 200
    trigger()
    tell()
    assert [(got["type"], got["data"]["obj_id"]) for got in receiver.got] == [("analysis.cancelled", source["id"])]
