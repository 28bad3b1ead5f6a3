"""Each line is one JSON object with the id of its request, and of the analysis that it is about."""

from tests.support.functions import consumer_of, deliver, work_off
from tests.support.log_lines import logged


def test_every_function_writes_under_its_own_request_id(scene, lines):
    run_id = scene.start()
    work_off()
    scene.answer(scene.service.received[-1].token)
    work_off()

    worked = {line["queue"].rpartition("-")[2]: line for line in lines if line["message"] == "message"}
    assert {"dispatch", "collect"} <= set(worked)
    assert {worked[name]["run"] for name in ("dispatch", "collect")} == {run_id}
    assert all(line["request_id"] not in {"-", ""} for line in lines)
    assert worked["dispatch"]["request_id"] != worked["collect"]["request_id"]


def test_requests_about_an_analysis_name_it(scene, lines):
    run_id = scene.start()
    scene.read(run_id)
    scene.user.get(f"/api/obj/{scene.obj_id}/analysis/{run_id}")
    work_off()
    scene.answer(scene.service.received[-1].token)
    scene.user.get("/api/groups")

    requests = [line for line in lines if line["message"] == "request"]
    assert [line.get("run") for line in requests] == [run_id] * 4 + [None]


def test_a_message_that_fails_alone_is_raised_and_logged(scene):
    with logged() as lines:
        try:
            deliver(consumer_of("dispatch"), "no JSON")
        except ValueError:
            raised = True
    assert raised
    assert [line["outcome"] for line in lines if line["message"] == "message"] == ["failed"]


def test_of_several_messages_those_that_failed_are_named(scene):
    consumer = consumer_of("dispatch")
    record = {"attributes": {"ApproximateReceiveCount": "1"}, "eventSourceARN": "arn:aws:sqs:us-east-1:1:q"}
    records = [{**record, "messageId": "bad", "body": "{"}, {**record, "messageId": "good", "body": '{"wake": 1}'}]
    with logged():
        answer = consumer.function({"Records": records})

    assert answer == {"batchItemFailures": [{"itemIdentifier": "bad"}]}
