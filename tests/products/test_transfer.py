import pytest

from chalicelib.products.errors import Refused, Unreadable
from chalicelib.products.transfer import Store, TransferError, fetch, save


@pytest.fixture
def target(store):
    return Store(store.url + "/bucket", {"policy": "signed", "x-amz-signature": "abc"}, "products/7/")


def test_a_signed_url_is_read_whole(store):
    content = bytes(range(256)) * 5000

    assert fetch(store.put(content), 10_000_000).read() == content


@pytest.mark.parametrize("trouble", ["drop", "cut", 500, 503])
def test_a_read_is_tried_again_once_after_a_failure_of_connection_or_server(store, trouble):
    store.troubles = [trouble]

    assert fetch(store.put(b"here"), 100).read() == b"here"


@pytest.mark.parametrize("trouble", ["drop", "cut", 503])
def test_a_read_that_fails_twice_is_a_transfer_error(store, trouble):
    store.troubles = [trouble, trouble]

    with pytest.raises(TransferError, match="cannot be reached"):
        fetch(store.put(b"here"), 100)


def test_an_expired_url_is_a_transfer_error_and_not_tried_again(store):
    store.troubles = [403]

    with pytest.raises(TransferError, match="HTTP 403"):
        fetch(store.put(b"here"), 100)


def test_a_body_larger_than_allowed_is_refused(store):
    with pytest.raises(Unreadable, match="larger than 2 MB"):
        fetch(store.put(bytes(2_000_001)), 2_000_000)


def test_a_body_of_just_the_allowed_size_is_read(store):
    assert len(fetch(store.put(bytes(1000)), 1000)) == 1000


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://127.0.0.1/x", "data:text/plain,x"])
def test_only_http_is_spoken(url):
    with pytest.raises(TransferError):
        fetch(url, 1000)


def test_a_redirect_to_another_place_of_the_store_is_followed(store):
    target = store.put(b"moved")
    store.troubles = [target]

    assert fetch(store.url + "/old", 100).read() == b"moved"


@pytest.mark.parametrize("location", ["file:///etc/hostname", "ftp://127.0.0.1/x"])
def test_a_redirect_to_another_scheme_is_not_followed(store, location):
    store.troubles = [location]

    with pytest.raises(TransferError):
        fetch(store.url + "/old", 100)


def test_an_object_is_posted_with_the_signed_fields_its_key_and_its_type(store, target):
    data = bytes(range(256)) + b"\r\n--boundary"

    key = save(target, "plots/0.png", "image/png", data)

    assert key == "products/7/plots/0.png"
    assert store.objects == {key: ("image/png", data)}
    assert store.posts == [
        {"policy": "signed", "x-amz-signature": "abc", "key": key, "Content-Type": "image/png"},
    ]


@pytest.mark.parametrize("trouble", ["drop", 503])
def test_a_post_is_tried_again_once(store, target, trouble):
    store.troubles = [trouble]

    save(target, "results.json", "application/json", b"{}")

    assert store.objects == {"products/7/results.json": ("application/json", b"{}")}


def test_what_the_store_refuses_is_refused_here(store, target):
    store.troubles = [400]

    with pytest.raises(Refused, match="HTTP 400"):
        save(target, "results.json", "application/json", b"{}")


def test_a_store_that_is_gone_is_a_transfer_error(target, store):
    store.troubles = ["drop", "drop"]

    with pytest.raises(TransferError):
        save(target, "results.json", "application/json", b"{}")
