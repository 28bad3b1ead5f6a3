"""What becomes of a request to a service, over real sockets."""

import gzip
import json
import random
import socket
import ssl
import struct
import threading
import time
import tracemalloc
import zlib
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from requests.auth import HTTPBasicAuth, HTTPDigestAuth

from chalicelib.outgoing.bounded_http import Limits
from chalicelib.outgoing.post import NO_ACKNOWLEDGEMENT, post_json
from chalicelib.services.credentials import apply
from chalicelib.services.schemes import OAuth1
from chalicelib.settings import settings
from tests.outgoing.raw_server import RawServer

LOCAL = ("127.0.0.1", "localhost")
QUICK = Limits(connect_seconds=1.0, total_seconds=1.0)


def post(url, document=b"{}", headers=None, auth=None, *, allowed_hosts=LOCAL, limits=QUICK, **more):
    return post_json(url, document, headers or {}, auth, allowed_hosts=allowed_hosts, limits=limits, **more)


def answering(status, body=b"", **headers):
    def behave(connection):
        connection.request()
        connection.answer(status, body, **headers)

    return RawServer(behave)


@pytest.mark.parametrize("status", ["200 OK", "201 Created", "202 Accepted", "204 No Content", "299 Odd"])
def test_any_2xx_is_taken_and_its_text_kept(status):
    with answering(status, b"queued\r\n\x1b[31mas 7") as server:
        outcome = post(server.url, b'{"inputs": {}}', {"X-Run": "7"})
    assert (outcome.kind, outcome.http_status) == ("taken", int(status[:3]))
    assert outcome.text == ("" if status.startswith("204") else "queued  [31mas 7")
    assert outcome.retry_after_seconds is None
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /analysis HTTP/1.1\r\n")
    assert b"Content-Type: application/json\r\n" in head
    assert b"X-Run: 7\r\n" in head
    assert body == b'{"inputs": {}}'


@pytest.mark.parametrize("status", ["408 Timeout", "425 Early", "429 Slow down", "500 Broken", "503 Busy", "599 Odd"])
def test_a_temporary_refusal_is_worth_another_try(status):
    with answering(status, b"later") as server:
        outcome = post(server.url)
    assert (outcome.kind, outcome.http_status, outcome.text) == ("retry", int(status[:3]), "later")


@pytest.mark.parametrize("status", ["400 Bad", "401 Who", "403 No", "404 Where", "410 Gone", "422 What"])
def test_another_4xx_is_final(status):
    with answering(status) as server:
        outcome = post(server.url)
    assert (outcome.kind, outcome.http_status) == ("refused", int(status[:3]))
    assert outcome.text == "(without a text)"


def test_the_endless_body_of_a_redirect_is_not_read_to_its_end():
    def behave(connection):
        connection.request()
        connection.socket.sendall(b"HTTP/1.1 302 Go\r\nLocation: /on\r\nConnection: close\r\n\r\n")
        while not connection.stopping.is_set():
            connection.socket.sendall(b"x" * 65_536)

    with RawServer(behave) as server:
        outcome = post(server.url, limits=Limits(total_seconds=10))
    assert outcome.kind == "refused"
    assert outcome.milliseconds < 5000


def test_retry_after_in_seconds_is_honoured():
    with answering("429 Slow down", Retry_After="120") as server:
        assert post(server.url).retry_after_seconds == 120.0


def test_retry_after_as_a_date_is_honoured():
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=300), usegmt=True)
    with answering("503 Busy", Retry_After=moment) as server:
        assert post(server.url).retry_after_seconds == pytest.approx(300, abs=5)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("soon", None),
        ("-5", None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("Wed, 21 Oct 2015 07:28:00 +99999999999999999999", None),
        ("9" * 400, 30 * 86_400.0),
    ],
)
def test_an_odd_retry_after_does_no_harm(header, seconds):
    with answering("503 Busy", Retry_After=header) as server:
        assert post(server.url).retry_after_seconds == seconds


def test_a_service_that_never_answers_may_be_running():
    with RawServer(lambda connection: (connection.request(), connection.hang())) as server:
        outcome = post(server.url)
    assert (outcome.kind, outcome.http_status, outcome.text) == ("unknown", None, NO_ACKNOWLEDGEMENT)
    assert 900 < outcome.milliseconds < 3000


