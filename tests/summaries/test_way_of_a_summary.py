"""A summary from its start to the source's record, in this process: our own summarizer, reached over HTTP."""

import json

import boto3
import pytest

from chalicelib.analyses.dispatch.dispatch import dispatch
from chalicelib.analyses.results import collect as collecting
from chalicelib.analyses.results.collect import collect
from chalicelib.settings import settings
from chalicelib.summaries.summarize import summarize
from tests.summaries.conftest import KEY
from tests.support.chat_server import SUMMARY, completion
from tests.support.parallel import at_once
from tests.support.people import make_user
from tests.support.scene import make_scene, register, stored, stored_json
from tests.support.service import Reaction, StubService
from tests.support.site import Site
from tests.support.storage import stored_text
from tests.support.worker import drain, take, trigger

SITES_KEY = "sk-site-0123456789abcdef"
SUMMARY_SERVICE = {
    "is_summary": True,
    "analysis_type": "meta_analysis",
    "input_data_types": ["redshift", "classifications", "comments", "annotations"],
    "optional_analysis_parameters": "{}",
}


@pytest.fixture
def site(chat, configure):
    """The application behind HTTP, with a key for language models."""
    with Site() as running:
        configure(public_url=running.url, openai_api_key=SITES_KEY, summary_model="site-model", summary_top_p=0.5)
        yield running


@pytest.fixture
def scene(admin, site):
    """A source with a comment, and the summarizer that we ship, registered by an administrator of a group."""
    with StubService() as stranger:
        made = make_scene(admin, stranger)
        manager = make_user(admin, roles=["Group admin"], groups=[made.group_id])
        made.service_id = register(manager, made.group_id, settings().summarizer_url, **SUMMARY_SERVICE)
        text = {"text": "Rising fast, please observe"}
        assert made.user.post(f"/api/sources/{made.obj_id}/comments", text).status == 200
        yield made


def prefer(user, **values):
    assert user.patch("/api/internal/profile", {"preferences": {"summary": {"OpenAI": values}}}).status == 200


def source(scene):
    return scene.user.get(f"/api/sources/{scene.obj_id}").data


def stranger(scene, *, trusted, **changes):
    """Let the scene's service be somebody else's, which takes summaries and answers nothing."""
    scene.service_id = register(scene.admin, scene.group_id, scene.service.url, **{**SUMMARY_SERVICE, **changes})
    if trusted:
        assert scene.admin.put(f"/api/analysis_service/{scene.service_id}/trust").status == 200


def sent_parameters(scene, **body):
    """Start an analysis and return the parameters that the stranger's service got."""
    scene.start(**body)
    drain()
    return scene.service.received[-1].document["inputs"]["analysis_parameters"]


