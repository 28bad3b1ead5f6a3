"""`POST /api/summary_query`: what is found, and that nothing is that the caller may not see."""

import json

import boto3
import pytest

from chalicelib import memory
from chalicelib.settings import settings
from chalicelib.summary_search import store
from chalicelib.summary_search.embed import embed
from chalicelib.summary_search.embeddings import EmbeddingFailed
from chalicelib.summary_search.items.shard import Shard
from chalicelib.summary_search.pack import Row, normalized
from tests.summary_search.conftest import KEY
from tests.summary_search.summarized import IA, TDE, make_source
from tests.support.aws_calls import recorded_aws_calls
from tests.support.parallel import at_once
from tests.support.people import make_group, make_user
from tests.support.scene import make_scene, stored
from tests.support.service import Reaction, StubService
from tests.support.worker import delayed, drain, embed_all, take

PATH = "/api/summary_query"

HIERARCHY = {"class": "Object", "subclasses": [{"class": "AGN"}, {"class": "Ia"}]}


def found(api, **wanted):
    return [one["id"] for one in api.post(PATH, wanted).data["query_results"]]


def test_the_most_similar_comes_first(sources, user, model):
    answer = user.post(PATH, {"q": "supernova of type Ia"}).data
    assert set(answer) == {"query_results"}
    results = answer["query_results"]
    assert results[0]["id"] == sources[0]
    assert {one["id"] for one in results} == set(sources)
    assert results[0]["metadata"] == {"redshift": 0.03, "class": [], "summary": IA}
    scores = [one["score"] for one in results]
    assert scores == sorted(scores, reverse=True)
    assert user.post(PATH, {"q": IA, "k": 1}).data["query_results"][0]["score"] == pytest.approx(1, abs=1e-5)
    headers = {name.lower(): value for name, value in model.received[-1].headers.items()}
    assert headers["authorization"] == f"Bearer {KEY}"


def test_a_source_can_be_asked_for_instead_of_words(sources, user, model, group):
    asked = len(model.texts)
    assert found(user, objID=sources[1], k=2)[0] == sources[1]
    assert len(model.texts) == asked
    assert found(user, objID=make_source(user, group, None)) == []
    assert user.post(PATH, {"objID": "nothing"}).error == (404, "Source not found")


def test_redshift_and_class_filter(sources, user, admin):
    ia, tde, agn = sources
    assert found(user, q="galaxy", z_min=0.05) == [tde]
    assert found(user, q="galaxy", z_max=0.05) == [ia]
    assert set(found(user, q="galaxy", z_min=0.03, z_max=0.1)) == {ia, tde}
    assert found(user, q="galaxy", z_min=0.2) == []
    taxonomy = admin.post("/api/taxonomy", {"name": "t", "version": "1", "hierarchy": HIERARCHY}).data
    body = {"obj_id": agn, "classification": "AGN", "taxonomy_id": taxonomy["taxonomy_id"]}
    assert user.post("/api/classification", body).status == 200
    assert found(user, q="galaxy", classificationTypes=["AGN", "SN"]) == [agn]
    assert found(user, q="galaxy", classificationTypes=["TDE"]) == []
    assert len(found(user, q="galaxy", classificationTypes=[])) == 3
    (only,) = user.post(PATH, {"q": "galaxy", "classificationTypes": ["AGN"]}).data["query_results"]
    assert only["metadata"]["class"] == ["AGN"]