def test_a_service_that_drips_its_headers_is_cut_off():
    def behave(connection):
        connection.request()
        connection.drip(b"HTTP/1.1 200 OK\r\n" + b"X-Drip: drop\r\n" * 1000, 0.05)

    with RawServer(behave) as server:
        outcome = post(server.url)
    assert outcome.kind == "unknown"
    assert outcome.milliseconds < 3000


def test_a_service_that_drips_its_body_has_taken_the_request():
    def behave(connection):
        connection.request()
        connection.socket.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        connection.drip(b"running " * 125, 0.05)

    with RawServer(behave) as server:
        outcome = post(server.url)
    assert (outcome.kind, outcome.http_status) == ("taken", 200)
    assert outcome.text.startswith("running")
    assert outcome.milliseconds < 3000


def test_a_reset_after_the_request_leaves_it_unknown():
    with RawServer(lambda connection: (connection.request(), connection.reset())) as server:
        outcome = post(server.url)
    assert (outcome.kind, outcome.text) == ("unknown", NO_ACKNOWLEDGEMENT)


def test_a_reset_within_the_answer_keeps_the_status():
    def behave(connection):
        connection.request()
        connection.socket.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nrunning")
        time.sleep(0.2)
        connection.reset()

    with RawServer(behave) as server:
        outcome = post(server.url)
    assert (outcome.kind, outcome.text) == ("taken", "running")


def test_a_reset_before_the_request_was_out_is_worth_another_try():
    def behave(connection):
        connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.socket.recv(1000)
        connection.reset()

    with RawServer(behave) as server:
        outcome = post(server.url, b"x" * 30_000_000, limits=Limits(total_seconds=10))
    assert outcome.kind == "retry"


def test_a_service_that_does_not_read_is_left_in_time():
    def behave(connection):
        connection.socket.recv(1000)
        connection.hang()

    with RawServer(behave) as server:
        outcome = post(server.url, b"x" * 30_000_000)
    assert outcome.kind == "retry"
    assert outcome.text == "The service could not be reached: it did not take the whole request in time."
    assert outcome.milliseconds < 3000


def test_something_that_is_not_http_may_have_run_it():
    with RawServer(lambda c: (c.request(), c.socket.sendall(b"SSH-2.0-OpenSSH_9.6\r\n"))) as server:
        assert post(server.url).kind == "unknown"


def test_a_huge_answer_is_read_in_part():
    with answering("200 OK", b"y" * 20_000_000) as server:
        outcome = post(server.url, limits=Limits(total_seconds=10))
    assert (outcome.kind, outcome.text) == ("taken", "y" * 1024)


PACKED = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate ": lambda text: zlib.compress(text)[2:-4],
}


@pytest.mark.parametrize("encoding", PACKED)
def test_an_answer_that_is_compressed_all_the_same_is_read(encoding):
    with answering("400 Bad", PACKED[encoding](b"no such model"), Content_Encoding=encoding) as server:
        outcome = post(server.url)
    assert (outcome.kind, outcome.text) == ("refused", "no such model")
    assert b"Accept-Encoding: identity\r\n" in server.requests[0]


@pytest.fixture(scope="module")
def bombs():
    """The same hundred megabytes in each encoding, compressed once."""
    text = b"z" * 100_000_000
    wrapped = zlib.compress(text)
    bare = wrapped[2:-4]
    gzipped = gzip.compress(b"")[:10] + bare + struct.pack("<II", zlib.crc32(text), len(text))
    return {"gzip": gzipped, "x-gzip": gzipped, "deflate": wrapped, "Deflate ": bare}


@pytest.mark.parametrize("encoding", PACKED)
def test_a_compressed_answer_is_bounded_after_unpacking(bombs, encoding):
    with answering("200 OK", bombs[encoding], Content_Encoding=encoding) as server:
        tracemalloc.start()
        outcome = post(server.url, limits=Limits(total_seconds=10))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert (outcome.kind, outcome.text) == ("taken", "z" * 1024)
    assert peak < 5_000_000


def test_a_compressed_answer_that_breaks_off_is_read_as_far_as_it_goes():
    packed = gzip.compress(b"running as 7 " * 5 + random.Random(1).randbytes(1000))
    with answering("200 OK", packed[:-500], Content_Encoding="gzip") as server:
        outcome = post(server.url)
    assert outcome.kind == "taken"
    assert outcome.text.startswith("running as 7 ")


