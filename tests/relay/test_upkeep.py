import json

from chalicelib import aws
from chalicelib.analyses.items.relayed import Relayed as Owed
from tests.support.functions import consumer_of, deliver
from tests.support.scene import stored
from tests.support.worker import bury_dead_letters, delayed, drain, take


def test_the_portal_is_told_when_a_service_is_deleted_with_what_it_runs(relayed, scene):
    row, run_id = relayed.begin()
    scene.admin.delete(f"/api/analysis_service/{scene.service_id}")
    for message in delayed("cleanup"):
        deliver(consumer_of("cleanup"), json.dumps(message))
    drain()
    assert scene.admin.get(f"/api/obj/analysis/{run_id}").error[0] == 403
    relayed.forward()
    assert row.status == "failure"
    assert "deleted" in row.status_message
    assert stored(f"inputs/{run_id}") == []


def test_what_a_deleted_run_owed_is_forgotten_in_the_end(relayed, scene):
    _, run_id = relayed.begin()
    relayed.answer()
    relayed.forward()
    scene.admin.delete(f"/api/obj/analysis/{run_id}")
    drain()
    assert Owed.find(run_id).expires is not None


def test_a_message_that_is_given_up_is_no_end(relayed):
    row, _ = relayed.begin()
    relayed.answer()
    for message in take("relay"):
        aws.send("relay-dead", message)
    assert bury_dead_letters() == 2  # that it ended, and that its products are stored
    relayed.clock.sweep_after(seconds=90)
    relayed.forward()
    assert row.status == "completed"


def test_products_that_cannot_be_made_do_not_keep_the_end_from_the_portal(relayed):
    row, _ = relayed.begin()
    relayed.scene.answer(relayed.scene.service.received[-1].token)
    for message in take("collect"):
        aws.send("collect-dead", message)
    bury_dead_letters()
    relayed.forward()
    assert row.status == "completed"
    assert "Left out: results" in row.status_message


def test_nothing_is_due_once_all_is_forwarded(relayed, scene):
    for number in range(3):
        relayed.begin(f"ZTF26{number}")
        relayed.answer()
    relayed.forward()
    assert relayed.clock.sweep_after(hours=12).get("relay", 0) == 0