def test_a_class_that_the_caller_may_not_read_neither_counts_nor_shows(sources, user, admin, group):
    shared = make_group(admin, members=[user])
    taxonomy = admin.post("/api/taxonomy", {"name": "u", "version": "1", "hierarchy": HIERARCHY}).data
    body = {"obj_id": sources[0], "classification": "Ia", "taxonomy_id": taxonomy["taxonomy_id"]}
    assert user.post("/api/classification", {**body, "group_ids": [shared]}).status == 200
    assert found(make_user(admin, groups=[group]), q="galaxy", classificationTypes=["Ia"]) == []
    assert found(user, q="galaxy", classificationTypes=["Ia"]) == [sources[0]]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, 'Missing one of the required: "q" or "objID"'),
        ({"q": "", "objID": " "}, 'Missing one of the required: "q" or "objID"'),
        ({"q": "a", "objID": "b"}, 'Cannot specify both "q" and "objID"'),
        ({"q": "a", "k": 0}, "k must be 1<=k<=100"),
        ({"q": "a", "k": 101}, "k must be 1<=k<=100"),
        ({"q": "a", "k": 10**30}, "k"),
        ({"q": "a", "k": 1.5}, "k"),
        ({"q": "a", "k": True}, "k"),
        ({"q": "a", "k": "many"}, "k"),
        ({"q": ["a"]}, "q"),
        ({"q": "a" * 20_000}, "q"),
        ({"q": "a", "z_min": 2, "z_max": 1}, "z_min must be <= z_max"),
        ({"q": "a", "z_min": "far"}, "z_min"),
        ({"q": "a", "z_min": float("nan")}, "z_min"),
        ({"q": "a", "classificationTypes": "Ia"}, "classification"),
        ({"q": "a", "classificationTypes": [7]}, "classification"),
    ],
)
def test_what_is_wrong_is_refused(model, admin, user, body, message):
    code, said = user.post(PATH, raw=json.dumps(body).encode()).error
    assert code == 400
    assert message in said


def test_without_a_key_a_sentence_says_so(user, group, configure):
    configure(openai_api_key="")
    obj_id = make_source(user, group, IA)
    embed_all()
    for body in ({"q": "supernova"}, {"objID": obj_id}):
        code, message = user.post(PATH, body).error
        assert (code, "API key" in message, "administrator" in message) == (400, True, True)


def test_the_key_may_be_kept_in_parameter_store(user, group, model, configure):
    name = f"/{settings().prefix}/embedding-api-key"
    boto3.client("ssm").put_parameter(Name=name, Value="sk-for-embeddings", Type="SecureString", Overwrite=True)
    configure(embedding_api_key=f"arn:aws:ssm:us-east-1:123456789012:parameter{name}")
    made = make_source(user, group, IA)
    embed_all()
    assert found(user, q="supernova") == [made]
    for received in model.received:
        headers = {name.lower(): value for name, value in received.headers.items()}
        assert headers["authorization"] == "Bearer sk-for-embeddings"


def test_vectors_that_are_replaced_while_they_are_read_are_read_again(sources, user, monkeypatch):
    keys = Shard.keys
    gone = Shard.numbered(store.shard_of(sources[0]))
    gone.refresh()
    stale = [[gone.key]]
    memory.forget()
    user.patch(f"/api/sources/{sources[0]}", {"summary": TDE + " again"})
    embed_all()
    monkeypatch.setattr(Shard, "keys", lambda: stale.pop() if stale else keys())
    assert set(found(user, q=TDE)) == set(sources)


def test_who_embeds_meets_what_another_has_replaced(sources, user, monkeypatch):
    find, first = Shard.find, []

    def stale(number):
        shard = find(number)
        if not first and shard is not None:
            first.append(shard.key)
            store.put(sources[0], None)
            memory.forget()
        return shard

    user.patch(f"/api/sources/{sources[0]}", {"summary": TDE + " again"})
    monkeypatch.setattr(Shard, "find", stale)
    embed_all()
    assert found(user, q=TDE + " again", k=1) == [sources[0]]


def test_only_what_the_caller_may_see_is_found(sources, user, admin, group):
    other = make_group(admin, members=[user])
    hidden = make_source(user, other, IA)
    embed_all()
    neighbour = make_user(admin, groups=[group])
    assert hidden in found(user, q=IA)
    assert hidden not in found(neighbour, q=IA)
    assert found(make_user(admin), q=IA) == []
    assert hidden in found(admin, q=IA)
    assert neighbour.post(PATH, {"objID": hidden}).error == (404, "Source not found")
    assert user.post("/api/sources", {"id": hidden, "group_ids": [group]}).status == 200
    embed_all()
    assert hidden in found(neighbour, q=IA)
    assert admin.call("DELETE", f"/api/sources/{hidden}", {"group_id": group}).status == 200
    assert hidden not in found(neighbour, q=IA)  # before the vectors know it


