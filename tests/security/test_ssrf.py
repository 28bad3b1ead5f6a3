"""Nobody makes us call what is inside: disguised addresses, at registration and at every dispatch.

The resolver is the outside world, and a stub of it says what each test wants, `socket.getaddrinfo` being the boundary.
"""

import socket
from collections import Counter

import pytest

from chalicelib.outgoing.bounded_http import Limits
from chalicelib.outgoing.post import post_json
from chalicelib.services.items.service import Service
from chalicelib.settings import settings
from tests.outgoing.raw_server import RawServer
from tests.services.registering import manager_of, register, service_body
from tests.support.people import make_group
from tests.support.scene import make_scene
from tests.support.service import Reaction, StubService
from tests.support.worker import drain

DISGUISED = [
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "127.0.1",
    "127.255.255.254",
    "2130706433",
    "0x7f000001",
    "0X7F000001",
    "0x7f.1",
    "0x7f.0x0.0x0.0x1",
    "0177.0.0.1",
    "00000177.0.0.1",
    "017700000001",
    "0177.0x0.0.1",
    "0",
    "0.0.0.0",
    "0x0",
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[0000:0000:0000:0000:0000:0000:0000:0001]",
    "[::127.0.0.1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:7f00:1]",
    "[::ffff:0:127.0.0.1]",
    "[::ffff:10.0.0.1]",
    "[::ffff:169.254.169.254]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::10.0.0.1]",
    "[2002:7f00:1::]",
    "[2002:a9fe:a9fe::1]",
    "[2001:0:7f00:1::]",
    "[2001:db8::1]",
    "[fe80::1]",
    "[fec0::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "169.254.169.254",
    "169.254.170.2",
    "2852039166",
    "0xa9fea9fe",
    "0251.0376.0251.0376",
    "169.254.43518",
    "10.0.0.1",
    "10.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "0300.0250.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "192.0.0.192",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "localhost",
    "LocalHost.",
    "metadata.localhost",
]

NAMES_THAT_LEAD_INSIDE = {
    "loopback.example.org": ["127.0.0.1"],
    "metadata.example.org": ["169.254.169.254"],
    "private.example.org": ["10.0.0.8"],
    "mapped.example.org": ["::ffff:127.0.0.1"],
    "nat64.example.org": ["64:ff9b::7f00:1"],
    "six-to-four.example.org": ["2002:7f00:1::"],
    "unique-local.example.org": ["fd00:ec2::254"],
    "unspecified.example.org": ["0.0.0.0"],
}

PUBLIC = "192.88.98.1"
"""Stands for any address of the internet; in these tests the route to it ends where nobody listens."""

QUICK = Limits(connect_seconds=0.3, total_seconds=1.0)


@pytest.fixture
def strict(monkeypatch):
    """A site whose settings allow no private host, as on AWS."""
    monkeypatch.setenv("SIDEROSTAT_ALLOWED_HOSTS", "[]")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def resolver(monkeypatch):
    """A resolver that says what the test puts into it, one answer after the other, the last one for ever."""
    answers, asked, real = {PUBLIC: [["127.0.0.2"]]}, Counter(), socket.getaddrinfo

    def resolve(host, port, *arguments, **keywords):
        if host not in answers:
            return real(host, port, *arguments, **keywords)
        series = answers[host]
        addresses = series[min(asked[host], len(series) - 1)]
        asked[host] += 1
        return [
            (socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    resolve.answers, resolve.asked = answers, asked
    return resolve


def call(url, allowed_hosts=()):
    return post_json(url, b"{}", {}, None, allowed_hosts=allowed_hosts, limits=QUICK)


def test_the_table_is_long_enough():
    assert len(set(DISGUISED)) >= 40


@pytest.mark.parametrize("host", DISGUISED)
def test_a_disguised_address_is_refused_when_it_is_sent_to(host):
    """However it came into the table: the check at registration is not relied upon."""
    for scheme in ("http", "https"):
        outcome = call(f"{scheme}://{host}/latest/meta-data/")
        assert (outcome.kind, outcome.http_status) == ("refused", None)


def test_a_disguised_address_is_refused_at_registration_and_in_a_change(admin, strict):
    manager = manager_of(admin, make_group(admin))
    service_id = register(manager)
    expected = "a valid `url` is required to add an Analysis Service."

    for url in [f"{scheme}://{host}/" for host in DISGUISED for scheme in ("http", "https")]:
        for answer in (
            manager.post("/api/analysis_service", service_body(url=url)),
            manager.patch(f"/api/analysis_service/{service_id}", {"url": url}),
        ):
            status, message = answer.error
            assert (status, message[: len(expected)]) == (400, expected), url
    assert Service.of_id(service_id).url == "https://service.example.org/analysis"


@pytest.mark.parametrize("way", ["register", "change"])
def test_plain_http_is_refused_where_the_settings_forbid_it_unless_they_name_the_host(admin, monkeypatch, way):
    manager = manager_of(admin, make_group(admin))
    service_id = register(manager)

    def answer(url):
        if way == "register":
            return manager.post("/api/analysis_service", service_body(url=url))
        return manager.patch(f"/api/analysis_service/{service_id}", {"url": url})

    public, allowed = "http://service.example.org:6801/analysis/demo", "http://127.0.0.1:9/"
    assert answer(public).status == 200
    monkeypatch.setenv("SIDEROSTAT_HTTPS_ONLY", "true")
    settings.cache_clear()
    try:
        status, message = answer(public).error
        assert answer(allowed).status == 200
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert (status, "https://" in message) == (400, True)


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}/", "https://2130706433:{port}/", "http://localhost:{port}/"])
def test_a_run_never_reaches_an_address_that_got_into_the_table(admin, monkeypatch, url):
    """The settings were stricter when it is sent than when it was registered."""
    with StubService() as service:
        scene = make_scene(admin, service)
        port = int(service.url.split(":")[2].split("/")[0])
        Service.of_id(scene.service_id).update(actions=[Service.url.set(url.format(port=port))])
        monkeypatch.setenv("SIDEROSTAT_ALLOWED_HOSTS", "[]")
        settings.cache_clear()
        try:
            analysis_id = scene.start()
            drain()
            record = scene.read(analysis_id)
        finally:
            monkeypatch.undo()
            settings.cache_clear()
    assert service.received == []
    assert record["status"] == "failure"
    assert "URL is not allowed" in record["status_message"]


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "private.example.org"])
def test_a_ping_never_reaches_an_address_that_got_into_the_table(admin, strict, resolver, host):
    resolver.answers["private.example.org"] = [["127.0.0.1"]]
    service_id = register(manager_of(admin, make_group(admin)))
    with RawServer(lambda connection: connection.answer("200 OK")) as server:
        Service.of_id(service_id).update(actions=[Service.url.set(f"https://{host}:{server.port}/")])
        answer = admin.post(f"/api/analysis_service/{service_id}/ping").data

    assert (answer["answered"], answer["active"], server.accepted) == (False, False, 0)
    assert "not allowed" in answer["message"] or "private address" in answer["message"]


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("name", NAMES_THAT_LEAD_INSIDE)
def test_a_name_that_leads_inside_is_refused(resolver, name, scheme):
    resolver.answers[name] = [NAMES_THAT_LEAD_INSIDE[name]]

    outcome = call(f"{scheme}://{name}/")

    assert outcome.kind == "refused"
    assert "private address" in outcome.text


