"""Services that answer with a redirect: followed a little way, the POST as it is, without credentials elsewhere."""

import json
from contextlib import ExitStack

import pytest
import requests
from requests.auth import HTTPBasicAuth, HTTPDigestAuth

from chalicelib.outgoing import redirects
from chalicelib.outgoing.bounded_http import Limits
from chalicelib.outgoing.post import post_json, send
from chalicelib.outgoing.redirects import NotFollowed
from chalicelib.services.credentials import apply, secrets_of
from chalicelib.services.schemes import ApiKey, Basic, HeaderToken, OAuth1
from chalicelib.settings import settings
from tests.outgoing.raw_server import RawServer

LOCAL = ("127.0.0.1", "localhost")
STATUSES = ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]
DOCUMENT = json.dumps({"inputs": {"photometry": "mjd\n59000.5\n"}, "callback_url": "https://x/abc"}).encode()
SIGNATURE = {"webhook-id": "analysis_1", "webhook-timestamp": "1", "webhook-signature": "v1,c2ln"}


def post(url, document=DOCUMENT, headers=None, auth=None, **more):
    limits = more.pop("limits", Limits(connect_seconds=1.0, total_seconds=5.0))
    return post_json(url, document, headers or {}, auth, allowed_hosts=LOCAL, limits=limits, **more)


def path_of(request):
    return request.split(b" ")[1].decode()


def body_of(request):
    return request.partition(b"\r\n\r\n")[2]


def serving(answers):
    """A server that answers by path: a text for 200, or a status and a Location."""

    def behave(connection):
        answer = answers[path_of(connection.request())]
        if isinstance(answer, bytes):
            connection.answer("200 OK", answer)
        else:
            status, location = answer
            connection.answer(status, b"gone", Location=location.format(port=server.port))

    server = RawServer(behave)
    return server


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(
    "location", ["/next", "next", "http://127.0.0.1:{port}/next", "//127.0.0.1:{port}/next", "../next#part", " /next "]
)
def test_the_same_post_goes_on_to_where_a_redirect_leads(status, location):
    with serving({"/analysis": (status, location), "/next": b"taken"}) as server:
        outcome = post(server.url, headers={"X-Token": "secret", **SIGNATURE})
    assert (outcome.kind, outcome.http_status, outcome.text) == ("taken", 200, "taken")
    first, second = server.requests
    assert second.startswith(b"POST /next HTTP/1.1\r\n")
    assert body_of(first) == body_of(second) == DOCUMENT
    for header in (b"Content-Type: application/json", b"X-Token: secret", b"webhook-signature: v1,c2ln"):
        assert header in second


def test_a_query_belongs_to_where_it_leads():
    with serving({"/analysis?a=1": ("307 Go", "?b=2"), "/analysis?b=2": b"in"}) as server:
        assert post(server.url + "?a=1").text == "in"


def test_three_redirects_are_followed_and_a_fourth_is_named():
    chain = {f"/{step}": ("307 Go", f"/{step + 1}") for step in range(4)}
    with serving({**chain, "/4": b"too far"}) as server:
        base = f"http://127.0.0.1:{server.port}"
        assert post(f"{base}/1").text == "too far"
        server.requests.clear()
        outcome = post(f"{base}/0")
    assert (outcome.kind, outcome.http_status) == ("refused", 307)
    assert outcome.text.startswith(f"The redirect to {base}/4 is not followed. 3 redirects")
    assert [path_of(request) for request in server.requests] == ["/0", "/1", "/2", "/3"]


@pytest.mark.parametrize("answers", [{"/analysis": "/analysis"}, {"/analysis": "/b", "/b": "/c", "/c": "/b#x"}])
def test_a_circle_is_left_and_named(answers):
    with serving({path: ("302 Go", location) for path, location in answers.items()}) as server:
        outcome, base = post(server.url), server.url.removesuffix("/analysis")
    assert (outcome.kind, outcome.http_status) == ("refused", 302)
    last = [*answers.values()][-1].partition("#")[0]
    assert outcome.text == f"The redirect to {base}{last} is not followed. It leads in a circle."
    assert len(server.requests) == len(answers)