@pytest.mark.parametrize(
    ("encoding", "body"), [("br", b"\x8b\x01\x80hi\x03"), ("gzip", b"not packed"), ("gzip, br", b"x")]
)
def test_an_answer_that_cannot_be_unpacked_has_no_text_and_counts_by_its_status(encoding, body):
    for status, kind, text in (("200 OK", "taken", ""), ("404 Where", "refused", "(without a text)")):
        with answering(status, body, Content_Encoding=encoding) as server:
            outcome = post(server.url)
        assert (outcome.kind, outcome.text) == (kind, text)


def test_a_chunked_answer_is_read():
    def behave(connection):
        connection.request()
        connection.socket.sendall(
            b"HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nrun\r\n4\r\nning\r\n0\r\n\r\n"
        )

    with RawServer(behave) as server:
        assert post(server.url).text == "running"


def test_an_echo_does_not_give_secrets_away():
    with answering("200 OK", b'{"api_key": "abc123", "callback": "5f1c"}') as server:
        outcome = post(server.url, secrets=("abc123", "5f1c", ""))
    assert outcome.text == '{"api_key": "[secret]", "callback": "[secret]"}'


@pytest.mark.parametrize("escaped", [True, False])
def test_an_echo_within_json_does_not_give_secrets_away(escaped):
    secret = 'p"a\\s\u00e9-word'
    with answering("200 OK", json.dumps({"password": secret}, ensure_ascii=escaped).encode()) as server:
        outcome = post(server.url, secrets=(secret,))
    assert outcome.text == '{"password": "[secret]"}'


def test_an_echo_with_control_characters_within_it_does_not_give_secrets_away():
    with answering("200 OK", "key abc123".encode("utf-16-le")) as server:
        outcome = post(server.url, secrets=("abc123",))
    assert outcome.text == "key [secret]"


def test_a_refused_port_is_worth_another_try():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    outcome = post(f"http://127.0.0.1:{port}/?key=abc")
    assert (outcome.kind, outcome.http_status) == ("retry", None)
    assert outcome.text == "The service could not be reached: connection refused."


def test_a_connection_that_nobody_accepts_is_given_up():
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.settimeout(0)
            filler.connect_ex(full.getsockname())
        outcome = post(f"http://127.0.0.1:{full.getsockname()[1]}/", limits=Limits(connect_seconds=0.3))
        for filler in fillers:
            filler.close()
    assert outcome.kind == "retry"
    assert outcome.text == "The service could not be reached: no connection within 0.3 s."


def test_a_name_that_does_not_exist_is_worth_another_try():
    outcome = post("http://nowhere.invalid/", allowed_hosts=("nowhere.invalid",), limits=Limits())
    assert outcome.kind == "retry"
    assert outcome.text == "The service could not be reached: its name could not be resolved."


def test_a_tls_failure_is_worth_another_try():
    with RawServer(lambda c: (c.socket.recv(10), c.socket.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"))) as server:
        outcome = post(server.url.replace("http:", "https:"))
    assert outcome.kind == "retry"
    assert outcome.text == "The service could not be reached: the TLS handshake failed."


def test_a_private_literal_is_refused_without_a_connection():
    with answering("200 OK") as server:
        outcome = post(server.url.replace("http:", "https:"), allowed_hosts=())
    assert outcome.kind == "refused"
    assert server.requests == []


PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "::1",
    "fd00::1",
    "fe80::1",
    "fec0::1",
    "::7f00:1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
    "2002:7f00:1::",
]


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_that_leads_to_a_private_address_is_refused(monkeypatch, address, scheme):
    """The resolver is the outside world: it may say anything at any time."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    told = [(family, socket.SOCK_STREAM, 6, "", (address, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: told)
    outcome = post(f"{scheme}://service.example.org/")
    assert outcome.kind == "refused"
    assert "private address" in outcome.text


def test_tls_speaks_to_the_name_at_the_address_that_was_checked(monkeypatch, tmp_path):
    """The checked address is pinned: what is connected to is asked for by number, and the certificate by name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed("service.example.org", tmp_path / "certificate.pem"))
    greeted = []
    context.sni_callback = lambda _, name, __: greeted.append(name)
    asked = []

    def behave(connection):
        with suppress(ssl.SSLError):
            context.wrap_socket(connection.socket, server_side=True).close()

    with RawServer(behave) as server:

        def resolve(host, *_, **__):
            asked.append(host)
            address = "93.184.215.14" if host == "service.example.org" else "127.0.0.1"  # the route to it ends here
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, server.port))]

        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        outcome = post("https://service.example.org/", allowed_hosts=())
    assert asked == ["service.example.org", "93.184.215.14"]
    assert greeted == ["service.example.org"]
    assert outcome.kind == "retry"
    assert outcome.text.startswith("The service could not be reached: its certificate is not valid, self")


