import threading
import time

import boto3
import pytest
from chalice.app import Chalice, Rate

from chalicelib import clients
from infra.local.http.listening import free_port
from infra.local.worker.event_sources import Consumer, Function, Scheduled, consumers, schedules
from infra.local.worker.queue_pump import QueuePump
from infra.local.worker.schedule import Schedule
from tests.support.aws_calls import recorded_aws_calls
from tests.support.log_lines import logged

QUEUE = "pump-test"
PLACE = ("us-east-1", "123456789012")


@pytest.fixture
def queues(stack):
    """A queue whose messages return after three seconds, and go to the other after two attempts."""
    sqs = boto3.client("sqs")
    dead = sqs.create_queue(QueueName=f"{QUEUE}-dead")["QueueUrl"]
    policy = f'{{"deadLetterTargetArn": "arn:aws:sqs:us-east-1:123456789012:{QUEUE}-dead", "maxReceiveCount": 2}}'
    url = sqs.create_queue(QueueName=QUEUE, Attributes={"VisibilityTimeout": "3", "RedrivePolicy": policy})["QueueUrl"]
    yield url, dead
    for each in (url, dead):
        sqs.delete_queue(QueueUrl=each)


@pytest.fixture
def pump():
    """Start a pump that calls a handler; it is stopped after the test."""
    running = []

    def start(handler, *, batch_size=1, concurrency=4):
        consumer = Consumer(Function("worked", handler, 60), QUEUE, batch_size, concurrency)
        running.append(QueuePump(consumer, *PLACE))

    yield start
    for each in running:
        each.stop()


def send(url, *bodies):
    for body in bodies:
        boto3.client("sqs").send_message(QueueUrl=url, MessageBody=body)


def eventually(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.02)


def left(url):
    attributes = boto3.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return int(attributes["ApproximateNumberOfMessages"]) + int(attributes["ApproximateNumberOfMessagesNotVisible"])


def test_a_message_arrives_as_lambda_would_hand_it_over_and_is_then_gone(queues, pump):
    events = []
    pump(lambda event, context: events.append((event, context)))

    send(queues[0], '{"run": 1}')

    eventually(lambda: events and left(queues[0]) == 0)
    [(event, context)] = events
    [record] = event["Records"]
    assert record["body"] == '{"run": 1}'
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["eventSource"] == "aws:sqs"
    assert record["eventSourceARN"] == f"arn:aws:sqs:us-east-1:123456789012:{QUEUE}"
    assert record["messageId"]
    assert record["receiptHandle"]
    assert 0 < context.get_remaining_time_in_millis() <= 60_000


def test_messages_are_worked_on_at_the_same_time(queues, pump):
    together = threading.Barrier(4, timeout=8)
    done = []
    pump(lambda _event, _context: (together.wait(), done.append(1)), concurrency=4)

    send(queues[0], *"abcd")

    eventually(lambda: len(done) == 4)


def test_no_more_than_the_concurrency_are_worked_on_at_once(queues, pump):
    busy, most, done = [], [], []

    def handle(_event, _context):
        busy.append(1)
        most.append(len(busy))
        time.sleep(0.1)
        busy.pop()
        done.append(1)

    pump(handle, concurrency=2)
    send(queues[0], *"abcdef")

    eventually(lambda: len(done) >= 6)
    assert max(most) == 2


def test_a_message_whose_handler_raises_comes_again_and_then_goes_to_the_dead_letters(queues, pump):
    counts = []

    def handle(event, _context):
        counts.append(event["Records"][0]["attributes"]["ApproximateReceiveCount"])
        raise RuntimeError("on purpose")

    pump(handle)
    send(queues[0], "poison")

    eventually(lambda: left(queues[1]) == 1)
    assert counts == ["1", "2"]
    assert left(queues[0]) == 0


def test_of_a_batch_only_what_the_handler_reports_as_failed_comes_again(queues, pump):
    seen = []

    def handle(event, _context):
        seen.append([record["body"] for record in event["Records"]])
        failed = [record["messageId"] for record in event["Records"] if record["body"] == "bad" and len(seen) == 1]
        return {"batchItemFailures": [{"itemIdentifier": name} for name in failed]}

    send(queues[0], "good", "bad")
    pump(handle, batch_size=10)

    eventually(lambda: left(queues[0]) == 0)
    assert seen == [["good", "bad"], ["bad"]]


def test_stopping_waits_for_what_is_being_worked_on(queues):
    began, done = threading.Event(), []

    def handle(_event, _context):
        began.set()
        time.sleep(0.5)
        done.append(1)

    pump = QueuePump(Consumer(Function("worked", handle, 60), QUEUE, 1, 1), *PLACE)
    send(queues[0], "slow")
    assert began.wait(5)
    pump.stop()

    assert done == [1]
    assert left(queues[0]) == 0


