"""Bodies with a Content-Encoding are read as if they had come without."""

import gzip
import json
import time
import tracemalloc
import zlib

import pytest

from chalicelib.http.compression import unpacked
from chalicelib.http.errors import BadRequest, TooLarge, UnsupportedMediaType
from chalicelib.settings import MAX_BODY_BYTES
from tests.support.api import Api
from tests.support.people import make_group
from tests.support.scene import SUCCESS, make_scene
from tests.support.service import StubService
from tests.support.worker import drain

BODY = json.dumps({"id": "ZTF26packed", "ra": 1.0, "dec": 2.0}).encode()


def bare_deflate(body, *level):
    return zlib.compress(body, *level)[2:-4]


PACKERS = [
    ("gzip", gzip.compress),
    ("GZIP", gzip.compress),
    ("x-gzip", gzip.compress),
    ("identity, gzip", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", bare_deflate),
    ("identity", bytes),
    ("", bytes),
    ("gzip", lambda body: gzip.compress(body[:10]) + gzip.compress(body[10:])),
]


@pytest.mark.parametrize(("encoding", "pack"), PACKERS)
def test_what_was_packed_is_what_is_read(admin, encoding, pack):
    headers = {"Content-Encoding": encoding}
    assert admin.post("/api/sources", raw=pack(BODY), headers=headers).data["id"] == "ZTF26packed"
    assert admin.get("/api/sources/ZTF26packed").data["ra"] == 1.0


def test_a_callback_is_read(admin):
    with StubService() as service:
        scene = make_scene(admin, service)
        analysis_id = scene.start()
        drain()
        path = f"/api/webhook/obj_analysis/{service.received[0].token}"
        packed, headers = gzip.compress(json.dumps(SUCCESS).encode()), {"Content-Encoding": "gzip"}
        assert Api(None).post(path, raw=packed[:-9], headers=headers).error[0] == 400
        assert Api(None).post(path, raw=packed, headers={"Content-Encoding": "br"}).error[0] == 415
        assert Api(None).post(path, raw=packed).error[0] == 400
        assert scene.status(analysis_id) == "pending"
        assert Api(None).post(path, raw=packed, headers=headers).data == {"status": "success"}
        assert scene.user.get(f"/api/obj/analysis/{analysis_id}/results").data["z"] == 0.5


def test_repeating_a_request_packed_another_way_is_repeating_it(admin):
    with StubService() as service:
        scene = make_scene(admin, service)
        path = f"/api/obj/{scene.obj_id}/analysis/{scene.service_id}"
        body = json.dumps({"group_ids": [make_group(admin, members=[scene.user])], "show_plots": True}).encode()
        key = {"Idempotency-Key": "k1"}
        first = scene.user.post(path, raw=body, headers=key).data
        assert scene.user.post(path, raw=gzip.compress(body), headers={**key, "Content-Encoding": "gzip"}).data == first


def test_an_empty_body_needs_no_unpacking(admin):
    for encoding in ("gzip", "br"):
        assert admin.get("/api/groups", headers={"Content-Encoding": encoding}).status == 200


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip, gzip", "deflate, br", "aes128gcm", "x" * 500])
def test_what_is_not_understood_is_named_with_what_is(admin, encoding):
    status, message = admin.post("/api/sources", raw=gzip.compress(BODY), headers={"Content-Encoding": encoding}).error
    assert status == 415
    assert encoding[:50] in message
    assert "gzip" in message
    assert len(message) < 200


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
@pytest.mark.parametrize("cut", [1, 5, 30])
def test_what_is_not_whole_is_refused(admin, encoding, cut):
    pack = {"gzip": gzip.compress, "deflate": zlib.compress}[encoding]
    for body in (pack(BODY)[:-cut], BODY, b"\x1f\x8b\x08", b"\x78\x9c"):
        status, message = admin.post("/api/sources", raw=body, headers={"Content-Encoding": encoding}).error
        assert (status, encoding in message) == (400, True)


@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", bare_deflate)]
)
def test_a_bomb_goes_off_at_the_limit(admin, encoding, pack):
    bomb = pack(b" " * 200_000_000, 1)
    tracemalloc.start()
    status, message = admin.post("/api/sources", raw=bomb, headers={"Content-Encoding": encoding}).error
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert status == 413
    assert str(MAX_BODY_BYTES) in message
    assert peak < 40_000_000


def test_as_much_as_may_come_unpacked_may_come_packed(admin):
    padding = " " * (MAX_BODY_BYTES - len(BODY))
    headers = {"Content-Encoding": "gzip"}
    assert admin.post("/api/sources", raw=gzip.compress(BODY + padding.encode()), headers=headers).status == 200
    assert (
        admin.post("/api/sources", raw=gzip.compress(BODY + padding.encode() + b" "), headers=headers).error[0] == 413
    )


def test_many_empty_members_take_little_time():
    started = time.process_time()
    with pytest.raises((BadRequest, TooLarge)):
        unpacked(gzip.compress(b"") * 100_000 + b"x", "gzip", MAX_BODY_BYTES)
    assert time.process_time() - started < 20


def test_an_encoding_that_is_not_understood_is_an_error_of_its_own():
    with pytest.raises(UnsupportedMediaType):
        unpacked(b"x", "br", 10)
