"""The messages of a refused registration, which clients look for: the same for a new service and for a change."""

import pytest

from tests.services.registering import HEADER_TOKEN, register, service_body

SERVICES = "/api/analysis_service"
AUTHINFO_REQUIRED = '`_authinfo` is required to add an Analysis Service when authentication_type is not "none".'
KINDS = "`authentication_type` must be one of: none, header_token, api_key, HTTPBasicAuth, HTTPDigestAuth, OAuth1."

EXACT = [
    ({"url": None}, "`url` is required to add an Analysis Service."),
    ({"url": ""}, "`url` is required to add an Analysis Service."),
    ({"authentication_type": None}, "`authentication_type` is required to add an Analysis Service."),
    ({"authentication_type": "api_key"}, AUTHINFO_REQUIRED),
    ({"authentication_type": "api_key", "_authinfo": ""}, AUTHINFO_REQUIRED),
    ({"authentication_type": "OAuth1", "authinfo": None}, AUTHINFO_REQUIRED),
    ({"optional_analysis_parameters": '{"a": ["b"}'}, "Could not parse `optional_analysis_parameters` as JSON."),
    ({"optional_analysis_parameters": ["a"]}, "Could not parse `optional_analysis_parameters` as JSON."),
    ({"optional_analysis_parameters": "[1]"}, "Could not parse `optional_analysis_parameters` as JSON."),
    ({"optional_analysis_parameters": "[" * 60_000}, "Could not parse `optional_analysis_parameters` as JSON."),
    ({"authentication_type": "magic"}, KINDS),
    ({"authentication_type": ["none"]}, KINDS),
    (
        {"authentication_type": "api_key", "_authinfo": "not json"},
        "`_authinfo` must be parseable to a valid JSON object.",
    ),
    (
        {"authentication_type": "api_key", "_authinfo": HEADER_TOKEN},
        '`_authinfo` must contain a key for "api_key".',
    ),
]

STARTS = [
    ({"url": "not a url"}, "a valid `url` is required to add an Analysis Service."),
    ({"url": "https://10.0.0.1/"}, "a valid `url` is required to add an Analysis Service."),
    ({"url": 5}, "a valid `url` is required to add an Analysis Service."),
    ({"name": None}, 'Invalid/missing parameters: {"name"'),
    ({"name": " "}, 'Invalid/missing parameters: {"name"'),
    ({"name": "x" * 201}, 'Invalid/missing parameters: {"name"'),
    ({"name": 5}, 'Invalid/missing parameters: {"name"'),
    ({"analysis_type": None}, 'Invalid/missing parameters: {"analysis_type"'),
    ({"analysis_type": "guessing"}, 'Invalid/missing parameters: {"analysis_type"'),
    ({"input_data_types": ["photometry", "tea leaves"]}, 'Invalid/missing parameters: {"input_data_types.1"'),
    ({"input_data_types": "photometry"}, 'Invalid/missing parameters: {"input_data_types"'),
    ({"timeout": 0}, 'Invalid/missing parameters: {"timeout"'),
    ({"timeout": -1}, 'Invalid/missing parameters: {"timeout"'),
    ({"timeout": float("nan")}, 'Invalid/missing parameters: {"timeout"'),
    ({"timeout": float("inf")}, 'Invalid/missing parameters: {"timeout"'),
    ({"timeout": 7 * 86400 + 1}, 'Invalid/missing parameters: {"timeout"'),
    ({"enabled": "perhaps"}, 'Invalid/missing parameters: {"enabled"'),
    ({"group_ids": ["a"]}, 'Invalid/missing parameters: {"group_ids.0"'),
    ({"group_ids": 5}, 'Invalid/missing parameters: {"group_ids"'),
    ({"contact_email": 5}, 'Invalid/missing parameters: {"contact_email"'),
    ({"description": "\ud800"}, "Error parsing JSON: half of a surrogate pair"),
    ({"colour": "blue"}, 'Invalid/missing parameters: {"colour"'),
    ({"optional_analysis_parameters": {"a": "x" * 65_536}}, "`optional_analysis_parameters` has "),
]


@pytest.mark.parametrize(("changes", "message"), EXACT)
def test_a_refusal_says_exactly_this(admin, changes, message):
    assert admin.post(SERVICES, service_body(**changes)).error == (400, message)
    service_id = register(admin)
    assert admin.patch(f"{SERVICES}/{service_id}", changes).error == (400, message)


@pytest.mark.parametrize(("changes", "start"), STARTS)
def test_a_refusal_begins_like_this(admin, changes, start):
    status, message = admin.post(SERVICES, service_body(**changes)).error
    assert (status, message[: len(start)]) == (400, start)
    service_id = register(admin)
    before = admin.get(f"{SERVICES}/{service_id}").data
    status, message = admin.patch(f"{SERVICES}/{service_id}", changes).error
    assert (status, message[: len(start)]) == (400, start)
    assert admin.get(f"{SERVICES}/{service_id}").data == before


def test_what_is_missing_is_said_before_what_is_wrong(admin):
    wrong = {"url": "nowhere", "authentication_type": "api_key", "optional_analysis_parameters": "{", "timeout": -1}
    assert admin.post(SERVICES, {}).error[1].startswith("`url` is required")
    assert admin.post(SERVICES, {"url": "nowhere"}).error[1].startswith("`authentication_type` is required")
    assert admin.post(SERVICES, wrong).error == (400, AUTHINFO_REQUIRED)
    wrong = {**wrong, "_authinfo": "{"}
    assert admin.post(SERVICES, wrong).error[1].startswith("a valid `url`")
    wrong = {**wrong, "url": "https://service.example.org/"}
    assert admin.post(SERVICES, wrong).error[1].startswith("Could not parse")
    wrong = {**wrong, "optional_analysis_parameters": "{}"}
    assert admin.post(SERVICES, wrong).error[1].startswith("`_authinfo` must be parseable")
    wrong = {**wrong, "authentication_type": "none"}
    assert admin.post(SERVICES, wrong).error[1].startswith("Invalid/missing parameters")


def test_no_refusal_repeats_a_secret(admin):
    for authinfo in ({"api_key": "S3CRET"}, {"api_key": "S3CRET", "api_key_name": "inputs"}, '{"api_key": "S3CRET"'):
        answer = admin.post(SERVICES, service_body(authentication_type="api_key", _authinfo=authinfo))
        assert answer.error[0] == 400
        assert b"S3CRET" not in answer.body
    answer = admin.post(
        SERVICES, service_body(authentication_type="api_key", _authinfo={"api_key": "S3CRET", "api_key_name": "k"}, x=1)
    )
    assert answer.error[0] == 400
    assert b"S3CRET" not in answer.body


def test_the_body_must_be_an_object(admin):
    assert admin.post(SERVICES, raw=b"[1]").error[0] == 400
    assert admin.post(SERVICES, raw=b"{").error[1].startswith("Error parsing JSON: ")
    assert admin.get(f"{SERVICES}/one").error[0] == 400