@pytest.mark.parametrize(
    ("location", "named"),
    [
        ("http://[", "http://["),
        ("//", "http://"),
        ("file:///etc/passwd", "file:///etc/passwd"),
        ("ftp://127.0.0.1/x", "ftp://127.0.0.1/x"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("http://127.0.0.2:9/", "http://127.0.0.2:9/"),
        ("http://127.0.0.1:0/", "http://127.0.0.1:0/"),
        ("http://127.0.0.1:99999/", "http://127.0.0.1:99999/"),
        ("http://ann:pass-word@127.0.0.1/", "http://127.0.0.1/"),
        ("http://10.0.0.1/?access_token=abc&x=1", "http://10.0.0.1/?access_token=…&x=1"),
        ("http://10.0.0.1/t0ken/s%C3%A9cret", "http://10.0.0.1/[secret]/[secret]"),
        ("http://10.0.0.1/" + "a" * 5000, "http://10.0.0.1/aaa"),
        ("http://10.0.0.1/\x1b[2J<b>", "http://10.0.0.1/"),
    ],
)
def test_what_is_not_followed_is_named_without_secrets(location, named):
    with RawServer(lambda c: (c.request(), c.answer("307 Go", b"body", Location=location))) as server:
        outcome = post(server.url, secrets=("t0ken", "s\u00e9cret"))
    assert (outcome.kind, outcome.http_status) == ("refused", 307)
    assert outcome.text.startswith(f"The redirect to {named}")
    assert " is not followed. " in outcome.text
    assert len(outcome.text) < 600
    assert outcome.text.isprintable()
    for secret in ("pass-word", "abc", "t0ken", "C3%A9"):
        assert secret not in outcome.text
    assert len(server.requests) == 1


@pytest.mark.parametrize("headers", [{}, {"Location": ""}, {"Location": "  "}])
def test_a_redirect_to_nowhere_says_so(headers):
    with RawServer(lambda c: (c.request(), c.answer("307 Go", b"body", **headers))) as server:
        outcome = post(server.url)
    assert (outcome.kind, outcome.http_status) == ("refused", 307)
    assert outcome.text == "The redirect is not followed. Its Location is missing."


@pytest.mark.parametrize("status", ["300 Choose", "304 Same", "305 Proxy", "306 Odd", "399 Odd"])
def test_other_3xx_are_refusals_like_any_other(status):
    with RawServer(lambda c: (c.request(), c.answer(status, b"text", Location="/next"))) as server:
        outcome = post(server.url)
    assert (outcome.kind, outcome.http_status) == ("refused", int(status[:3]))
    assert len(server.requests) == 1


CREDENTIALS = {
    "header_token": HeaderToken({"Authorization": "Bearer SECRET", "X-Key": "SECRET"}),
    "api_key": ApiKey("key", "SECRET"),
    "basic": Basic("ann", "SECRET"),
    "oauth1": OAuth1("app", "SECRET", "SECRET", "SECRET"),
}


def with_credentials(kind):
    document, headers, auth = apply(CREDENTIALS[kind], json.loads(DOCUMENT), SIGNATURE)
    return json.dumps(document).encode(), headers, auth, secrets_of(CREDENTIALS[kind])


@pytest.mark.parametrize("kind", CREDENTIALS)
@pytest.mark.parametrize("host", LOCAL)
def test_another_host_gets_the_document_and_neither_credentials_nor_signature(kind, host):
    document, headers, auth, secrets = with_credentials(kind)
    with serving({"/next": b"taken"}) as other:
        there = f"http://{host}:{other.port}/next"
        with RawServer(lambda c: (c.request(), c.answer("307 Go", Location=there))) as server:
            outcome = post(server.url, document, headers, auth, secrets=secrets)
    assert (outcome.kind, outcome.text) == ("taken", "taken")
    [first], [second] = server.requests, other.requests
    shown = b"SECRET" in first or b"Authorization: " in first
    assert shown
    assert json.loads(body_of(second)) == json.loads(DOCUMENT)
    head = second.partition(b"\r\n\r\n")[0].lower()
    for word in (b"secret", b"authorization", b"webhook-", b"x-key", b"oauth"):
        assert word not in head


@pytest.mark.parametrize("kind", CREDENTIALS)
def test_the_same_host_gets_credentials_and_signature_again(kind):
    document, headers, auth, secrets = with_credentials(kind)
    with serving({"/analysis": ("307 Go", "/next"), "/next": b"taken"}) as server:
        post(server.url, document, headers, auth, secrets=secrets)
    second = server.requests[1]
    assert body_of(second) == document
    assert b"webhook-signature: v1,c2ln" in second
    if kind != "api_key":
        assert b"\r\nAuthorization: " in second


def test_an_oauth1_signature_is_made_anew_for_where_it_leads():
    _, _, auth, secrets = with_credentials("oauth1")
    with serving({"/analysis": ("307 Go", "/next"), "/next": b"in"}) as server:
        post(server.url, auth=auth, secrets=secrets)
    first, second = (request.split(b"oauth_signature=")[1].split(b'"')[1] for request in server.requests)
    assert first != second


def test_a_digest_handshake_goes_on_behind_a_redirect():
    def behave(connection):
        request = connection.request()
        if path_of(request) == "/analysis":
            connection.answer("307 Go", Location="/next")
        elif b"Authorization: Digest " in request:
            connection.answer("200 OK", b"in")
        else:
            connection.answer("401 Who", WWW_Authenticate='Digest realm="a", nonce="b", qop="auth"')

    with RawServer(behave) as server:
        assert post(server.url, auth=HTTPDigestAuth("ann", "pw")).text == "in"


def test_a_language_models_key_does_not_go_elsewhere():
    inputs = {"analysis_parameters": {"openai_api_key": "sk-SECRET", "style": "short"}, "comments": "text\nsk-SECRET\n"}
    bare = redirects.without_secrets(json.dumps({"inputs": inputs}).encode(), ("sk-SECRET", ""))
    assert json.loads(bare)["inputs"]["analysis_parameters"] == {"style": "short"}
    same = json.dumps({"inputs": {"a": [1, "x"]}}).encode()
    assert redirects.without_secrets(same, ("sk-SECRET",)) is same


def request_to(url, **credentials):
    return requests.Request("POST", url, {"Content-Type": "application/json", **SIGNATURE}, data=b"{}", **credentials)


@pytest.mark.parametrize(
    ("url", "target", "same"),
    [
        ("https://a.example/x", "https://a.example/y", True),
        ("https://a.example/x", "https://A.example:443/y", True),
        ("http://a.example/x", "https://a.example/y", True),
        ("http://a.example:6801/x", "https://a.example/y", False),
        ("https://a.example/x", "https://a.example:8443/y", False),
        ("https://a.example/x", "https://b.example/y", False),
        ("https://a.example/x", "https://a.example.evil.example/y", False),
    ],
)
def test_who_is_the_same_host(url, target, same):
    moved = redirects.moved(request_to(url, auth=HTTPBasicAuth("a", "b")), target, ())
    assert (moved.method, moved.url, moved.data) == ("POST", target, b"{}")
    assert (moved.auth is not None) is same
    assert ("webhook-signature" in moved.headers) is same
    assert moved.headers["Content-Type"] == "application/json"


def test_credentials_that_came_over_tls_do_not_go_on_without_it():
    plain = requests.Request("POST", "https://a.example/x", {"Content-Type": "application/json"}, data=b"{}")
    for target in ("http://a.example/y", "http://b.example/y"):
        assert redirects.moved(plain, target, ()).url == target
        for request in (request_to("https://a.example/x"), requests.Request("POST", plain.url, auth=("a", "b"))):
            with pytest.raises(NotFollowed, match="from https to http"):
                redirects.moved(request, target, ())
        keyed = requests.Request("POST", plain.url, data=b'{"key": "SECRET"}')
        with pytest.raises(NotFollowed, match="from https to http"):
            redirects.moved(keyed, target, ("SECRET",))


def test_where_plain_http_is_forbidden_a_redirect_does_not_lead_there(monkeypatch):
    monkeypatch.setenv("SIDEROSTAT_HTTPS_ONLY", "true")
    settings.cache_clear()
    try:
        with RawServer(lambda c: (c.request(), c.answer("307 Go", Location="http://a.example/"))) as server:
            outcome = post(server.url)
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert outcome.text.startswith("The redirect to http://a.example/ is not followed. It must begin with https://")


def test_all_redirects_have_one_deadline_and_one_that_hangs_may_be_running():
    def behave(connection):
        if path_of(connection.request()) == "/hang":
            connection.hang()
        connection.answer("307 Go", Location="/hang")

    with RawServer(behave) as server:
        outcome = post(server.url, limits=Limits(connect_seconds=1, total_seconds=1))
    assert outcome.kind == "unknown"
    assert outcome.milliseconds < 3000


def test_what_happens_behind_a_redirect_says_where():
    with ExitStack() as stack:
        down = stack.enter_context(RawServer(lambda c: c.reset()))
        here = f"http://127.0.0.1:{down.port}"
    for there, status, text in (
        (f"{here}/next", None, f"After a redirect to {here}/next: The service could not be reached"),
        ("/lost", 404, "After a redirect to http://127.0.0.1:{port}/lost: no such path"),
    ):

        def behave(connection, there=there):
            lost = path_of(connection.request()) == "/lost"
            connection.answer("404 Where" if lost else "307 Go", b"no such path", Location=there)

        with RawServer(behave) as server:
            outcome = post(server.url)
            expected = text.format(port=server.port)
        assert outcome.http_status == status
        assert outcome.text.startswith(expected)


def test_cookies_do_not_go_on():
    def behave(connection):
        done = path_of(connection.request()) == "/next"
        connection.answer("200 OK" if done else "307 Go", Location="/next", Set_Cookie="session=1; Path=/")

    with RawServer(behave) as server:
        assert post(server.url).kind == "taken"
    assert b"Cookie" not in server.requests[1]


def test_a_get_stays_a_get():
    with serving({"/analysis": ("303 Go", "/next"), "/next": b"active"}) as server:
        assert send(requests.Request("GET", server.url), allowed_hosts=LOCAL).text == "active"
    assert [request.split(b" ")[0] for request in server.requests] == [b"GET", b"GET"]


def test_a_path_beyond_ascii_is_percent_encoded():
    with serving({"/analysis": ("307 Go", "/n\u00e9xt a"), "/n%C3%A9xt%20a": b"in"}) as server:
        assert post(server.url).text == "in"
