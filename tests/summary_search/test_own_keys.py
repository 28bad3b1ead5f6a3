"""Embeddings that users pay themselves: their summaries and questions go out with the key of their preferences."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.settings import settings
from chalicelib.summary_search import question
from tests.summary_search.conftest import KEY
from tests.summary_search.summarized import IA, TDE, make_source
from tests.support.people import make_user
from tests.support.service import Reaction
from tests.support.storage import stored_text
from tests.support.worker import delayed, embed_all, take

PATH = "/api/summary_query"
OWN = "sk-own-abcdefghij"


def own_key(user, key=OWN, *, active=True):
    body = {"preferences": {"summary": {"OpenAI": {"active": active, "apikey": key}}}}
    assert user.patch("/api/internal/profile", body).status == 200


def asked(api, **wanted):
    """Ask while the queue is worked on."""
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(api.post, PATH, wanted)
        while not answer.done():
            embed_all()
        return answer.result()


def keys_of(model):
    found = [{name.lower(): value for name, value in got.headers.items()}["authorization"] for got in model.received]
    return [value.removeprefix("Bearer ") for value in found]


@pytest.fixture
def without_site_key(model, configure):
    configure(openai_api_key="")
    return model


def test_where_the_site_has_no_key_the_users_own_makes_summaries_and_finds_them(user, group, admin, without_site_key):
    own_key(user)
    made = [make_source(user, group, IA, redshift=0.03), make_source(user, group, TDE)]
    embed_all()
    answer = asked(user, q="tidal disruption", k=1)
    assert [one["id"] for one in answer.data["query_results"]] == [made[1]]
    assert set(keys_of(without_site_key)) == {OWN}
    assert settings().embedding_model == without_site_key.received[-1].document["model"]
    assert [one["id"] for one in user.post(PATH, {"objID": made[0], "k": 1}).data["query_results"]] == [made[0]]
    code, message = make_user(admin, groups=[group]).post(PATH, {"q": "supernova"}).error
    assert (code, "profile" in message, "administrator" in message) == (400, True, True)


def test_the_own_key_goes_first_and_the_sites_is_for_the_others(user, group, admin, model):
    other = make_user(admin, groups=[group])
    own_key(user)
    make_source(user, group, IA)
    make_source(other, group, TDE)
    embed_all()
    assert sorted(keys_of(model)) == sorted([OWN, KEY])
    assert len(asked(user, q="supernova").data["query_results"]) == 2
    assert other.post(PATH, {"q": "supernova"}).status == 200
    assert keys_of(model)[-2:] == [OWN, KEY]


def test_a_key_that_is_not_active_or_was_removed_is_not_used(user, group, model):
    own_key(user, active=False)
    make_source(user, group, IA)
    embed_all()
    own_key(user, key=None)
    make_source(user, group, TDE)
    embed_all()
    assert user.post(PATH, {"q": "supernova"}).status == 200
    assert set(keys_of(model)) == {KEY}


@pytest.mark.parametrize("key", [OWN, "sk-\N{GREEK SMALL LETTER ALPHA}", "sk-line\nbreak"])
def test_a_summary_whose_authors_key_is_refused_is_embedded_with_the_sites(user, group, model, key):
    answer = model.react

    def only_the_sites(got):
        return answer(got) if keys_of(model)[-1] == KEY else Reaction(401, b"no")

    model.react = only_the_sites
    own_key(user, key)
    made = make_source(user, group, IA)
    embed_all()
    code, message = asked(user, q="supernova").error
    assert (code, "your own API key" in message, key in message) == (400, True, False)
    own_key(user, active=False)
    assert [one["id"] for one in user.post(PATH, {"q": "supernova"}).data["query_results"]] == [made]


@pytest.mark.parametrize(("status", "code"), [(401, 400), (403, 400), (404, 400), (400, 400), (429, 503), (500, 503)])
def test_what_the_server_says_to_the_own_key_is_told(user, without_site_key, status, code):
    own_key(user)
    without_site_key.failing = Reaction(status, OWN.encode())
    answer = asked(user, q="anything")
    assert answer.status == code
    assert OWN not in answer.body.decode()


def test_a_question_that_nobody_works_on_is_a_503(user, without_site_key, monkeypatch):
    monkeypatch.setattr("chalicelib.summary_search.question._SECONDS", 0.3)
    own_key(user)
    answer = user.post(PATH, {"q": "anything"})
    assert (answer.status, "Retry-After" in answer.headers) == (503, True)
    assert without_site_key.received == []
    later = time.time() + 60
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(question.time, "time", lambda: later)
        embed_all()
    assert without_site_key.received == []  # nobody waits for it any more


def test_no_key_is_stored_or_sent_in_clear(user, group, without_site_key):
    own_key(user)
    make_source(user, group, IA)
    messages = [*take("embed"), *delayed("embed")]
    assert OWN not in str(messages)
    asked(user, q="supernova")
    assert OWN not in stored_text()
