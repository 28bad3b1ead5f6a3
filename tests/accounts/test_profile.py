"""The profile, and the preferences in it."""

import json

import pytest
from botocore.exceptions import ClientError

from chalicelib import aws
from chalicelib.accounts.items.preferences import Preferences
from chalicelib.accounts.preferences import summary_settings
from tests.support.parallel import at_once
from tests.support.people import make_user
from tests.support.storage import stored_text

PROFILE = "/api/internal/profile"
KEY = "sk-secret-0123456789"


@pytest.fixture
def user(stack, admin):
    return stack.recall("user with an address", lambda: make_user(admin, contact_email="h@example.org"))


def _set(user, preferences):
    return user.patch(PROFILE, {"preferences": preferences})


def _shown(user):
    return user.get(PROFILE).data["preferences"]


def test_it_shows_the_user_with_tokens_and_preferences(user):
    profile = user.get(PROFILE).data
    assert profile["id"] == user.user_id
    assert profile["contact_email"] == "h@example.org"
    assert profile["preferences"] == {}
    assert [set(token) for token in profile["tokens"]] == [{"id", "name", "acls", "created_at"}]
    assert user.token not in json.dumps(profile)


def test_facts_about_oneself_are_changed(user):
    facts = {"first_name": "Henrietta", "bio": "Cepheids", "affiliations": ["Harvard"], "is_bot": True}
    assert user.patch(PROFILE, facts).data == {}
    profile = user.get(PROFILE).data
    assert {name: profile[name] for name in facts} == facts
    assert profile["contact_email"] == "h@example.org"


def test_roles_and_dates_are_not_changed_through_the_profile(user):
    user.patch(PROFILE, {"roles": ["Super admin"], "expirationDate": "2020-01-01", "first_name": "H"})
    assert user.get(PROFILE).data["roles"] == ["Full user"]


def test_a_username_stays(user):
    assert user.patch(PROFILE, {"username": "other"}).error[0] == 400
    assert user.patch(PROFILE, {"username": user.username}).status == 200


def test_preferences_merge_recursively_and_null_is_a_value(user):
    _set(user, {"theme": "dark", "columns": {"a": 1, "b": {"c": [1, 2]}}})
    _set(user, {"columns": {"b": {"c": [3]}, "d": None}, "theme": None})
    assert _shown(user) == {"theme": None, "columns": {"a": 1, "b": {"c": [3]}, "d": None}}


def test_preferences_are_ones_own(admin, user):
    _set(user, {"theme": "dark"})
    assert _shown(make_user(admin)) == {}


def test_preferences_have_a_limit_as_a_whole(user):
    assert _set(user, {"a": "x" * 40_000}).status == 200
    code, message = _set(user, {"b": "x" * 40_000}).error
    assert code == 400
    assert "65536 bytes" in message
    assert "b" not in _shown(user)


def test_changes_at_once_are_all_kept(user):
    user.get("/api/acls")
    answers = at_once(lambda number: _set(user, {f"key{number}": number}), range(3))
    assert [answer.status for answer in answers] == [200, 200, 200]
    assert _shown(user) == {"key0": 0, "key1": 1, "key2": 2}


def test_preferences_must_be_an_object(user):
    assert _set(user, ["theme"]).error[0] == 400
    assert _set(user, {"summary": "yes"}).error[0] == 400
    assert _set(user, {"summary": {"OpenAI": 5}}).error[0] == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"temperature": 2.1},
        {"temperature": -0.1},
        {"temperature": "0.5"},
        {"max_tokens": 0},
        {"max_tokens": 1.5},
        {"top_p": 1.01},
        {"top_p": -0.01},
        {"frequency_penalty": 2.5},
        {"presence_penalty": -2.5},
        {"model": 4},
        {"prompt": ["a"]},
        {"active": "yes"},
        {"apikey": 5},
        {"apikey": "k" * 1001},
    ],
)
def test_values_for_the_language_model_have_their_ranges(user, wrong):
    code, message = _set(user, {"summary": {"OpenAI": {"model": "gpt-4o", **wrong}}}).error
    assert code == 400
    assert f"summary.OpenAI.{next(iter(wrong))}" in message
    assert _shown(user) == {}


def test_values_at_the_ends_of_their_ranges_are_kept(user):
    values = {"temperature": 2, "top_p": 0, "frequency_penalty": -2, "presence_penalty": 2.0, "max_tokens": 1}
    assert _set(user, {"summary": {"OpenAI": values}}).status == 200
    assert summary_settings(user.user_id).openai == values


class TestTheKeyOfTheLanguageModel:
    @pytest.fixture(autouse=True)
    def _with_key(self, user):
        answer = _set(user, {"summary": {"OpenAI": {"active": True, "apikey": KEY, "model": "gpt-4o"}}})
        assert answer.data == {}

    def test_is_decrypted_for_dispatch_and_shown_to_nobody(self, user):
        assert summary_settings(user.user_id).key() == KEY
        assert summary_settings(user.user_id).openai == {"active": True, "model": "gpt-4o"}
        shown = {"active": True, "model": "gpt-4o", "apikey": None, "apikey_set": True}
        assert _shown(user) == {"summary": {"OpenAI": shown}}

    def test_is_not_stored_in_clear(self, user):
        stored = stored_text()
        assert "gpt-4o" in stored
        assert KEY not in stored

    def test_cannot_be_decrypted_as_another_users(self, user):
        ciphertext = Preferences.of_user(user.user_id).openai_api_key
        with pytest.raises(ClientError):
            aws.kms().decrypt(CiphertextBlob=ciphertext, EncryptionContext={"owner": "user#0"})

    def test_stays_when_other_values_change(self, user):
        _set(user, {"summary": {"OpenAI": {"model": "gpt-5"}}, "theme": "dark"})
        assert summary_settings(user.user_id).key() == KEY

    def test_stays_when_the_preferences_come_back_as_they_were_shown(self, user):
        assert _set(user, _shown(user)).status == 200
        assert summary_settings(user.user_id).key() == KEY
        assert summary_settings(user.user_id).openai == {"active": True, "model": "gpt-4o"}

    def test_is_replaced_by_another(self, user):
        _set(user, {"summary": {"OpenAI": {"apikey": "sk-new"}}})
        assert summary_settings(user.user_id).key() == "sk-new"

    @pytest.mark.parametrize(
        "change",
        [
            {"summary": {"OpenAI": {"apikey": None}}},
            {"summary": {"OpenAI": {"apikey": ""}}},
            {"summary": {"OpenAI": None}},
            {"summary": None},
        ],
    )
    def test_is_removed(self, user, change):
        assert _set(user, change).status == 200
        assert summary_settings(user.user_id).key() is None
        assert "apikey_set" not in json.dumps(_shown(user))

    def test_is_not_repeated_by_a_refusal(self, user):
        _, message = _set(user, {"summary": {"OpenAI": {"apikey": "sk-other", "temperature": 9}}}).error
        assert "sk-other" not in message


def test_without_preferences_there_is_no_key(user):
    assert summary_settings(user.user_id).key() is None
    assert summary_settings(user.user_id).openai is None
