"""The pages as they are served: one document at every address, and the files that it loads."""

import base64
import gzip
import re
from dataclasses import replace

import pytest

from chalicelib.pages import built_files
from tests.support.api import Api, _gateway, invoke

PAGES = [
    "/",
    "/sources/ZTF26aa",
    "/sources/ZTF26aa/periodogram",
    "/analyses/1",
    "/services",
    "/services/1",
    "/requests",
    "/profile",
]
INDEX = (
    '<!doctype html><html><head><script type="module" src="./assets/main-0123456789.js"></script></head>'
    '<body><div id="app"></div></body></html>'
)
SCRIPT = b"console.log(1);" * 300
GZIP = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
def built(tmp_path, monkeypatch, stack):
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(INDEX)
    (tmp_path / "favicon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (tmp_path / "assets" / "main-0123456789.js").write_bytes(SCRIPT)
    (tmp_path / "assets" / "main-0123456789.js.gz").write_bytes(gzip.compress(SCRIPT))
    (tmp_path / "assets" / "plain.css").write_text("main{}")
    (tmp_path / "assets" / "secret.py").write_text("secret")
    monkeypatch.setattr(built_files, "BUILT", tmp_path)
    return tmp_path


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_the_one_document_for_anyone(built, anonymous, path):
    answer = anonymous.get(path)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert b'src="/assets/main-0123456789.js"' in answer.body
    assert b'<meta name="base" content="/" />' in answer.body
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", PAGES)
def test_an_unbuilt_page_says_how_to_build_it(monkeypatch, tmp_path, anonymous, path):
    monkeypatch.setattr(built_files, "BUILT", tmp_path / "nothing")
    code, message = anonymous.get(path).error
    assert code == 503
    assert "make web" in message
    assert anonymous.get("/assets/main-0123456789.js").error[0] == 404
    assert anonymous.get("/favicon.ico").error[0] == 404


def test_the_policy_allows_what_is_ours_and_the_bucket(built, anonymous):
    policy = anonymous.get("/").headers["Content-Security-Policy"]
    rules = {name: values for name, *values in (rule.split() for rule in policy.split(";"))}
    for name in ("default-src", "base-uri", "form-action", "frame-ancestors"):
        assert rules[name] == ["'none'"]
    assert rules["script-src"] == rules["style-src"] == ["'self'"]
    bucket = rules["connect-src"][1]
    assert rules["connect-src"] == ["'self'", bucket]
    assert rules["img-src"] == ["'self'", "blob:", "data:", bucket]
    assert re.fullmatch(r"https?://[a-z0-9.:-]+", bucket)


def test_the_bucket_of_the_policy_is_where_large_answers_are_read(built, anonymous, admin):
    from chalicelib import aws
    from chalicelib.settings import settings

    url = aws.s3().generate_presigned_url("get_object", Params={"Bucket": settings().bucket, "Key": "answers/1"})
    origin = "/".join(url.split("/")[:3])
    assert origin in anonymous.get("/").headers["Content-Security-Policy"].split("connect-src")[1].split(";")[0]


def test_a_page_that_the_browser_has_is_not_sent_again(built, anonymous):
    for headers in ({}, GZIP):
        first = anonymous.get("/", headers=headers)
        again = anonymous.get("/", headers={**headers, "If-None-Match": first.headers["ETag"]})
        assert (again.status, again.body) == (304, b"")
    (built / "index.html").write_text(INDEX.replace("app", "other"))
    assert anonymous.get("/", headers={**GZIP, "If-None-Match": first.headers["ETag"]}).status == 200


@pytest.mark.parametrize("path", [*PAGES, "/assets/main-0123456789.js", "/favicon.ico"])
def test_head_says_what_get_says(built, anonymous, path):
    whole, head = anonymous.get(path), anonymous.head(path)
    unsteady = {"X-Request-Id"}
    assert head.status == 200
    assert {**head.headers, **dict.fromkeys(unsteady)} == {**whole.headers, **dict.fromkeys(unsteady)}
    assert len(head.body) == len(whole.body)
    known = anonymous.head(path, headers={"If-None-Match": whole.headers["ETag"]})
    assert (known.status, known.body) == (304, b"")
    other = anonymous.get(path, headers={"If-None-Match": '"another"'})
    assert (other.status, other.body) == (200, whole.body)


def test_pages_are_sent_compressed_to_who_reads_that(built, anonymous):
    plain, packed = anonymous.get("/"), anonymous.get("/", headers=GZIP)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"


def test_a_page_says_whether_there_is_anybody_to_ask_for(built, anonymous):
    nobody, somebody = anonymous.get("/"), anonymous.get("/", headers={"Cookie": "__Host-siderostat=" + "a" * 43})
    assert b'<html data-session="none">' in nobody.body
    assert b"data-session" not in somebody.body
    assert nobody.headers["ETag"] != somebody.headers["ETag"]


def page_behind(full_path, path, **headers):
    event = _gateway().event_of("GET", path, headers, b"")
    event["requestContext"]["path"] = full_path
    proxy = _gateway().call(event)
    return base64.b64decode(proxy["body"]).decode()


@pytest.mark.parametrize("path", PAGES)
def test_behind_a_stage_everything_lies_below_it(built, path):
    content = page_behind(f"/dev{path}", path)
    assert 'src="/dev/assets/main-0123456789.js"' in content
    assert '<meta name="base" content="/dev/" />' in content


def test_the_stage_itself_needs_no_slash(built):
    assert 'content="/dev/"' in page_behind("/dev", "/")
    assert 'content="/dev/"' in page_behind("/dev/sources/ZTF1/", "/sources/ZTF1")


def test_behind_a_proxy_that_takes_off_a_prefix_the_public_url_says_it(built, monkeypatch):
    from chalicelib.settings import settings

    changed = replace(settings(), public_url="https://example.org/siderostat/")
    monkeypatch.setattr("chalicelib.pages.base_path.settings", lambda: changed)
    assert 'content="/siderostat/"' in page_behind("/services", "/services", Host="example.org")
    assert 'content="/"' in page_behind("/services", "/services", Host="127.0.0.1:8000")


@pytest.mark.parametrize("prefix", ["//evil.example", '/"><script>', "/../..", "/%22", "/a b", "/.hidden"])
def test_no_path_leads_the_scripts_elsewhere(built, prefix):
    assert '<meta name="base" content="/" />' in page_behind(f"{prefix}/services", "/services")


def test_an_asset_is_kept_for_a_year(built, anonymous):
    answer = anonymous.get("/assets/main-0123456789.js")
    assert (answer.status, answer.body) == (200, SCRIPT)
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert anonymous.get("/assets/plain.css").headers["Cache-Control"] == "no-cache"


def test_an_asset_is_sent_as_it_was_compressed(built, anonymous):
    answer = anonymous.get("/assets/main-0123456789.js", headers=GZIP)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.body) == SCRIPT
    assert len(answer.body) < len(SCRIPT) / 10
    again = anonymous.get("/assets/main-0123456789.js", headers={**GZIP, "If-None-Match": answer.headers["ETag"]})
    assert again.status == 304
    assert "immutable" in again.headers["Cache-Control"]


