"""The summarizer as who registers it sees it: a document in, a result at the callback."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import boto3
import pytest

from chalicelib import aws
from chalicelib.settings import settings
from chalicelib.summaries.summarize import LAST_RECEIPT, MOST_ATTEMPTS
from infra.local.aws.resources import template
from tests.summaries.conftest import KEY
from tests.support.api import Api
from tests.support.chat_server import SUMMARY, completion, failure, unsupported
from tests.support.functions import consumer_of, deliver
from tests.support.scene import stored
from tests.support.service import Reaction
from tests.support.worker import drain, take


def bodies(queue):
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName=settings().queue(queue))["QueueUrl"]
    return [message["Body"] for message in sqs.receive_message(QueueUrl=url).get("Messages", [])]


def objects():
    s3 = boto3.client("s3")
    return [s3.get_object(Bucket=settings().bucket, Key=key)["Body"].read() for key in stored("")]


class TestASummary:
    def test_is_written_by_the_language_model_and_posted_to_the_callback(self, desk, chat):
        answer = desk.answer_to()

        assert answer["status"] == "success"
        assert answer["analysis"]["results"] == {
            "format": "json",
            "data": {"summary": SUMMARY, "model": "gpt-4o-mini-2024-07-18"},
        }
        assert chat.keys == [KEY]
        assert "Rising fast, please observe" in chat.prompt

    def test_is_written_after_the_answer_to_the_request(self, desk, chat):
        assert desk.ask().data == {"message": "The summary is being written."}
        assert chat.received == []

    def test_takes_the_requests_parameters_over_the_sites(self, desk, chat, configure):
        configure(summary_temperature=0.9, summary_top_p=0.5, summary_prompt="The site's prompt.")
        own = {
            "model": "own-model",
            "prompt": "My prompt.",
            "temperature": 0.1,
            "presence_penalty": None,
            "apikey": "x",
        }
        desk.answer_to({"openai_api_key": KEY, "summary_parameters": own})

        [request] = chat.requests
        assert request.pop("messages")[0]["content"].startswith("My prompt.")
        assert request == {"model": "own-model", "temperature": 0.1, "max_tokens": 1000, "top_p": 0.5}

    def test_says_how_many_comments_were_left_out(self, desk, configure):
        configure(summary_input_tokens=600)
        rows = "".join(f"{'x' * 400},False,,,2026-10-{day:02}\n" for day in range(1, 21))
        answer = desk.answer_to(comments="text,bot,modified,origin,created_at\n" + rows)

        assert "oldest comments did not fit" in answer["message"]

    def test_is_posted_once_though_its_message_comes_again(self, desk, chat):
        desk.ask()
        [task] = take("summarize")
        for _ in range(2):
            aws.send("summarize", task)
            drain()

        assert len(desk.answers) == len(chat.received) == 1

    def test_leaves_nothing_behind(self, desk):
        desk.answer_to()

        assert stored("summaries/") == []


class TestParametersThatAModelRefuses:
    def test_are_dropped_and_the_call_repeated(self, desk, chat):
        chat.answers = [
            failure(400, "Unsupported value: 'temperature' does not support 0.3.", param="temperature"),
            unsupported("max_tokens", "Use 'max_completion_tokens' instead."),
            completion(),
        ]
        answer = desk.answer_to()

        assert answer["status"] == "success"
        assert "does not take temperature" in answer["message"]
        last = chat.requests[-1]
        assert "temperature" not in last
        assert "max_tokens" not in last
        assert last["max_completion_tokens"] == 1000

    def test_are_recognised_in_the_words_of_other_servers(self, desk, chat):
        chat.answers = [
            Reaction(422, b'{"detail": [{"loc": ["body", "max_tokens"], "msg": "extra fields not permitted"}]}'),
            completion(),
        ]
        assert desk.answer_to()["status"] == "success"
        assert "max_tokens" not in chat.requests[-1]
        assert "temperature" in chat.requests[-1]

    def test_do_not_hide_another_refusal(self, desk, chat):
        chat.answers = [failure(400, "Your messages are too long for this model.", param="messages")]
        answer = desk.answer_to()

        assert answer["status"] == "failure"
        assert "too long for this model" in answer["message"]
        assert len(chat.received) == 1


class TestAFailure:
    @pytest.mark.parametrize(
        ("answer", "message"),
        [
            (failure(401, f"Incorrect API key provided: {KEY}."), "refused the API key"),
            (failure(403, f"{KEY} is not allowed"), "does not permit"),
            (failure(404, "The model does not exist", code="model_not_found"), "'gpt-4o-mini' does not exist"),
            (failure(429, "You exceeded your quota", code="insufficient_quota"), "used up its quota"),
            (failure(400, f"Bad request by {KEY} and sk-other"), "Bad request by [secret] and [secret]"),
            (completion(""), "empty answer: try again"),
            (completion(None, "length"), "empty answer: it used up max_tokens"),
            (completion(None, "content_filter"), "content filter"),
            (completion(None, refusal="I cannot do that."), "refused to write a summary: I cannot do that."),
            (Reaction(200, b"<html>hello</html>", {"Content-Type": "text/html"}), "did not answer as OpenAI's"),
            (Reaction(200, b'{"choices": []}', {"Content-Type": "application/json"}), "did not answer as OpenAI's"),
            (Reaction(200, b"{nonsense", {"Content-Type": "application/json"}), "did not answer as OpenAI's"),
            (Reaction(200, b'{"choices": [{}]}', {"Content-Type": "application/json"}), "did not answer as OpenAI's"),
            (Reaction(200, b'{"choices": 5}', {"Content-Type": "application/json"}), "did not answer as OpenAI's"),
        ],
    )
    def test_has_a_message_that_says_why_and_never_the_key(self, desk, chat, answer, message):
        chat.answers = [answer]
        posted = desk.answer_to()

        assert posted["status"] == "failure"
        assert message in posted["message"]
        assert "sk-" not in posted["message"]
        assert len(chat.received) == 1

    def test_without_a_key_does_not_ask_the_language_model(self, desk, chat, configure):
        configure(openai_api_key="sk-the-sites")
        answer = desk.answer_to({})

        assert answer["status"] == "failure"
        assert "There is no API key" in answer["message"]
        assert chat.received == []

    def test_without_anything_to_summarize_does_not_ask_the_language_model(self, desk, chat):
        answer = desk.answer_to(classifications="\n", comments="\n", annotations="\n")

        assert answer["status"] == "failure"
        assert "nothing to summarize" in answer["message"]
        assert chat.received == []

    def test_is_told_when_the_language_model_is_silent(self, desk, chat, configure):
        configure(openai_seconds=0.3)
        over = threading.Event()
        chat.react = lambda _: (over.wait(5), Reaction(204, b""))[1]
        answer = desk.answer_to()
        over.set()

        assert answer["status"] == "failure"
        assert "no answer within" in answer["message"]

    def test_is_told_when_nobody_listens(self, desk, monkeypatch, configure, delayed):
        monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
        configure()
        desk.ask(seconds=18)
        for _ in range(MOST_ATTEMPTS):
            drain()
            delayed()

        [answer] = desk.answers
        assert "could not be reached" in answer["message"]


class TestARateLimit:
    def test_is_waited_for_as_long_as_the_server_wishes(self, desk, chat, delayed):
        chat.answers = [failure(429, "slow down", {"Retry-After": "120"}, code="rate_limit_exceeded"), completion()]
        desk.ask()
        drain()
        assert desk.answers == []
        [wait] = delayed()
        drain()

        assert 115 < wait <= 120
        assert desk.answers[0]["status"] == "success"
        assert len(chat.received) == 2

    @pytest.mark.parametrize("status", [429, 500, 503])
    def test_and_failures_of_the_server_are_tried_again_a_limited_number_of_times(self, desk, chat, delayed, status):
        chat.answers = [failure(status, f"not now {KEY}")]
        desk.ask(seconds=100_000)
        drain()
        while delayed():
            drain()

        [answer] = desk.answers
        assert answer["status"] == "failure"
        assert f"tried {MOST_ATTEMPTS} times" in answer["message"]
        assert KEY not in answer["message"]
        assert len(chat.received) == MOST_ATTEMPTS

    def test_that_ends_too_late_is_a_failure_at_once(self, desk, chat):
        chat.answers = [failure(429, "slow down", {"Retry-After": "500"})]
        answer = desk.answer_to(None, 300.0)

        assert answer["status"] == "failure"
        assert "rate limit" in answer["message"]


class TestDelivery:
    def test_is_tried_again_without_asking_the_language_model_again(self, desk, chat, delayed):
        desk.callback.reaction = Reaction(503, b"later")
        desk.ask()
        drain()
        desk.callback.reaction = Reaction(200)
        delayed()
        drain()

        assert [answer["status"] for answer in desk.answers] == ["success", "success"]
        assert len(chat.received) == 1
        assert stored("summaries/") == []

    def test_of_a_failure_is_what_is_left_when_writing_died_again_and_again(self, desk, chat):
        desk.ask()
        [message] = take("summarize")
        deliver(consumer_of("summarize"), json.dumps(message), receives=LAST_RECEIPT)

        [answer] = desk.answers
        assert (answer["status"], answer["message"]) == (
            "failure",
            "Writing the summary failed again and again. Please try again later.",
        )
        assert chat.received == []
        assert stored("summaries/") == []

    def test_follows_a_redirect_with_the_whole_answer(self, desk):
        moved = {"Location": "/elsewhere"}
        desk.callback.react = lambda got: Reaction(301, b"", moved) if got.path == "/analysis" else Reaction()
        desk.ask()
        drain()

        first, second = desk.callback.received
        assert (second.path, second.body) == ("/elsewhere", first.body)
        assert stored("summaries/") == []

    def test_that_is_refused_is_not_repeated(self, desk):
        desk.callback.reaction = Reaction(403, b"Invalid token")
        desk.answer_to()
        drain()

        assert len(desk.answers) == 1
        assert stored("summaries/") == []

    def test_happens_once_when_the_queue_delivers_twice(self, desk, chat):
        desk.ask()
        sqs = boto3.client("sqs")
        url = sqs.get_queue_url(QueueName=settings().queue("summarize"))["QueueUrl"]
        [message] = sqs.receive_message(QueueUrl=url)["Messages"]
        for _ in range(2):
            sqs.send_message(QueueUrl=url, MessageBody=message["Body"])
        drain()

        assert len(desk.answers) == 1
        assert len(chat.received) == 1

    def test_is_given_up_when_nobody_would_accept_it_any_more(self, desk, chat, clock):
        desk.ask()
        clock.advance(seconds=601)
        drain()

        assert desk.answers == []
        assert chat.received == []
        assert stored("summaries/") == []


class TestTheEndpoint:
    def test_keeps_key_and_callback_in_clear_nowhere(self, desk):
        desk.ask()

        [message] = bodies("summarize")
        kept = b"".join(objects()).decode()
        assert "Rising fast" in kept
        for secret in (KEY, desk.callback.url):
            assert secret not in message
            assert secret not in kept

    def test_keeps_only_what_a_summary_needs(self, desk):
        desk.ask()

        assert "59000.5" not in b"".join(objects()).decode()

    @pytest.mark.parametrize(
        "url",
        [
            "http://10.0.0.1/hook",
            "https://169.254.169.254/latest",
            "ftp://example.org",
            "https://localhost.localhost/a",
        ],
    )
    def test_posts_to_no_address_that_a_service_could_not_have(self, anonymous, url):
        code, message = anonymous.post("/summarize", {"callback_url": url, "inputs": {}}).error

        assert code == 400
        assert "callback_url" in message

    @pytest.mark.parametrize(
        "document",
        [
            {},
            {"callback_url": "https://example.org/a"},
            {"callback_url": "https://example.org/a", "inputs": []},
            {"callback_url": "https://example.org/a", "inputs": {"comments": 5}},
            {"callback_url": "https://example.org/a", "inputs": {}, "invalid_after": "tomorrow"},
            {
                "callback_url": "https://example.org/a",
                "inputs": {"analysis_parameters": {"openai_api_key": "sk-\nsecret"}},
            },
            {
                "callback_url": "https://example.org/a",
                "inputs": {"analysis_parameters": {"summary_parameters": {"temperature": 7}}},
            },
        ],
    )
    def test_refuses_what_is_no_document_of_an_analysis(self, anonymous, document):
        code, message = anonymous.post("/summarize", document).error

        assert code == 400
        assert "Invalid/missing parameters" in message
        assert "secret" not in message

    @pytest.mark.parametrize("scheme", ["http", "https"])
    def test_posts_to_callbacks_at_plain_http_as_well(self, anonymous, scheme):
        assert anonymous.post("/summarize", {"callback_url": f"{scheme}://example.org/a", "inputs": {}}).status == 200

    @pytest.mark.parametrize("parameters", [None, {}, {"openai_api_key": None, "summary_parameters": None}])
    def test_accepts_documents_without_parameters(self, anonymous, parameters):
        document = {"callback_url": "https://example.org/a", "inputs": {"analysis_parameters": parameters}}

        assert anonymous.post("/summarize", document).status == 200

    def test_says_that_it_is_there(self, anonymous):
        assert anonymous.get("/summarize").json == {"status": "active"}

    def test_lets_in_only_who_knows_its_token_if_it_has_one(self, desk, configure):
        configure(summarizer_token="open sesame")
        document = {"callback_url": desk.callback.url, "inputs": {}}

        assert desk.ask().error[0] == 401
        assert Api(None).post("/summarize", document, headers={"Authorization": "Bearer wrong"}).error[0] == 401
        let_in = Api(None).post("/summarize", document, headers={"Authorization": "Bearer open sesame"})
        assert let_in.status == 200


def test_only_the_worker_loads_the_package_of_the_language_model():
    script = "import app, sys; sys.exit('openai' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[2], check=False)

    assert done.returncode == 0


def test_the_last_receipt_is_the_one_after_which_the_queue_gives_a_message_up():
    redrive = template()["Resources"]["SummarizeQueue"]["Properties"]["RedrivePolicy"]
    assert redrive["maxReceiveCount"] == LAST_RECEIPT
