"""Services at plain http:// URLs: accepted, and whoever registers or reads one is told what goes out in the clear."""

import pytest

from tests.services.registering import manager_of, register, service_body
from tests.support.people import make_group, make_user

SERVICES = "/api/analysis_service"
PLAIN = "http://amazing.analysis.invalid:6801/analysis/demo"
OAUTH = {"app_key": "k", "app_secret": "MARKED", "user_oauth_token": "t", "user_oauth_token_secret": "MARKED"}
AUTHINFOS = {
    "header_token": {"header_token": {"Authorization": "Bearer MARKED"}},
    "api_key": {"api_key": "MARKED", "api_key_name": "key"},
    "HTTPBasicAuth": {"username": "ann", "password": "MARKED", "HTTPBasicAuth": ""},
    "HTTPDigestAuth": {"HTTPDigestAuth": {"username": "ann", "password": "MARKED"}},
    "OAuth1": {"OAuth1": OAUTH},
}


def path(service_id, rest=""):
    return f"{SERVICES}/{service_id}{rest}"


def warned(api, service_id):
    """What the warnings are about, the same wherever they are read."""
    found = api.get(path(service_id, "/warnings")).data["warnings"]
    assert api.get(path(service_id, "/health")).data["warnings"] == found
    return {warning["about"]: warning["text"] for warning in found}


def test_a_service_at_a_plain_http_url_is_registered_and_read_as_any_other(admin):
    answer = admin.post(SERVICES, service_body(url=PLAIN))
    assert admin.get(path(answer.data["id"])).data["url"] == PLAIN
    assert "Warning" not in answer.headers
    assert warned(admin, answer.data["id"]) == {}


@pytest.mark.parametrize("kind", AUTHINFOS)
def test_credentials_that_go_out_unencrypted_are_named_and_not_shown(admin, kind):
    answer = admin.post(SERVICES, service_body(url=PLAIN, authentication_type=kind, _authinfo=AUTHINFOS[kind]))
    service_id = answer.data["id"]
    warnings = warned(admin, service_id)
    assert list(warnings) == ["credentials"]
    assert kind in warnings["credentials"]
    for one in (answer, admin.get(path(service_id))):
        assert one.headers["Warning"] == f'299 - "{warnings["credentials"]}"'
        assert "warning" not in one.body.decode()
    assert "MARKED" not in str(warnings)
    assert admin.post(path(service_id, "/ping")).data["warnings"] == [
        {"about": "credentials", "text": warnings["credentials"]}
    ]


def test_nothing_is_said_of_what_is_encrypted_or_never_sent(admin):
    secret = {"authentication_type": "header_token", "_authinfo": AUTHINFOS["header_token"]}
    for changes in ({"url": "https://service.example.org/"}, {"url": PLAIN, "upload_only": True}):
        service_id = register(admin, **secret, **changes)
        assert admin.post(path(service_id, "/signing_secret")).status == 200
        assert warned(admin, service_id) == {}


def test_a_change_warns_like_a_registration(admin):
    service_id = register(admin, authentication_type="header_token", _authinfo=AUTHINFOS["header_token"])
    assert "Warning" not in admin.patch(path(service_id), {"description": "new"}).headers
    answer = admin.patch(path(service_id), {"url": PLAIN})
    assert answer.data == {}
    assert "header_token" in answer.headers["Warning"]
    assert "Warning" not in admin.patch(path(service_id), {"authentication_type": "none"}).headers
    assert warned(admin, service_id) == {}


def test_a_signature_is_named(admin):
    service_id = register(admin, url=PLAIN)
    admin.post(path(service_id, "/signing_secret"))
    assert list(warned(admin, service_id)) == ["signing_secret"]
    admin.delete(path(service_id, "/signing_secret"))
    assert warned(admin, service_id) == {}


def test_llm_keys_are_named_where_they_are_sent(admin):
    service_id = register(admin, url=PLAIN, is_summary=True)
    assert warned(admin, service_id) == {}
    admin.put(path(service_id, "/trust"))
    assert list(warned(admin, service_id)) == ["llm_key"]
    admin.patch(path(service_id), {"is_summary": False})
    assert warned(admin, service_id) == {}


def test_everybody_who_sees_the_service_sees_the_warnings(admin):
    group = make_group(admin)
    service_id = register(manager_of(admin, group), url=PLAIN, group_ids=[group])
    assert warned(make_user(admin, ["View only"], groups=[group]), service_id) == {}
    stranger = make_user(admin, groups=[make_group(admin)])
    assert stranger.get(path(service_id, "/warnings")).error == (403, "Cannot access this Analysis Service.")