@pytest.mark.parametrize(
    "name",
    [
        "missing-01234567.js",
        "..%2Findex.html",
        "..%2f..%2f..%2f..%2fetc%2fpasswd",
        "%2Fetc%2Fpasswd",
        "..",
        "%2e%2e",
        "..%5Cindex.html",
        "secret.py",
        "main-0123456789.js.gz",
        "main-0123456789.js%00",
        "main-0123456789.js%00.js",
        "main-0123456789.js%0A",
        ".hidden.js",
        "%C3%A4.js",
        "a" * 5000 + ".js",
        "index.html",
        ".",
        "main-0123456789.js%2F..%2Fplain.css",
    ],
)
def test_nothing_but_built_files_is_found(built, anonymous, name):
    (built / "assets" / ".hidden.js").write_text("hidden")
    assert anonymous.get(f"/assets/{name}").error[0] == 404


def test_the_icon_is_there(built, anonymous):
    assert anonymous.get("/favicon.ico").headers["Content-Type"] == "image/svg+xml"
    (built / "favicon.ico").write_bytes(b"icon")
    assert anonymous.get("/favicon.ico").headers["Content-Type"] == "image/x-icon"


def test_a_path_that_is_no_page_is_not_found(stack):
    from chalicelib.http.errors import NotFound

    with pytest.raises(NotFound):
        invoke("GET", "/nowhere", {}, b"")
    assert Api(None).post("/services").error[0] == 405