def test_what_runs_by_the_clock_is_called_again_and_again_also_after_a_failure():
    events = []

    def handle(event, _context):
        events.append(event)
        raise RuntimeError("on purpose")

    schedule = Schedule(Scheduled(Function("ticked", handle, 60), 0.05), *PLACE)
    eventually(lambda: len(events) >= 3)
    schedule.stop()

    assert events[0]["detail-type"] == "Scheduled Event"
    assert events[0]["resources"] == ["arn:aws:events:us-east-1:123456789012:rule/ticked"]


def test_an_aws_that_is_not_there_is_waited_for_and_told_in_a_line(monkeypatch):
    """As when it is killed while the worker starts."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    clients.forget()
    try:
        with logged() as lines:
            waiting = QueuePump(Consumer(Function("worked", print, 60), QUEUE, 1, 1), *PLACE)
            eventually(lambda: lines, seconds=20)
            waiting.stop()
    finally:
        monkeypatch.undo()
        clients.forget()
    assert "traceback" not in lines[0]
    assert (lines[0]["queue"], "Could not connect" in lines[0]["reason"]) == (QUEUE, True)


def test_a_message_that_is_gone_when_it_is_done_is_no_failure(queues, pump):
    """As after an answer that was lost with the AWS that gave it."""
    done = []

    def handle(_event, _context):
        boto3.client("sqs").purge_queue(QueueUrl=queues[0])
        done.append(True)

    with logged() as lines:
        pump(handle)
        send(queues[0], "one")
        eventually(lambda: done)
        time.sleep(0.2)
    assert lines == []


def test_what_a_function_raises_is_told_with_its_traceback(queues, pump):
    def handle(_event, _context):
        raise RuntimeError("on purpose")

    with logged() as lines:
        pump(handle)
        send(queues[0], "one")
        eventually(lambda: lines)
    assert "on purpose" in lines[0]["traceback"]


@pytest.fixture
def app():
    """An application with handlers of every kind that AWS would call."""
    app = Chalice(app_name="under-test")

    @app.on_sqs_message(queue_arn={"Fn::GetAtt": ["DispatchQueue", "Arn"]}, name="dispatch", batch_size=1)
    def on_dispatch(event):
        return [message.body for message in event]

    @app.on_sqs_message(queue="elsewhere", name="other", batch_size=5, maximum_concurrency=2)
    def on_other(event):
        return None

    @app.schedule("rate(1 minute)", name="sweep")
    def on_clock(event):
        return event.detail_type

    @app.schedule(Rate(2, unit=Rate.HOURS), name="rarely")
    def on_rare_clock(event):
        return None

    return app


def test_the_handlers_of_queues_are_found_with_their_queues_and_limits(app):
    dispatch, other = consumers(app, "site", 8)

    assert (dispatch.queue, dispatch.batch_size, dispatch.concurrency) == ("site-dispatch", 1, 8)
    assert (other.queue, other.batch_size, other.concurrency) == ("elsewhere", 5, 2)
    assert dispatch.function.timeout == 60
    assert dispatch.function({"Records": [{"body": "x", "receiptHandle": "y"}]}) == ["x"]


def test_the_handlers_of_the_clock_are_found_and_never_wait_longer_than_asked(app):
    sweep, rarely = schedules(app, 600)

    assert (sweep.seconds, rarely.seconds) == (60, 600)
    assert [one.seconds for one in schedules(app, 5)] == [5, 5]


def test_a_schedule_that_the_local_clock_does_not_know_is_said_at_once(app):
    app.schedule("cron(0 12 * * ? *)", name="noon")(lambda event: None)

    with pytest.raises(ValueError, match="cron"):
        schedules(app, 5)


def test_messages_that_wait_are_received_together_and_worked_on_apart(queues, pump):
    bodies = [str(number) for number in range(8)]
    send(queues[0], *bodies)
    together, seen, released = threading.Barrier(9), [], threading.Event()

    def handler(event, _context):
        [record] = event["Records"]
        seen.append(record["body"])
        together.wait(timeout=10)
        released.wait(timeout=10)

    with recorded_aws_calls() as calls:
        pump(handler, concurrency=8)
        together.wait(timeout=10)
    released.set()
    assert sorted(seen) == bodies
    assert calls.count("ReceiveMessage") == 1
    eventually(lambda: left(queues[0]) == 0)


def test_no_more_messages_are_taken_than_are_worked_on(queues, pump):
    send(queues[0], *map(str, range(6)))
    begun, released = threading.Semaphore(0), threading.Event()

    def handler(_event, _context):
        begun.release()
        released.wait(timeout=10)

    pump(handler, concurrency=2)
    assert begun.acquire(timeout=10)
    assert begun.acquire(timeout=10)
    attributes = boto3.client("sqs").get_queue_attributes(QueueUrl=queues[0], AttributeNames=["All"])["Attributes"]
    assert int(attributes["ApproximateNumberOfMessagesNotVisible"]) <= 2
    released.set()
    eventually(lambda: left(queues[0]) == 0)
