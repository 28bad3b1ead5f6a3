"""`/api/summary_query/backfill`: summaries from before there was a key are embedded, each once, and in the end all."""

import pytest

from chalicelib.summary_search import page, store
from chalicelib.summary_search.handlers import on_embed_message
from chalicelib.summary_search.items.backfill import Backfill
from tests.summary_search.conftest import KEY
from tests.summary_search.summarized import IA, TDE, make_source
from tests.support.aws_calls import recorded_aws_calls
from tests.support.parallel import at_once
from tests.support.people import make_group, make_user
from tests.support.permissions import acting_as
from tests.support.service import Reaction
from tests.support.worker import delayed, embed_all, take

PATH = "/api/summary_query/backfill"
SEARCH = "/api/summary_query"


@pytest.fixture
def before(model, configure, user, group, admin):
    """Seven sources of two groups, of which five have summaries, from a time without a key."""
    configure(openai_api_key="")
    other = make_group(admin, members=[user])
    made = [make_source(user, group, f"{IA} {number}") for number in range(3)]
    made += [make_source(user, other, f"{TDE} {number}") for number in range(2)]
    user.post("/api/sources", {"id": made[0], "group_ids": [other]})
    make_source(user, group, None)
    make_source(user, group, None)
    embed_all()
    assert store.all_rows() == []
    configure(openai_api_key=KEY)
    return made


def work():
    """Work on the queue until nothing is left; return how many messages there were."""
    count = 0
    while messages := [*take("embed"), *delayed("embed")]:
        count += len(messages)
        _handle(messages)
    return count


def _handle(messages):
    with acting_as("embed"):
        for message in messages:
            on_embed_message(message)


def progress(admin):
    record = admin.get(PATH).data
    return record["state"], record["embedded"], record["refused"], record["without_key"]


def found(api):
    return {one["id"] for one in api.post(SEARCH, {"q": "galaxy", "k": 100}).data["query_results"]}


def test_all_are_found_afterwards_and_a_second_time_costs_nothing(before, admin, user, model):
    assert found(user) == set()
    assert admin.get(PATH).error[0] == 404
    assert admin.post(PATH).data["state"] == "running"
    work()
    assert found(user) == set(before)
    assert progress(admin) == ("finished", 5, 0, 0)
    assert admin.get(PATH).data["looked_at"] == 8
    asked = len(model.texts)
    assert admin.post(PATH).data["embedded"] == 0
    work()
    assert progress(admin) == ("finished", 0, 0, 0)
    assert len(model.texts) == asked


def test_it_goes_on_page_by_page_where_it_was(before, admin, user, monkeypatch):
    monkeypatch.setattr("chalicelib.summary_search.backfill.PAGE", 1)
    monkeypatch.setattr("chalicelib.summary_search.backfill.SECONDS", 0)
    admin.post(PATH)
    looked_at = []
    for _ in range(60):
        messages = take("embed")
        if not messages:
            break
        _handle(messages)
        looked_at.append(admin.get(PATH).data["looked_at"])
    assert looked_at == sorted(looked_at)
    assert progress(admin) == ("finished", 5, 0, 0)
    assert found(user) == set(before)


def test_lost_and_doubled_messages_do_no_harm(before, admin, user, model):
    admin.post(PATH)
    assert take("embed") == [{"backfill": True}]  # and is lost
    admin.post(PATH)
    (message,) = take("embed")
    at_once(lambda _: _handle([message]), range(3))
    work()
    assert progress(admin)[0] == "finished"
    assert found(user) == set(before)
    assert len(store.all_rows()) == 5


def test_a_server_that_is_busy_is_waited_for(before, admin, user, model):
    model.failing = Reaction(429, b"slowly")
    admin.post(PATH)
    _handle(take("embed"))
    record = admin.get(PATH).data
    assert (record["state"], "429" in record["reason"], record["looked_at"]) == ("running", True, 0)
    assert len(model.received) <= 8
    assert take("embed") == []
    model.failing = None
    work()
    assert progress(admin) == ("finished", 5, 0, 0)
    assert admin.get(PATH).data["reason"] is None
    assert found(user) == set(before)


def test_a_server_that_is_busy_for_ever_is_given_up(before, admin, model):
    model.failing = Reaction(500, b"")
    admin.post(PATH)
    assert work() == 13
    state, *_ = progress(admin)
    assert state == "stopped"


def test_a_refused_key_stops_it_with_a_sentence_and_it_goes_on_when_that_is_mended(before, admin, user, model):
    model.failing = Reaction(401, KEY.encode())
    admin.post(PATH)
    assert work() == 1
    record = admin.get(PATH).data
    assert (record["state"], "administrator" in record["reason"], KEY in record["reason"]) == ("stopped", True, False)
    model.failing = None
    admin.post(PATH)
    work()
    assert found(user) == set(before)


def test_a_text_that_is_refused_does_not_keep_the_others(before, admin, user, model):
    answer = model.react
    model.react = lambda got: Reaction(400, b"") if got.document["input"].endswith("1") else answer(got)
    admin.post(PATH)
    work()
    assert progress(admin) == ("finished", 3, 2, 0)
    assert len(found(user)) == 3


def test_without_any_key_it_says_how_many_wait_for_one(before, admin, configure):
    configure(openai_api_key="")
    admin.post(PATH)
    work()
    assert progress(admin) == ("finished", 0, 0, 6)  # the source of two groups counts twice


def test_after_another_model_all_are_embedded_anew(before, admin, user, configure):
    admin.post(PATH)
    work()
    configure(embedding_model="another")
    assert found(user) == set()
    admin.post(PATH)
    work()
    assert found(user) == set(before)
    assert progress(admin)[1] == 5


def test_it_can_be_stopped_and_goes_on(before, admin, user):
    admin.post(PATH)
    assert admin.delete(PATH).data["state"] == "stopped"
    assert admin.delete(PATH).data["state"] == "stopped"
    work()
    assert found(user) == set()
    admin.post(PATH)
    work()
    assert found(user) == set(before)


def test_a_summary_that_changes_meanwhile_is_not_put_back(before, admin, user, monkeypatch):
    compute = page.row_of

    def overtaken(source, known, keys):
        row = compute(source, known, keys)
        if source.obj_id == before[1]:
            user.patch(f"/api/sources/{before[1]}", {"summary": "A cataclysmic variable"})
            embed_all()
        return row

    monkeypatch.setattr(page, "row_of", overtaken)
    admin.post(PATH)
    _handle(take("embed"))
    found_first = user.post(SEARCH, {"q": "cataclysmic variable", "k": 1}).data["query_results"]
    assert [one["id"] for one in found_first] == [before[1]]


def test_it_is_for_administrators(model, user, admin, group):
    for method in ("GET", "POST", "DELETE"):
        assert user.call(method, PATH).error[0] == 401
    assert make_user(admin, groups=[group], roles=["Group admin"]).post(PATH).error[0] == 401


def test_it_takes_a_bounded_number_of_calls(before, admin):
    """A hundred sources: who is next, their summaries, the vectors; and five for each of sixteen parts that change."""
    admin.post(PATH)
    messages = take("embed")
    with recorded_aws_calls() as calls:
        _handle(messages)
    groups = len({*_groups(admin)})
    assert calls.count("Scan") == 0
    assert calls.count("PutItem") <= groups + 1 + 5
    assert len(calls) <= 4 * (groups + 1) + 2 * 3 + 5 * 5
    assert Backfill.find().state == "finished"


def _groups(admin):
    return [group["id"] for group in admin.get("/api/groups").data["all_groups"]]
