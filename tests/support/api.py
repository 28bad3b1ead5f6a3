"""A client of the application as Lambda sees it: one proxy event in, one proxy answer out."""

import base64
import json
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from infra.local.http.gateway import Gateway
from tests.support.documented import check_documented
from tests.support.permissions import acting_as


@dataclass(frozen=True)
class Answer:
    """The proxy answer, with its body decoded as API Gateway does."""

    status: int
    headers: dict[str, Any]
    body: bytes
    base64_encoded: bool

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body)

    @property
    def data(self) -> Any:
        """The data of a success; fails the test on anything else."""
        assert self.status == 200, self.body
        assert self.json["status"] == "success"
        return self.json["data"]

    @property
    def error(self) -> tuple[int, str]:
        """Code and message of a failure; fails the test on anything that has not the one error shape."""
        content = self.json
        assert self.status >= 400, content
        assert set(content) == {"status", "message", "data", "version"}
        assert content["status"] == "error"
        assert content["data"] == {}
        return self.status, content["message"]


@cache
def _gateway() -> Gateway:
    from app import app

    return Gateway(app)


def invoke(method: str, path: str, headers: dict[str, str], body: bytes) -> dict[str, Any]:
    """Call the application as Lambda does and return its proxy answer, which must be as it is documented."""
    event = _gateway().event_of(method, path, headers, body)
    with acting_as("api_handler"):
        proxy = _gateway().call(event)
    check_documented(method, event["requestContext"]["resourcePath"], proxy)
    return proxy


class Api:
    """Calls the API with one token."""

    def __init__(self, token: str | None, **facts: Any):
        self.token = token
        self.user_id = facts.get("user_id")
        self.username = facts.get("username")

    def call(
        self, method: str, path: str, json_body=None, *, raw: bytes | None = None, headers=None, **query
    ) -> Answer:
        all_headers = {} if self.token is None else {"Authorization": f"token {self.token}"}
        all_headers.update(headers or {})
        body = raw if raw is not None else b"" if json_body is None else json.dumps(json_body).encode()
        if query:
            path = f"{path}?{urlencode(query, doseq=True)}"
        proxy = invoke(method, path, all_headers, body)
        encoded = proxy.get("isBase64Encoded", False)
        content = base64.b64decode(proxy["body"]) if encoded else proxy["body"].encode()
        return Answer(proxy["statusCode"], {**proxy["headers"]}, content, encoded)

    def get(self, path, json_body=None, **kw) -> Answer:
        return self.call("GET", path, json_body, **kw)

    def post(self, path, json_body=None, **kw) -> Answer:
        return self.call("POST", path, json_body, **kw)

    def put(self, path, json_body=None, **kw) -> Answer:
        return self.call("PUT", path, json_body, **kw)

    def patch(self, path, json_body=None, **kw) -> Answer:
        return self.call("PATCH", path, json_body, **kw)

    def delete(self, path, json_body=None, **kw) -> Answer:
        return self.call("DELETE", path, json_body, **kw)

    def head(self, path, **kw) -> Answer:
        return self.call("HEAD", path, **kw)