def test_a_new_summary_takes_the_place_of_the_old_one_at_once(sources, user, model):
    user.patch(f"/api/sources/{sources[0]}", {"summary": "A cataclysmic variable"})
    assert sources[0] not in found(user, q="supernova Ia")  # before it is embedded
    embed_all()
    assert found(user, q="cataclysmic variable", k=1) == [sources[0]]
    asked = len(model.texts)
    user.patch(f"/api/sources/{sources[0]}", {"redshift": 0.5})
    embed_all()
    assert len(model.texts) == asked
    assert found(user, q="cataclysmic", z_min=0.4) == [sources[0]]


def test_a_cleared_summary_is_found_no_more(sources, user):
    user.patch(f"/api/sources/{sources[0]}", {"summary": None})
    assert sources[0] not in found(user, q=IA)
    embed_all()
    assert store.row_of(sources[0]) is None
    assert len(found(user, q=IA)) == 2


def test_a_deleted_source_is_found_no_more(sources, admin, user):
    assert admin.delete(f"/api/sources/{sources[0]}").status == 200
    assert sources[0] not in found(user, q=IA)
    embed_all()
    assert store.row_of(sources[0]) is None


def test_a_summary_that_an_analysis_wrote_is_found_until_the_analysis_is_deleted(model, admin, group):
    with StubService() as service:
        scene = make_scene(admin, service, is_summary=True)
        run = scene.start()
        drain()
        body = {"status": "success", "analysis": {"results": {"format": "json", "data": {"summary": TDE}}}}
        scene.answer(service.received[0].token, body)
        drain()
        embed_all()
        assert found(scene.user, q="tidal disruption") == [scene.obj_id]
        scene.user.delete(f"/api/obj/analysis/{run}")
        drain()
        assert found(scene.user, q="tidal disruption") == []
        embed_all()
        assert store.row_of(scene.obj_id) is None


def test_messages_may_be_lost_or_come_twice(sources, user):
    user.patch(f"/api/sources/{sources[0]}", {"summary": "A cataclysmic variable"})
    assert take("embed") == [{"obj_id": sources[0]}]
    (later,) = delayed("embed")
    for _ in range(2):
        embed(later["obj_id"])
    assert found(user, q="cataclysmic variable", k=1) == [sources[0]]


def test_sources_without_a_summary_cost_nothing(user, group):
    make_source(user, group, None)
    assert take("embed") == delayed("embed") == []


def test_a_server_that_fails_is_a_503_for_who_asks_and_is_asked_again_for_summaries(sources, user, group, model):
    for status, code in ((500, 503), (429, 503), (401, 400), (404, 400), (400, 400)):
        model.failing = Reaction(status, f"bad key {KEY}".encode())
        answer = user.post(PATH, {"q": "anything"})
        assert answer.status == code
        assert KEY not in answer.body.decode()
    for body in (
        b"<html>",
        b"{}",
        b'{"data": []}',
        b'{"data": [{"embedding": [0.0]}]}',
        b'{"data": [{"embedding": []}]}',
    ):
        model.failing = Reaction(200, body)
        assert user.post(PATH, {"q": "anything"}).status == 503
    new = make_source(user, group, "A kilonova")
    with pytest.raises(EmbeddingFailed):
        embed(new)
    model.failing = None
    embed_all()
    assert found(user, q="kilonova", k=1) == [new]


def test_a_server_that_is_not_there_is_a_503(user, configure, model, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    configure()
    assert user.post(PATH, {"q": "anything"}).status == 503


def test_vectors_of_another_model_are_not_compared(sources, user, configure):
    configure(embedding_model="another")
    assert found(user, q=IA) == []
    user.patch(f"/api/sources/{sources[0]}", {"summary": IA + "!"})
    embed_all()
    assert found(user, q=IA) == [sources[0]]


def test_many_at_once_are_all_kept(admin):
    def put(number):
        store.put(f"source-{number}", Row(f"source-{number}", "h", "m", frozenset({1}), normalized([1.0, number])))

    at_once(put, range(40))
    assert {row.obj_id for row in store.all_rows()} == {f"source-{number}" for number in range(40)}
    assert len(stored("vectors/")) <= store.SHARDS


def test_a_search_takes_few_calls(sources, user):
    found(user, q=IA)
    with recorded_aws_calls() as calls:
        found(user, q=IA)
    assert calls == ["GetItem", "Query", "BatchGetItem", "BatchGetItem"]
