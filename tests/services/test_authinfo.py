"""Reading credentials, and what they add to a request."""

import json

import pytest
import requests
from requests.auth import HTTPDigestAuth

from chalicelib.http.errors import BadRequest
from chalicelib.services.authinfo import DOCUMENT_KEYS, MAX_BYTES, parse, text_of
from chalicelib.services.credentials import apply, secrets_of
from chalicelib.services.schemes import ApiKey, Basic, Digest, HeaderToken, OAuth1

PERSON = {"username": "ann", "password": "s3cret"}
OAUTH1 = {"app_key": "a", "app_secret": "b", "user_oauth_token": "c", "user_oauth_token_secret": "d"}
API_KEY = {"api_key": "s3cret", "api_key_name": "token"}

SHAPES = [
    ("header_token", {"header_token": {"Authorization": "Bearer X"}}, HeaderToken({"Authorization": "Bearer X"})),
    ("api_key", API_KEY, ApiKey("token", "s3cret")),
    ("api_key", {"api_key": API_KEY}, ApiKey("token", "s3cret")),
    ("HTTPBasicAuth", {"HTTPBasicAuth": "", **PERSON}, Basic("ann", "s3cret")),
    ("HTTPBasicAuth", {"HTTPBasicAuth": PERSON}, Basic("ann", "s3cret")),
    ("HTTPDigestAuth", {"HTTPDigestAuth": True, **PERSON}, Digest("ann", "s3cret")),
    ("HTTPDigestAuth", {"HTTPDigestAuth": PERSON}, Digest("ann", "s3cret")),
    ("OAuth1", {"OAuth1": None, **OAUTH1}, OAuth1("a", "b", "c", "d")),
    ("OAuth1", {"OAuth1": OAUTH1}, OAuth1("a", "b", "c", "d")),
]


def refusal(kind, given):
    with pytest.raises(BadRequest) as refused:
        parse(kind, text_of(given))
    return refused.value.message


@pytest.mark.parametrize(("kind", "given", "credentials"), SHAPES)
def test_flat_and_nested_credentials_are_read(kind, given, credentials):
    assert parse(kind, text_of(given)) == credentials
    assert parse(kind, text_of(json.dumps(given))) == credentials


@pytest.mark.parametrize("given", ["{", "[]", "5", "null", '"text"', "nonsense", "[" * 3000, 5, [], True, "\ud800"])
def test_what_is_no_json_object_is_refused(given):
    assert refusal("api_key", given) == "`_authinfo` must be parseable to a valid JSON object."


@pytest.mark.parametrize("kind", ["header_token", "api_key", "HTTPBasicAuth", "HTTPDigestAuth", "OAuth1"])
def test_the_key_of_the_type_must_be_there(kind):
    assert refusal(kind, {**PERSON, "other": 1}) == f'`_authinfo` must contain a key for "{kind}".'


@pytest.mark.parametrize(
    ("kind", "given", "field"),
    [
        ("api_key", {"api_key": "s3cret"}, "api_key_name"),
        ("api_key", {"api_key": {"api_key_name": "token"}}, "api_key"),
        ("api_key", {"api_key": 5, "api_key_name": "token"}, "api_key"),
        ("HTTPBasicAuth", {"HTTPBasicAuth": {"username": "ann"}}, "password"),
        ("HTTPDigestAuth", {"HTTPDigestAuth": "", "password": "s3cret"}, "username"),
        ("OAuth1", {"OAuth1": {**OAUTH1, "app_secret": ""}}, "app_secret"),
    ],
)
def test_a_missing_field_is_named(kind, given, field):
    message = refusal(kind, given)
    assert repr(field) in message
    assert "s3cret" not in message


@pytest.mark.parametrize(
    "name",
    ["Host", "content-length", "Transfer-Encoding", "CONNECTION", "webhook-id", "Webhook-Signature", "a b", "", "x:y"],
)
def test_headers_of_the_request_itself_are_refused(name):
    assert "header" in refusal("header_token", {"header_token": {name: "s3cret"}})


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "a\rb", "a\x00b", "a\x7fb", "snowman ☃"])
def test_header_values_that_http_cannot_carry_are_refused(value):
    assert "'X-Token'" in refusal("header_token", {"header_token": {"X-Token": value}})


@pytest.mark.parametrize("given", [{}, {"X-Token": 5}, {"X-Token": None}, "Bearer X", None, ["X-Token"]])
def test_header_tokens_are_an_object_of_texts(given):
    assert "header_token" in refusal("header_token", {"header_token": given})


@pytest.mark.parametrize("name", sorted(DOCUMENT_KEYS))
def test_an_api_key_cannot_replace_a_part_of_the_document(name):
    assert repr(name) in refusal("api_key", {"api_key": "s3cret", "api_key_name": name})


def test_more_than_kms_encrypts_is_refused():
    assert "4096" in refusal("api_key", {**API_KEY, "more": "x" * MAX_BYTES})
    largest = json.dumps({**API_KEY, "more": ""})
    filled = json.dumps({**API_KEY, "more": "x" * (MAX_BYTES - len(largest))})
    assert parse("api_key", text_of(filled)) == ApiKey("token", "s3cret")


@pytest.mark.parametrize(
    ("kind", "username"), [("HTTPBasicAuth", "a:b"), ("HTTPBasicAuth", "a\nb"), ("HTTPDigestAuth", 'a"b')]
)
def test_user_names_that_the_scheme_cannot_carry_are_refused(kind, username):
    assert "username" in refusal(kind, {kind: {**PERSON, "username": username}})


@pytest.mark.parametrize(("_", "__", "credentials"), SHAPES)
def test_credentials_do_not_show_their_secrets(_, __, credentials):
    for secret in secrets_of(credentials):
        assert secret not in repr(credentials).replace(type(credentials).__name__, "")


def test_header_tokens_become_headers():
    document, headers, auth = apply(HeaderToken({"Authorization": "Bearer X"}), {"a": 1}, {"webhook-id": "7"})
    assert (document, headers, auth) == ({"a": 1}, {"webhook-id": "7", "Authorization": "Bearer X"}, None)


def test_an_api_key_becomes_a_key_of_the_document():
    before = {"inputs": {}}
    document, headers, auth = apply(ApiKey("token", "k"), before, {})
    assert (document, headers, auth) == ({"inputs": {}, "token": "k"}, {}, None)
    assert before == {"inputs": {}}


def test_no_credentials_add_nothing():
    assert apply(None, {"a": 1}, {"b": "2"}) == ({"a": 1}, {"b": "2"}, None)


def test_basic_authentication_speaks_utf8():
    _, _, auth = apply(Basic("änn", "☃"), {}, {})
    signed = auth(requests.Request("POST", "https://example.org/").prepare())
    assert signed.headers["Authorization"] == "Basic w6RubjrimIM="


def test_digest_authentication_is_that_of_requests():
    assert apply(Digest("ann", "pw"), {}, {})[2] == HTTPDigestAuth("ann", "pw")