class TestACompletedSummary:
    def test_is_the_summary_of_the_source_single_and_listed(self, scene, chat):
        analysis_id = scene.start()
        drain()

        record = scene.read(analysis_id)
        assert (record["status"], record["analysis_parameters"]) == ("completed", {})
        assert "Rising fast, please observe" in chat.prompt
        single = source(scene)
        [listed] = scene.user.get("/api/sources").data["sources"]
        for shown in (single, listed):
            assert shown["summary"] == SUMMARY
            [entry] = shown["summary_history"]
            assert entry["summary"] == SUMMARY
            assert (entry["is_bot"], entry["analysis_id"], entry["set_by_user_id"]) == (
                True,
                analysis_id,
                scene.user.user_id,
            )
            assert entry["set_at_utc"].endswith("+00:00")

    def test_is_written_once_whatever_is_delivered_twice(self, scene, chat):
        analysis_id = scene.start()
        [sent] = take("dispatch")
        for _ in range(2):
            dispatch(sent["run"], sent["attempt"], sent["timeout"])
        [task] = take("summarize")
        for _ in range(2):
            summarize(task["task"], task["attempt"])
        for _ in range(3):
            collect(analysis_id)

        assert [entry["analysis_id"] for entry in source(scene)["summary_history"]] == [analysis_id]
        assert len(chat.received) == 1

    def test_leaves_the_source_with_its_analysis_and_the_newest_remaining_takes_over(self, scene, chat):
        chat.answers = [completion("first"), completion("second")]
        ids = []
        for _ in range(2):
            ids.append(scene.start())
            drain()
        assert source(scene)["summary"] == "second"

        scene.user.delete(f"/api/obj/analysis/{ids[1]}")
        drain()
        assert source(scene)["summary"] == "first"
        scene.user.delete(f"/api/obj/analysis/{ids[0]}")
        drain()
        assert (source(scene)["summary"], source(scene)["summary_history"]) == (None, [])

    def test_leaves_the_source_though_the_message_to_clean_up_is_lost(self, scene, clock):
        analysis_id = scene.start()
        drain()
        scene.user.delete(f"/api/obj/analysis/{analysis_id}")
        take("cleanup")
        assert source(scene)["summary"] == SUMMARY
        clock.sweep_after(seconds=65)
        assert (source(scene)["summary"], source(scene)["summary_history"]) == (None, [])

    def test_of_an_analysis_that_is_deleted_while_it_is_collected_does_not_stay(self, scene, monkeypatch):
        analysis_id = scene.start()
        apply = collecting.apply_effects

        def delete(_number):
            scene.user.delete(f"/api/obj/analysis/{analysis_id}")
            drain()

        def apply_after_deletion(*arguments):
            at_once(delete, range(1))  # somebody else, meanwhile
            return apply(*arguments)

        monkeypatch.setattr(collecting, "apply_effects", apply_after_deletion)
        drain()

        assert scene.user.get(f"/api/obj/analysis/{analysis_id}").status == 403
        assert source(scene)["summary_history"] == []

    def test_stands_beside_what_people_write_and_null_clears_it(self, scene):
        analysis_id = scene.start()
        drain()
        path = f"/api/sources/{scene.obj_id}"
        scene.user.patch(path, {"summary": "by hand"})
        assert source(scene)["summary"] == "by hand"
        scene.user.patch(path, {"summary": None})
        assert source(scene)["summary"] is None

        scene.user.delete(f"/api/obj/analysis/{analysis_id}")
        drain()
        assert source(scene)["summary"] is None
        assert [entry["summary"] for entry in source(scene)["summary_history"]] == [None, "by hand"]

    def test_that_fails_says_why_on_the_analysis_and_changes_no_summary(self, scene, chat):
        chat.answers = [completion("")]
        scene.user.patch(f"/api/sources/{scene.obj_id}", {"summary": "by hand"})
        record = scene.read(scene.start())
        drain()
        record = scene.read(record["id"])

        assert record["status"] == "failure"
        assert "empty answer" in record["status_message"]
        assert source(scene)["summary"] == "by hand"


