"""Who knows the public URL alone reaches what lies in the bucket by it: signed, and not otherwise."""

import time

import pytest
import requests

from infra.local.http.listening import free_port
from tests.infra.serve import Serve
from tests.support.outside import Outside, large_result
from tests.support.service import StubService

pytestmark = pytest.mark.timeout(240)

BUCKET = "/siderostat-123456789012"


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A stack whose public URL has another host, somebody there, and the address of a large product."""
    folder, port = tmp_path_factory.mktemp("public"), free_port()
    url = f"http://localhost:{port}"  # another name than the 127.0.0.1 that it binds
    with (
        StubService() as service,
        Serve(folder / "log", "--port", str(port), "--data", str(folder / "data"), "--public-url", f"{url}/"),
    ):
        outside = Outside(url, (folder / "data" / "admin-token").read_text().strip())
        run, received = outside.received_run(service)
        found, document = large_result()
        form = outside.upload(received, document)
        yield outside, run, found, form


def link(outside, run):
    """Return the signed address of the large product, as soon as it is there."""
    deadline = time.monotonic() + 60
    while True:
        answer = outside.call("GET", f"/api/obj/analysis/{run}/results", allow_redirects=False)
        if answer.status_code == 307:
            return answer.headers["Location"]
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.2)


def test_forms_and_large_products_are_reached_by_the_public_url(large):
    outside, run, found, form = large
    assert form == f"{outside.url}{BUCKET}"
    assert link(outside, run).startswith(f"{outside.url}{BUCKET}/")
    assert outside.call("GET", f"/api/obj/analysis/{run}/results").json()["data"]["found"] == found
    head = outside.call("HEAD", f"/api/obj/analysis/{run}/results", allow_redirects=True)
    assert (head.status_code, int(head.headers["Content-Length"]) > 4_000_000) == (200, True)


def test_what_comes_from_the_bucket_is_no_page_of_the_site(large):
    outside, run, *_ = large
    answer = requests.get(link(outside, run), headers={"Range": "bytes=0-9"}, timeout=30)
    assert (answer.status_code, len(answer.content)) == (206, 10)
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "change",
    [
        lambda url: url.partition("?")[0],
        lambda url: url.replace("X-Amz-Signature=", "X-Amz-Signature=0"),
        lambda url: url.replace("X-Amz-Signature=", "X-Amz-Signature=%C3%BC"),
        lambda url: url.replace("/answers/", "/products/"),
        lambda url: url.replace("X-Amz-Expires=", "X-Amz-Expires=1"),
        lambda url: f"{url}&acl",
        lambda url: f"{url}&X-Amz-Signature=0",
        lambda url: url.replace("/answers/", "/answers//"),
        lambda url: f"{url.partition(BUCKET)[0]}{BUCKET}?list-type=2",
        lambda url: f"{url.partition(BUCKET)[0]}{BUCKET}/",
    ],
)
def test_what_is_not_signed_for_is_not_reached(large, change):
    outside, run, *_ = large
    url = link(outside, run)
    answer = requests.get(change(url), timeout=30)
    assert (answer.status_code, answer.json()["status"]) == (403, "error")
    assert requests.get(url, timeout=30).status_code == 200


def test_nothing_of_the_embedded_aws_but_reading_and_forms_is_reached(large):
    outside, run, *_ = large
    url = link(outside, run)
    assert requests.put(url, data=b"mine", timeout=30).status_code == 405
    assert requests.delete(url, timeout=30).status_code == 405
    assert requests.post(url, data=b"mine", timeout=30).status_code == 405
    bucket = f"{outside.url}{BUCKET}"
    target = {"X-Amz-Target": "DynamoDB_20120810.ListTables", "Content-Type": "application/x-amz-json-1.0"}
    assert requests.post(bucket, data=b"{}", headers=target, timeout=30).status_code == 400
    assert requests.post(bucket, files={"file": b"x"}, data={"key": "products/1"}, timeout=30).status_code == 403
    assert requests.post(bucket, data=iter([b"x"]), timeout=30).status_code in {400, 411}
    huge = {"Content-Type": "multipart/form-data; boundary=b", "Content-Length": str(10**12)}
    assert requests.post(bucket, data=iter([b"x"]), headers=huge, timeout=30).status_code in {400, 411, 413}
    assert requests.get(f"{outside.url}{BUCKET}-2/products", timeout=30).status_code == 404


def test_an_address_that_is_over_says_so(large):
    outside, run, *_ = large
    url = link(outside, run)
    moved = url.replace("X-Amz-Date=2", "X-Amz-Date=1")
    assert requests.get(moved, timeout=30).status_code == 403
