"""A small application behind the same edge as ours."""

import base64
from typing import Any

import pytest
from chalice.app import Blueprint, Chalice

from chalicelib.http import endpoint as edge
from chalicelib.http.middleware import envelope_of_chalice
from infra.local.http.gateway import Gateway
from tests.support.api import Answer


class SmallApp:
    """Registers views on a blueprint of its own and calls them as Lambda does."""

    def __init__(self) -> None:
        self.blueprint = Blueprint("small")
        self._gateway: Gateway | None = None

    def call(
        self, method: str, path: str, *, body: bytes = b"", headers: dict[str, str] | None = None, **event_changes: Any
    ) -> Answer:
        gateway = self._gateway or self._start()
        event = gateway.event_of(method, path, headers or {"accept": "*/*"}, body)
        proxy = gateway.call(event | event_changes)
        encoded = proxy.get("isBase64Encoded", False)
        content = base64.b64decode(proxy["body"]) if encoded else proxy["body"].encode()
        return Answer(proxy["statusCode"], {**proxy["headers"]}, content, encoded)

    def _start(self) -> Gateway:
        app = Chalice(app_name="small")
        app.api.binary_types = ["*/*"]
        app.register_middleware(envelope_of_chalice, "http")
        app.register_blueprint(self.blueprint)
        self._gateway = Gateway(app)
        return self._gateway


@pytest.fixture
def small_app(monkeypatch):
    """An application without routes yet; what it registers does not show among ours."""
    monkeypatch.setattr(edge, "ROUTES", [])
    return SmallApp()