class TestTheKey:
    def test_of_the_author_goes_before_the_sites_with_the_authors_parameters(self, scene, chat):
        prefer(scene.user, active=True, apikey=KEY, model="own-model", prompt="In French.", temperature=0.7)
        scene.start()
        drain()

        [got] = chat.received
        assert chat.keys == [KEY]
        assert (got.document["model"], got.document["temperature"], got.document["top_p"]) == ("own-model", 0.7, 0.5)
        assert got.document["messages"][0]["content"].startswith("In French.")

    def test_of_the_site_is_used_for_who_has_none(self, scene, chat):
        scene.start()
        drain()

        [got] = chat.received
        assert chat.keys == [SITES_KEY]
        assert (got.document["model"], got.document["top_p"]) == ("site-model", 0.5)

    def test_of_the_site_may_be_kept_in_parameter_store(self, scene, chat, configure):
        name = f"/{settings().prefix}/openai-api-key"
        configure(openai_api_key=f"arn:aws:ssm:us-east-1:123456789012:parameter{name}")
        boto3.client("ssm").put_parameter(Name=name, Value="sk-kept-elsewhere", Type="SecureString", Overwrite=True)
        scene.start()
        drain()

        assert chat.keys == ["sk-kept-elsewhere"]

    def test_of_the_author_is_left_alone_while_it_is_not_active(self, scene, chat):
        prefer(scene.user, active=False, apikey=KEY, model="own-model")
        scene.start()
        drain()

        assert chat.keys == [SITES_KEY]
        assert chat.received[0].document["model"] == "site-model"

    def test_of_the_site_goes_with_the_sites_model_whatever_the_author_prefers(self, scene, chat):
        prefer(scene.user, active=True, model="dear-model", max_tokens=100_000, prompt="In French.")
        scene.start()
        drain()

        [got] = chat.received
        assert (got.document["model"], got.document["max_tokens"]) == ("site-model", 1000)
        assert got.document["messages"][0]["content"].startswith("In French.")

    def test_is_stored_and_shown_nowhere(self, scene, caplog):
        prefer(scene.user, active=True, apikey=KEY)
        caplog.set_level("DEBUG")
        stranger(scene, trusted=True)
        analysis_id = scene.start()
        [message] = take("dispatch")
        scene.service.react = lambda got: Reaction(500, json.dumps(got.document["inputs"]).encode())
        dispatch(message["run"], message["attempt"], message["timeout"])

        assert scene.service.received[0].document["inputs"]["analysis_parameters"]["openai_api_key"] == KEY
        places = [
            json.dumps(message),
            json.dumps(scene.read(analysis_id)),
            stored_text(),
            caplog.text,
            *(json.dumps(stored_json(key)) for key in stored("inputs/")),
        ]
        assert any("[secret]" in place for place in places)  # the service had sent it back
        assert not [place for place in places if KEY in place]

    def test_is_sent_with_default_analyses_as_the_authors(self, scene, chat):
        prefer(scene.user, active=True, apikey=KEY)
        take("triggers")  # the scene's own source was saved before there was a default analysis
        wanted = {"source_filter": {"group_id": scene.group_id}, "group_ids": [scene.group_id]}
        made = scene.user.post(f"/api/analysis_service/{scene.service_id}/default_analysis", wanted)
        assert made.status == 200, made.body
        new = {"id": f"{scene.obj_id}b", "ra": 1.0, "dec": 2.0, "group_ids": [scene.group_id]}
        assert scene.admin.post("/api/sources", new).status == 200
        trigger()
        [run] = scene.user.get(f"/api/obj/{scene.obj_id}b/analysis").data
        scene.user.post(f"/api/sources/{scene.obj_id}b/comments", {"text": "First light"})
        drain()

        assert chat.keys == [KEY]
        assert scene.read(run["id"])["status"] == "completed"

    @pytest.mark.parametrize("trusted", [True, False])
    def test_goes_only_to_services_that_an_administrator_trusts(self, scene, trusted):
        prefer(scene.user, active=True, apikey=KEY, prompt="In French.")
        stranger(scene, trusted=trusted)
        parameters = sent_parameters(scene)

        assert parameters.get("openai_api_key") == (KEY if trusted else None)
        assert parameters["summary_parameters"]["prompt"] == "In French."
        assert ("sk-" in json.dumps(scene.service.received[-1].document)) == trusted

    def test_goes_to_no_service_that_writes_no_summaries(self, scene):
        prefer(scene.user, active=True, apikey=KEY)
        stranger(scene, trusted=True, is_summary=False)

        assert sent_parameters(scene) == {}

    def test_stands_beside_the_parameters_of_the_start(self, scene):
        stranger(scene, trusted=True, optional_analysis_parameters='{"style": ["short", "long"]}')
        parameters = sent_parameters(scene, analysis_parameters={"style": "short"})

        assert set(parameters) == {"style", "openai_api_key", "summary_parameters"}

    def test_is_refused_as_a_parameter(self, scene):
        stranger(scene, trusted=True, optional_analysis_parameters='{"openai_api_key": {"type": "string"}}')
        path = f"/api/obj/{scene.obj_id}/analysis/{scene.service_id}"
        code, message = scene.user.post(path, {"analysis_parameters": {"openai_api_key": KEY}}).error

        assert code == 400
        assert message.startswith("Invalid analysis_parameters")
        assert KEY not in message


class TestTrust:
    def test_is_taken_from_the_summarizer_by_an_administrator(self, scene, chat):
        scene.admin.delete(f"/api/analysis_service/{scene.service_id}/trust")
        analysis_id = scene.start()
        drain()

        assert "There is no API key" in scene.read(analysis_id)["status_message"]
        assert chat.received == []

    def test_ends_when_the_summarizer_is_led_elsewhere(self, scene):
        path = f"/api/analysis_service/{scene.service_id}"
        manager = make_user(scene.admin, roles=["Group admin"], groups=[scene.group_id])
        assert manager.patch(path, {"url": scene.service.url}).status == 200

        assert "openai_api_key" not in sent_parameters(scene)
