"""Siderostat behind nginx and behind Caddy, by the files that we ship: TLS, headers, sizes, times, logs."""

import json
import re
import subprocess
import time

import pytest
import requests

from infra.local.http.listening import free_port
from tests.deep.proxies import Proxy
from tests.infra.serve import Serve
from tests.support.outside import Outside, large_result
from tests.support.service import StubService
from tests.support.stub_server import QuietHandler, StubServer

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("proxies")]

UPLOADED = 200_000_000
"""Bytes of a result, which no answer and no post could have."""

LONGEST_ANSWER = 30
"""Seconds; the API itself gives up after 29."""

KINDS = pytest.mark.parametrize("kind", ["nginx", "caddy"])


class Echo(QuietHandler):
    """Remembers what reaches Siderostat's place, and takes its time if it is told to."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.heads.append((self.path, dict(self.headers)))
        time.sleep(LONGEST_ANSWER if self.path == "/slow" else 0)
        body = b"echo"
        self.send_response(200)
        self.send_header("Strict-Transport-Security", "max-age=1")
        self.send_header("Content-Security-Policy", "default-src 'none'")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()


@pytest.fixture
def echo():
    with StubServer(Echo) as server:
        server.heads = []
        yield server


@KINDS
def test_people_and_services_elsewhere_use_it_by_its_public_url(kind, tmp_path):
    port = free_port()
    with StubService() as service, Proxy(kind, tmp_path, port) as proxy:
        data = tmp_path / "data"
        stack = ("--port", str(port), "--data", str(data), "--public-url", proxy.url)
        with Serve(tmp_path / "log", *stack):
            token = (data / "admin-token").read_text().strip()
            outside = Outside(proxy.url, token, proxy.certificate)
            _wait_until_healthy(outside)
            run, received = outside.received_run(service)
            assert received.document["callback_url"].startswith(f"{proxy.url}/api/webhook/obj_analysis/")
            found, document = large_result(ballast=UPLOADED)
            assert outside.upload(received, document).startswith(f"{proxy.url}/")
            link = _large_link(outside, run)
            assert link.startswith(f"{proxy.url}/")
            assert outside.call("GET", f"/api/obj/analysis/{run}/results").json()["data"]["found"] == found
            assert outside.session.get(link.replace("X-Amz-Signature=", "X-Amz-Signature=0")).status_code == 403
            _check_session(outside, token)
            _check_answers(outside, proxy, token)
        wrong = f"/api/webhook/obj_analysis/{received.token}"
        assert outside.session.post(f"{proxy.url}{wrong}", json={}, timeout=60).status_code in {502, 503}
    logged = proxy.logged()
    signature = re.search("X-Amz-Signature=([0-9a-f]{64})", link)[1]
    assert logged
    for secret in (token, received.token, signature, "X-Amz-Credential"):
        assert secret not in logged


def _wait_until_healthy(outside):
    deadline = time.monotonic() + 40  # Caddy has asked before the stack was there, and asks again after 30 s
    while outside.call("GET", "/api/health").status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.5)


def _large_link(outside, run):
    deadline = time.monotonic() + 120
    while True:
        answer = outside.call("GET", f"/api/obj/analysis/{run}/results", allow_redirects=False)
        if answer.status_code == 307:
            return answer.headers["Location"]
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.5)


def _check_session(outside, token):
    """Sign in as a page does: the cookie is one that browsers keep to https and to this host."""
    own = {"Sec-Fetch-Site": "same-origin"}
    answer = outside.call("POST", "/api/internal/session", headers=own, json={"token": token})
    assert answer.status_code == 200, answer.text
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-")
    assert {"Secure", "HttpOnly", "SameSite=Strict"} <= set(cookie.split("; "))
    pair = cookie.partition(";")[0]
    profile = outside.session.get(f"{outside.url}/api/internal/profile", headers=own | {"Cookie": pair}, timeout=30)
    assert profile.status_code == 200
    foreign = {"Cookie": pair, "Sec-Fetch-Site": "cross-site"}
    body = {"name": "foreign"}
    refused = outside.session.post(f"{outside.url}/api/groups", json=body, headers=foreign, timeout=30)
    assert refused.status_code in {401, 403}


def _check_answers(outside, proxy, token):
    for path in ("/", "/api/sysinfo", "/api/nowhere"):
        headers = outside.call("GET", path).raw.headers
        for name in ("Strict-Transport-Security", "Content-Security-Policy", "X-Content-Type-Options"):
            assert len(headers.getlist(name)) == 1, (path, name)
    status, body = _posted(proxy, 5_000_000, "--header", f"Authorization: token {token}")
    assert (status, json.loads(body)["status"]) == (413, "error")


@KINDS
def test_what_reaches_the_site_says_who_asked_and_how(kind, tmp_path, echo):
    with Proxy(kind, tmp_path, echo.server_port) as proxy:
        session = requests.Session()
        session.verify, session.trust_env = proxy.certificate, False
        lies = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "http"}
        answer = session.get(f"{proxy.url}/api/a%2Fb/c%20d?x=1&x=%2B", headers=lies, timeout=30)
        assert answer.text == "echo"
        for name in ("Strict-Transport-Security", "Content-Security-Policy"):
            assert len(answer.raw.headers.getlist(name)) == 1
        path, headers = next(head for head in echo.heads if head[0] != "/api/health")
        assert path == "/api/a%2Fb/c%20d?x=1&x=%2B"
        assert headers["Host"] == f"localhost:{proxy.port}"
        assert headers["X-Forwarded-Proto"] == "https"
        assert headers["X-Forwarded-For"] == "127.0.0.1"
        assert session.post(f"{proxy.url}/api/groups", data=b"x" * 10_900_000, timeout=30).status_code == 200
        assert _posted(proxy, 12_500_000)[0] == 413


def _posted(proxy, size, *options):
    """Post with curl, which reads an answer that comes before it has sent everything; return status and body."""
    command = ["curl", "--silent", "--http1.1", "--cacert", proxy.certificate, "--data-binary", "@-"]
    command += ["--write-out", "%{http_code}", *options, f"{proxy.url}/api/groups"]
    done = subprocess.run(command, input=bytes(size), capture_output=True, check=False)
    return int(done.stdout[-3:]), done.stdout[:-3]


@KINDS
def test_the_longest_answer_is_waited_for(kind, tmp_path, echo):
    with Proxy(kind, tmp_path, echo.server_port) as proxy:
        assert requests.get(f"{proxy.url}/slow", verify=proxy.certificate, timeout=60).text == "echo"
