"""Which URLs a service may be registered with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.http.errors import BadRequest
from chalicelib.outgoing.addresses import check_url, problem_with
from chalicelib.settings import settings

REFUSED = "a valid `url` is required to add an Analysis Service."

PUBLIC = [
    "https://service.example.org/analysis",
    "http://amazing.analysis.edu:6801/analysis/demo",
    "HTTP://8.8.8.8:5000/",
    "https://service.example.org:8443/analysis?model=salt2",
    "https://example.org.",
    "https://sn_fitter.example.org/",
    "https://xn--sternwarte-x9a.example/",
    "https://8.8.8.8/",
    "https://[2606:4700::1111]/",
    "HTTPS://EXAMPLE.ORG/",
]

MALFORMED = [
    "",
    "service.example.org",
    "not a url",
    "//service.example.org/",
    "ftp://service.example.org/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "https://",
    "https:///path",
    "https://user@service.example.org/",
    "https://user:password@service.example.org/",
    "https://service.example.org/#part",
    "https://service.example.org/#",
    "https://service.example.org:0/",
    "https://service.example.org:99999/",
    "https://service.example.org:port/",
    "https://service.example.org/a b",
    "https://service.example.org/\n",
    "https://service.example.org/\x7f",
    "https://service.example.org\\@evil.example/",
    "https://service..example.org/",
    "https://-service.example.org/",
    f"https://{'a' * 64}.example.org/",
    f"https://{'a.' * 127}org/",
    "https://service.example.org/" + "a" * 2000,
    "https://exämple.org/",
    "https://①②⑦.0.0.1/",
    "https://127。0。0。1/",
    "https://[fe80::1%25eth0]/",
    "https://[v1.x]/",
    "https://[::1/",
    "https://1.2.3.4.5/",
    "https://256.256.256.256/",
    "https://99999999999/",
    "https://%31%32%37.0.0.1/",
    None,
    5,
    ["https://service.example.org/"],
]

PRIVATE_HOSTS = [
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "0",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "0xa9fea9fe",
    "100.64.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "api.localhost",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b:1::1]",
    "[2002:7f00:1::]",
    "[2001::1]",
    "[fc00::1]",
    "[fe80::1]",
    "[fec0::1]",
    "[ff02::1]",
    "[0:0:0:0:0:0:0:1]",
]


@pytest.mark.parametrize("url", PUBLIC)
def test_a_public_url_is_accepted(url):
    assert problem_with(url, ()) is None


@pytest.mark.parametrize("url", MALFORMED)
def test_a_malformed_url_is_refused_even_where_the_settings_are_generous(url):
    with pytest.raises(BadRequest) as refused:
        check_url(url, allowed_hosts=("127.0.0.1", "service.example.org", "evil.example"))
    assert refused.value.message.startswith(REFUSED)
    assert len(refused.value.message) < 300


@pytest.mark.parametrize("host", PRIVATE_HOSTS)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_private_address_is_refused_in_every_disguise(scheme, host):
    with pytest.raises(BadRequest) as refused:
        check_url(f"{scheme}://{host}:8080/", allowed_hosts=())
    assert refused.value.message.startswith(REFUSED)


@pytest.fixture
def https_only(monkeypatch):
    """A site whose settings forbid plain http."""
    monkeypatch.setenv("SIDEROSTAT_HTTPS_ONLY", "true")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


def test_plain_http_may_be_kept_for_hosts_in_the_settings(https_only):
    problem = problem_with("http://fitter.example.org/", ())
    assert problem is not None
    assert "https://" in problem
    assert problem_with("https://fitter.example.org/", ()) is None
    assert problem_with("http://fitter.example.org/", ("Fitter.Example.org",)) is None
    assert problem_with("http://127.0.0.1:5000/", ("127.0.0.1",)) is None
    assert problem_with("http://[::1]:5000/", ("::1",)) is None


def test_allowing_one_name_of_a_machine_does_not_allow_the_others(https_only):
    assert problem_with("http://127.1:5000/", ("127.0.0.1",)) is not None
    assert problem_with("http://localhost:5000/", ("127.0.0.1",)) is not None
    assert problem_with("http://localhost.evil.example/", ("localhost",)) is not None


@given(st.text(max_size=60), st.sampled_from(["", "http://", "https://", "https://[", "https://a/"]))
def test_no_text_breaks_the_check(text, start):
    assert isinstance(problem_with(start + text, ()), str | None)


@given(st.integers(min_value=0, max_value=2**24 - 1))
def test_no_number_in_the_loopback_network_is_accepted(offset):
    number = (127 << 24) + offset
    for host in (str(number), hex(number), f"0{number:o}"):
        assert problem_with(f"https://{host}/", ()) is not None