def test_a_name_that_changes_its_address_after_the_check_leads_nowhere(resolver):
    """Rebinding: public when it is checked, this machine when it would be used."""
    with RawServer(lambda connection: connection.answer("200 OK")) as server:
        resolver.answers["rebind.example.org"] = [[PUBLIC], ["127.0.0.1"]]
        for _ in range(3):
            resolver.asked.clear()
            outcome = call(f"https://rebind.example.org:{server.port}/")
            assert outcome.kind == "retry"
        assert resolver.asked["rebind.example.org"] == 1
    assert server.accepted == 0


def test_every_send_asks_and_checks_again(resolver):
    resolver.answers["rebind.example.org"] = [[PUBLIC], ["10.0.0.1"]]

    assert call("https://rebind.example.org/").kind == "retry"
    assert call("https://rebind.example.org/").kind == "refused"


@pytest.mark.parametrize("addresses", [[PUBLIC, "127.0.0.1"], ["127.0.0.1", PUBLIC]])
def test_a_name_with_a_public_and_a_private_address_never_leads_to_the_private_one(resolver, addresses):
    with RawServer(lambda connection: connection.answer("200 OK")) as server:
        resolver.answers["both.example.org"] = [addresses]
        assert call(f"https://both.example.org:{server.port}/").kind in {"retry", "refused"}
    assert server.accepted == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_inside_is_not_followed_and_ends_the_run(admin, status):
    with StubService() as inside, StubService() as service:
        # this name is not among those that the settings let be private
        location = inside.url.replace("127.0.0.1", "127.0.0.2")
        service.reaction = Reaction(status, b"", {"Location": location})
        scene = make_scene(admin, service)
        analysis_id = scene.start()
        drain()
        record = scene.read(analysis_id)
    assert inside.received == []
    assert (record["status"], len(service.received)) == ("failure", 1)
    assert f"The redirect to {location} is not followed. Its host is private" in record["status_message"]


@pytest.mark.parametrize("host", [host for host in DISGUISED if host.rstrip(".") != "127.0.0.1"])
def test_a_redirect_to_a_disguised_address_is_not_followed(host):
    location = f"http://{host}/latest/meta-data/"
    with RawServer(lambda connection: (connection.request(), connection.answer("307 Go", Location=location))) as server:
        outcome = call(server.url, allowed_hosts=["127.0.0.1"])
    assert (outcome.kind, outcome.http_status) == ("refused", 307)
    assert location in outcome.text


def test_a_redirect_to_a_name_that_leads_inside_is_not_followed(resolver):
    for name, addresses in NAMES_THAT_LEAD_INSIDE.items():
        resolver.answers[name] = [addresses]
        location = f"http://{name}/"
        with RawServer(lambda c, to=location: (c.request(), c.answer("308 Go", Location=to))) as server:
            outcome = call(server.url, allowed_hosts=["127.0.0.1"])
        assert outcome.kind == "refused"
        assert location in outcome.text
        assert "private address" in outcome.text


def test_what_a_service_answers_is_kept_as_bounded_text_without_control_characters(admin):
    hostile = "<script>alert(1)</script>\x1b[2J\x00\x07\u202egnp\ud7ff".encode() + b"\xff\xfe" + b"A" * 100_000
    with StubService() as service:
        service.reaction = Reaction(200, hostile)
        scene = make_scene(admin, service)
        first, second = scene.start(), scene.start()
        drain()
        answered = scene.read(first)["status_message"]
        [token] = [one.token for one in service.received[1:]]
        scene.answer(token, {"status": "success", "message": "\x1b]0;owned\x07" + "\u202e\ud800" + "B" * 100_000})
        posted = scene.user.get(f"/api/obj/analysis/{second}")
    for text in (answered, posted.data["status_message"]):
        assert all(character.isprintable() or character in "\n\t" for character in text)
        assert len(text.encode()) <= 4096
    assert answered.startswith("<script>")
    assert posted.headers["Content-Type"] == "application/json"