def self_signed(name, path):
    """Write a certificate for a name, and its key, that nobody trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), 1, now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + private)
    return path


def test_plain_http_is_refused_where_the_settings_forbid_it(monkeypatch):
    monkeypatch.setenv("SIDEROSTAT_HTTPS_ONLY", "1")
    settings.cache_clear()
    outcome = post("http://service.example.org/", allowed_hosts=())
    monkeypatch.undo()
    settings.cache_clear()
    assert outcome.kind == "refused"
    assert "https" in outcome.text


def test_plain_http_goes_to_the_address_that_was_checked(monkeypatch):
    """The checked address is pinned, as with TLS, and the service is asked for by its name."""
    asked = []
    with answering("200 OK", b"hello") as server:

        def resolve(host, *_, **__):
            asked.append(host)
            address = "93.184.215.14" if host == "service.example.org" else "127.0.0.1"  # the route to it ends here
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, server.port))]

        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        outcome = post("http://service.example.org/analysis", allowed_hosts=())
    assert (outcome.kind, outcome.text) == ("taken", "hello")
    assert asked == ["service.example.org", "93.184.215.14"]
    assert b"\r\nHost: service.example.org\r\n" in server.requests[0]


def test_a_name_in_the_settings_may_lead_to_this_machine():
    with answering("200 OK", b"hello") as server:
        outcome = post(f"http://localhost:{server.port}/")
    assert (outcome.kind, outcome.text) == ("taken", "hello")


def test_proxies_of_the_environment_are_ignored(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with answering("200 OK") as server:
        assert post(server.url).kind == "taken"


def test_basic_authentication_is_sent():
    with answering("200 OK") as server:
        post(server.url, auth=HTTPBasicAuth(b"ann", b"pw"))
    assert b"Authorization: Basic YW5uOnB3\r\n" in server.requests[0]


def test_a_digest_handshake_succeeds():
    challenge = 'Digest realm="fits", nonce="n1", qop="auth", algorithm=SHA-256'

    def behave(connection):
        if b"Authorization: Digest " in connection.request():
            connection.answer("200 OK", b"in")
        else:
            connection.answer("401 Who", b"z" * 200_000, WWW_Authenticate=challenge)

    with RawServer(behave) as server:
        outcome = post(server.url, b'{"a": 1}', auth=HTTPDigestAuth("ann", "pw"))
    assert (outcome.kind, outcome.text) == ("taken", "in")
    assert [request.endswith(b'{"a": 1}') for request in server.requests] == [True, True]
    assert b'username="ann", realm="fits", nonce="n1"' in server.requests[1]


@pytest.mark.parametrize("challenge", ['Digest nonce="x"', 'Digest realm="a", nonce="b", algorithm=ODD', "Digest"])
def test_a_digest_challenge_that_cannot_be_met_is_final(challenge):
    with answering("401 Who", WWW_Authenticate=challenge) as server:
        assert post(server.url, auth=HTTPDigestAuth("ann", "pw")).kind == "refused"


def test_a_digest_handshake_has_one_deadline():
    def behave(connection):
        if b"Authorization: Digest " not in connection.request():
            time.sleep(0.6)
            connection.answer("401 Who", WWW_Authenticate='Digest realm="a", nonce="b"')
        else:
            connection.hang()

    with RawServer(behave) as server:
        outcome = post(server.url, auth=HTTPDigestAuth("ann", "pw"))
    assert outcome.kind == "unknown"
    assert outcome.milliseconds < 1500


def test_oauth1_signs_the_request():
    _, _, auth = apply(OAuth1("app", "app secret", "user", "user secret"), {}, {})
    with answering("200 OK") as server:
        assert post(server.url + "?x=1", auth=auth).kind == "taken"
    head = server.requests[0].decode()
    assert 'oauth_consumer_key="app"' in head
    assert 'oauth_token="user"' in head
    assert "oauth_signature=" in head
    assert "secret" not in head


def test_requests_at_the_same_time_do_not_disturb_each_other():
    outcomes = []
    with answering("200 OK", b"ok") as server:
        threads = [threading.Thread(target=lambda: outcomes.append(post(server.url).kind)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert outcomes == ["taken"] * 8
