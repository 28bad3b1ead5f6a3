"""A store that speaks enough of S3 for signed reads and presigned posts, and builders for what services send."""

import base64
import gzip
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any

import joblib
import pytest
from hypothesis import settings

from tests.support.netcdf import netcdf_file
from tests.support.stub_server import QuietHandler, StubServer

settings.register_profile("products", max_examples=100, deadline=None, derandomize=True)


@dataclass
class FakeStore:
    """Objects to read by path, objects that were posted by key, and answers to give before that."""

    url: str = ""
    documents: dict[str, bytes] = field(default_factory=dict)
    objects: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    posts: list[dict[str, Any]] = field(default_factory=list)
    refused_keys: set[str] = field(default_factory=set)
    troubles: list[int | str] = field(default_factory=list)
    """What happens to the next requests: a status, 'drop' (no answer), 'cut' (half of it), or a URL to redirect to."""

    def put(self, content: bytes) -> str:
        """Keep an object and return its URL."""
        path = f"/document-{len(self.documents)}"
        self.documents[path] = content
        return self.url + path


class StoreServer(StubServer):
    """Serves one fake store on a free port."""

    def __init__(self, store: FakeStore) -> None:
        self.store = store
        super().__init__(StoreHandler)


class StoreHandler(QuietHandler):
    """Answers reads and presigned posts, unless trouble is due."""

    server: StoreServer

    def do_GET(self):
        content = self.server.store.documents.get(self.path)
        if not self._is_in_trouble(content or b""):
            self._answer(404 if content is None else 200, content or b"")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self._is_in_trouble(b""):
            self._answer(self._keep(body), b"")

    def _keep(self, body):
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        parts = message_from_bytes(head + body).get_payload()
        fields = {part.get_param("name", header="content-disposition"): part for part in parts}
        texts = {name: part.get_payload(decode=True) for name, part in fields.items()}
        store, key = self.server.store, texts["key"].decode()
        store.posts.append({name: text.decode() for name, text in texts.items() if name != "file"})
        if list(fields)[-1] != "file" or key in store.refused_keys:
            return 400
        store.objects[key] = (texts["Content-Type"].decode(), texts["file"])
        return 204

    def _is_in_trouble(self, content):
        if not self.server.store.troubles:
            return False
        trouble = self.server.store.troubles.pop(0)
        if isinstance(trouble, int):
            self._answer(trouble, b"trouble")
        elif trouble == "cut":
            self._answer(200, content[: len(content) // 2], claimed=len(content))
        elif trouble != "drop":
            self._answer(307, b"", location=trouble)
        self.close_connection = True
        return True

    def _answer(self, status, content, *, claimed=None, location=None):
        self.send_response(status)
        self.send_header("Content-Length", str(claimed or len(content)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def store() -> Iterator[FakeStore]:
    fake = FakeStore()
    with StoreServer(fake) as server:
        fake.url = server.url
        yield fake


@pytest.fixture(scope="session")
def base64_of() -> Callable[[bytes], str]:
    return lambda data: base64.b64encode(data).decode("ascii")


@pytest.fixture
def joblib_bytes() -> Callable[..., bytes]:
    def dump(value: object, **options: Any) -> bytes:
        stream = io.BytesIO()
        joblib.dump(value, stream, **options)
        return stream.getvalue()

    return dump


@pytest.fixture
def png() -> bytes:
    return b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture
def netcdf() -> Callable[..., bytes]:
    """Write a file laid out as arviz does: /posterior with its dimension scales and the variables on them."""
    return netcdf_file


@pytest.fixture(scope="module")
def sound_file() -> bytes:
    return netcdf_file()


@pytest.fixture
def event(store: FakeStore) -> Callable[..., dict[str, Any]]:
    """Build the event of a call that reads `document`."""

    def build(document: object, wanted: list[str], **corner: Any) -> dict[str, Any]:
        return {
            "document": {"url": store.put(gzip.compress(json.dumps(document).encode()))},
            "store": {"url": store.url + "/bucket", "fields": {"policy": "signed"}, "prefix": "products/7/"},
            "wanted": wanted,
            "corner": {"name": "corner-abc.png", "plot_kwargs": {}, **corner},
        }

    return build
