import json

from chalicelib import aws
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.start import batch
from chalicelib.analyses.upkeep import dead_letters
from chalicelib.http.errors import ApiError
from infra.redrive import redrive
from tests.support.functions import queues_of_functions, work_off
from tests.support.scene import stored
from tests.support.worker import bury_dead_letters, delayed, drain, take


def give_up(queue):
    """Move the messages of a queue to its dead-letter queue, as SQS does after five failures."""
    for message in take(queue):
        aws.send(f"{queue}-dead", message)


def test_a_dispatch_that_is_given_up_ends_the_run_with_the_reason(scene):
    analysis_id = scene.start()
    give_up("dispatch")
    assert bury_dead_letters() == 1
    record = scene.read(analysis_id)
    assert record["status"] == "failure"
    assert "dispatcher failed again and again" in record["status_message"]
    assert bury_dead_letters() == 0


def test_an_outdated_dispatch_that_is_given_up_ends_nothing(scene, clock):
    analysis_id = scene.start()
    give_up("dispatch")
    clock.sweep_after(seconds=61)  # sends it anew
    bury_dead_letters()
    drain()
    assert scene.status(analysis_id) == "pending"


def test_a_collection_that_is_given_up_says_so_of_every_product(scene):
    analysis_id = scene.start()
    drain()
    scene.answer(scene.service.received[0].token)
    give_up("collect")
    bury_dead_letters()
    assert scene.status(analysis_id) == "completed"
    code, message = scene.user.get(f"/api/obj/analysis/{analysis_id}/results").error
    assert code == 404
    assert "again and again" in message
    assert scene.user.get(f"/api/obj/analysis/{analysis_id}", includeAnalysisData=True).data["data"]["results"]


def test_a_chunk_that_is_given_up_is_refused_with_the_reason(scene):
    body = {"analysis_service_id": scene.service_id, "obj_ids": [scene.obj_id]}
    batch_id = scene.user.post("/api/analysis_batch", body).data["id"]
    batch.on_message(*take("batch"))
    give_up("batch")
    bury_dead_letters()
    got = scene.user.get(f"/api/analysis_batch/{batch_id}").data
    assert (got["created"], got["refused"]) == (0, 1)
    assert "again and again" in got["refusals"][0]["reason"]


def test_what_was_given_up_is_kept_listed_and_put_back(scene, capsys):
    scene.start()
    give_up("dispatch")
    aws.send("triggers-dead", {"kind": "saved"})
    bury_dead_letters()
    assert len(stored("dead/")) == 2
    assert redrive(None, only_list=True) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert redrive("dispatch", only_list=False) == 0
    drain()
    (got,) = scene.service.received
    assert got.document["resource_id"] == scene.obj_id
    assert redrive(None, only_list=False) == 0
    assert take("triggers") == [{"kind": "saved"}]
    assert stored("dead/") == []


def test_a_collection_that_is_put_back_brings_the_products(scene):
    analysis_id = scene.start()
    drain()
    scene.answer(scene.service.received[0].token)
    give_up("collect")
    bury_dead_letters()
    redrive("collect", only_list=False)
    drain()
    assert Run.find(analysis_id).due is None
    assert scene.user.get(f"/api/obj/analysis/{analysis_id}/results").data["z"] == 0.5


def test_what_cannot_be_put_back_stays(scene, monkeypatch):
    scene.start()
    give_up("dispatch")
    bury_dead_letters()

    def refuse(*_):
        raise ApiError("the cap is reached")

    monkeypatch.setattr(dead_letters, "retry", refuse)
    assert redrive(None, only_list=False) == 1
    assert len(stored("dead/")) == 1


def test_a_letter_that_cannot_be_worked_on_keeps_the_others_from_nothing(scene, monkeypatch):
    good, bad = scene.start(), scene.start()
    real = dead_letters.ENDINGS["dispatch"]

    def fail(content):
        if content["run"] == bad:
            raise RuntimeError("DynamoDB is down for this one")
        real(content)

    give_up("dispatch")
    monkeypatch.setitem(dead_letters.ENDINGS, "dispatch", fail)
    bury_dead_letters()
    assert (scene.status(good), scene.status(bad)) == ("failure", "queued")
    assert [json.loads(json.dumps(key)).split("/")[1] for key in stored("dead/")] == ["dispatch"]


def test_what_was_given_up_is_taken_out_of_every_queue_and_kept(stack):
    queues = sorted(queues_of_functions())
    for queue in queues:
        aws.send(f"{queue}-dead", {"run": 1})
    assert bury_dead_letters() == len(queues)
    assert [key.split("/")[1] for key in stored("dead/")] == queues
    assert [take(f"{queue}-dead") for queue in queues] == [[] for _ in queues]


def test_the_deletion_of_a_service_that_is_given_up_is_tried_again(scene):
    analysis_id = scene.start()
    assert scene.admin.delete(f"/api/analysis_service/{scene.service_id}").status == 200
    for message in delayed("cleanup"):
        aws.send("cleanup-dead", message)
    assert bury_dead_letters() == 1
    assert Run.find(analysis_id).status == "queued"
    work_off()
    assert Run.find(analysis_id).status == "deleted"
