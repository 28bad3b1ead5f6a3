"""The pages' session: a cookie in place of a token, made, asked for and ended."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib import clock, memory
from chalicelib.settings import settings
from tests.support.api import Api
from tests.support.aws_calls import recorded_aws_calls
from tests.support.people import make_group, make_token, make_user
from tests.support.sky import make_sky, make_source

SESSION = "/api/internal/session"
OURS = {"Sec-Fetch-Site": "same-origin"}
HTTPS = {"Host": "siderostat.example.org", "X-Forwarded-Proto": "https"}
LOCAL = {"Host": "127.0.0.1:8000"}


class Browser(Api):
    """Keeps a cookie, and says like a browser where its requests come from."""

    def __init__(self, place=None):
        super().__init__(None)
        self.place, self.cookie = place or LOCAL, None

    def call(self, method, path, json_body=None, *, headers=None, site="same-origin", **kw):
        sent = {**self.place, **({"Cookie": self.cookie} if self.cookie else {}), **(headers or {})}
        if site is not None:
            sent["Sec-Fetch-Site"] = site
        answer = super().call(method, path, json_body, headers=sent, **kw)
        if "Set-Cookie" in answer.headers:
            self.cookie = answer.headers["Set-Cookie"].split(";")[0]
        return answer

    def sign_in(self, token):
        return self.post(SESSION, {"token": token})


@pytest.fixture
def user(admin):
    return make_user(admin, groups=[make_group(admin, "near")], first_name="Ann")


@pytest.fixture
def browser(user):
    browser = Browser()
    assert browser.sign_in(user.token).status == 200
    return browser


def test_signing_in_says_who_one_is_and_what_the_token_permits(admin, user):
    narrow = make_token(admin, user.user_id, ["Comment"])
    browser = Browser()
    signed_in = browser.sign_in(narrow.token).data
    assert signed_in["user"]["id"] == user.user_id
    assert signed_in["user"]["first_name"] == "Ann"
    assert "near" in [group["name"] for group in signed_in["groups"]]
    assert all(set(group) == {"id", "name"} for group in signed_in["groups"])
    assert signed_in["permissions"] == ["Comment"]
    assert signed_in["is_admin"] is False
    assert browser.get(SESSION).data == signed_in


def test_it_ends_after_two_weeks_or_when_the_account_closes(admin, user, browser):
    ends = datetime.fromisoformat(browser.get(SESSION).data["expires_at"])
    assert timedelta(days=13.9) < ends - clock.now() < timedelta(days=14.1)
    closing = (clock.now() + timedelta(days=1)).replace(microsecond=0)
    admin.patch(f"/api/user/{user.user_id}", {"expirationDate": closing.isoformat()})
    assert browser.get(SESSION).data["expires_at"] == closing.isoformat()
    admin.patch(f"/api/user/{user.user_id}", {"expirationDate": "2020-01-01"})
    assert browser.get(SESSION).error[0] == 401


def test_over_https_the_cookie_is_for_this_host_alone(user):
    browser = Browser(HTTPS)
    header = browser.sign_in(user.token).headers["Set-Cookie"]
    assert header.startswith("__Host-siderostat=")
    attributes = {part.strip() for part in header.split(";")[1:]}
    assert {"Path=/", "Secure", "HttpOnly", "SameSite=Strict"} <= attributes
    assert not [one for one in attributes if one.startswith("Domain")]
    assert browser.get("/api/groups").status == 200


def test_on_this_machine_it_is_plain_and_of_its_port(user):
    header = Browser({"Host": "localhost:9000"}).sign_in(user.token).headers["Set-Cookie"]
    assert header.startswith("siderostat-9000=")
    assert "Secure" not in header
    assert {"HttpOnly", "SameSite=Strict"} <= {part.strip() for part in header.split(";")}


HOSTS = ["192.168.1.5:8000", "127.0.0.1.example.org", "localhost.evil"]


@pytest.mark.parametrize("host", [*HOSTS, "[::1", "a:b"])
def test_anywhere_else_it_is_secure(user, host):
    browser = Browser({"Host": host, "X-Forwarded-Proto": "https"})
    assert "Secure" in browser.sign_in(user.token).headers["Set-Cookie"]


@pytest.mark.parametrize("host", HOSTS)
def test_where_a_browser_keeps_no_session_it_is_told(user, host, monkeypatch):
    code, message = Browser({"Host": host}).sign_in(user.token).error
    assert code == 403
    assert "https" in message
    behind_proxy = replace(settings(), public_url="https://example.org")
    monkeypatch.setattr("chalicelib.accounts.session_cookie.settings", lambda: behind_proxy)
    assert "Secure" in Browser({"Host": host}).sign_in(user.token).headers["Set-Cookie"]


def test_nothing_of_the_token_is_in_the_cookie(user, browser):
    assert user.token not in browser.cookie
    assert re.fullmatch(r"siderostat-8000=[A-Za-z0-9_-]{43}", browser.cookie)


def test_a_wrong_token_is_a_sentence(stack):
    for token in ("nonsense", "ab5a5a13-3ad4-4c0a-a3a3-79a8d6a5d5a1", "ä"):
        answer = Browser().sign_in(token)
        assert answer.error == (401, "Unknown token.")
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("body", [{}, {"token": 5}, {"token": ""}, {"token": "a", "ticket": "b"}, {"token": ["a"]}])
def test_what_is_no_token_is_refused(stack, body):
    assert Browser().post(SESSION, body).error[0] == 400


def test_the_cookie_does_what_the_token_may(admin, user, browser):
    assert browser.get("/api/internal/profile").data["id"] == user.user_id
    assert browser.post("/api/groups", {"name": "new"}).status == 200
    viewer = Browser()
    viewer.sign_in(make_token(admin, user.user_id, []).token)
    assert viewer.post("/api/groups", {"name": "newer"}).error[0] == 401


@pytest.mark.parametrize("site", [None, "", "cross-site", "same-site", "none", "same-origin, cross-site"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_what_may_change_something_must_come_from_the_pages(user, browser, method, site):
    path = {"PUT": "/api/analysis_service/1/limits", "DELETE": SESSION, "PATCH": "/api/internal/profile"}
    answer = browser.call(method, path.get(method, "/api/groups"), {"name": "forged"}, site=site)
    assert answer.error[0] == 403
    assert "forged" not in [group["name"] for group in browser.get("/api/groups").data["user_groups"]]
    assert browser.get(SESSION).status == 200


def test_reading_needs_no_word_of_the_browser(browser):
    assert browser.get("/api/groups", site=None).status == 200


def test_a_token_is_not_concerned(user, browser):
    headers = {"Authorization": f"token {user.token}", "Cookie": browser.cookie}
    for site in (None, "cross-site"):
        assert browser.post("/api/groups", {"name": f"{site}"}, headers=headers, site=site).status == 200
    wrong = {"Authorization": "token nonsense", "Cookie": browser.cookie}
    assert browser.get("/api/groups", headers=wrong).error[0] == 401


def test_another_sites_page_can_sign_nobody_in(user, browser):
    for site in ("cross-site", "same-site"):
        answer = Browser().post(SESSION, {"token": user.token}, site=site)
        assert answer.error[0] == 403
        assert "Set-Cookie" not in answer.headers
    assert Browser().post(SESSION, {"token": user.token}, site=None).status == 200
    assert browser.post(SESSION, {"token": user.token}, site=None).error[0] == 403


def test_after_signing_out_the_cookie_is_worthless_everywhere_at_once(browser):
    old = browser.cookie
    answer = browser.delete(SESSION)
    assert answer.status == 200
    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    memory.forget()  # as in any other process
    browser.cookie = old
    assert browser.get(SESSION).error[0] == 401
    assert browser.get("/api/groups").error[0] == 401
    assert browser.delete(SESSION).error[0] == 401


def test_a_process_that_has_just_seen_it_does_not_go_on_with_an_ended_session(browser):
    from chalicelib.accounts.sessions import end

    browser.get("/api/groups")
    end({"host": LOCAL["Host"], "cookie": browser.cookie})  # by another process: nothing is forgotten in this one
    assert browser.get("/api/groups").error[0] == 401


def test_one_session_ends_alone(user, browser):
    other = Browser()
    other.sign_in(user.token)
    assert other.cookie != browser.cookie
    browser.delete(SESSION)
    assert other.get(SESSION).status == 200


def test_it_ends_with_its_token(user, browser):
    assert browser.get(SESSION).status == 200
    user.delete(f"/api/internal/tokens/{user.token}")
    assert browser.get(SESSION).error == (401, "Your session has ended: sign in again.")


def test_it_ends_when_its_time_is_over(user, browser, monkeypatch):
    import time

    later = time.time() + 15 * 24 * 3600
    monkeypatch.setattr("chalicelib.accounts.items.session.time.time", lambda: later)
    assert browser.get(SESSION).error[0] == 401


@pytest.mark.parametrize("value", ["", "x", "x" * 43, "../x", "a" * 10_000, '"quoted"', "a=b", "%00", "ä"])
def test_a_made_up_cookie_is_nobody(stack, value):
    browser = Browser()
    browser.cookie = f"siderostat-8000={value}"
    assert browser.get(SESSION).error[0] == 401


def test_the_plain_cookie_does_nothing_over_https(user, browser):
    other = Browser(HTTPS)
    other.cookie = browser.cookie
    assert other.get(SESSION).error[0] == 401
    other.cookie = browser.cookie.replace("siderostat-8000", "siderostat")
    assert other.get(SESSION).error[0] == 401


def test_other_cookies_are_left_alone(browser):
    browser.cookie = f"a=b; broken; {browser.cookie}; c=;"
    assert browser.get(SESSION).status == 200


def test_a_request_with_the_cookie_takes_one_call_more_than_with_a_token(user, browser):
    browser.get("/api/acls")
    with recorded_aws_calls() as calls:
        browser.get("/api/acls")
    assert calls == ["GetItem"]
    with recorded_aws_calls() as calls:
        user.get("/api/acls")
    assert calls == []


def test_comments_of_a_person_at_the_pages_are_no_robots(admin):
    sky = make_sky(admin)
    obj_id = make_source(sky.user, group_ids=[sky.group_id])
    browser = Browser()
    browser.sign_in(sky.user.token)
    for api in (browser, sky.user):
        assert api.post(f"/api/sources/{obj_id}/comments", {"text": "hm"}).status == 200
    comments = sky.user.get(f"/api/sources/{obj_id}/comments").data
    assert [comment["bot"] for comment in comments] == [False, True]


def test_a_sign_in_link_works_once(user):
    made = user.post(f"{SESSION}/ticket").data
    assert user.token not in str(made)
    assert timedelta() < datetime.fromisoformat(made["expires_at"]) - clock.now() <= timedelta(minutes=15)
    browser = Browser()
    assert browser.post(SESSION, {"ticket": made["ticket"]}).data["user"]["id"] == user.user_id
    assert browser.get("/api/groups").status == 200
    code, message = Browser().post(SESSION, {"ticket": made["ticket"]}).error
    assert code == 401
    assert "used already" in message
    assert browser.get(SESSION).status == 200


def test_a_sign_in_link_is_short_lived_and_ends_with_its_token(user, monkeypatch):
    import time

    first, second = (user.post(f"{SESSION}/ticket").data["ticket"] for _ in range(2))
    user.delete(f"/api/internal/tokens/{user.token}")
    assert Browser().post(SESSION, {"ticket": first}).error[0] == 401
    later = time.time() + 16 * 60
    monkeypatch.setattr("chalicelib.accounts.items.session.time.time", lambda: later)
    assert Browser().post(SESSION, {"ticket": second}).error[0] == 401


def test_a_ticket_is_no_cookie_and_a_cookie_no_ticket(user, browser):
    ticket = user.post(f"{SESSION}/ticket").data["ticket"]
    forged = Browser()
    forged.cookie = f"siderostat-8000={ticket}"
    assert forged.get(SESSION).error[0] == 401
    assert Browser().post(SESSION, {"ticket": browser.cookie.partition("=")[2]}).error[0] == 401


def test_a_session_makes_no_tickets(browser):
    assert browser.post(f"{SESSION}/ticket").error[0] == 401


def test_who_is_asked_with_a_token_as_well(user):
    answer = user.get(SESSION).data
    assert (answer["user"]["id"], answer["expires_at"]) == (user.user_id, None)
