"""The link that `make run` prints: it signs in once, and is opened where somebody can see it."""

import sys

import pytest

from infra.local.demo import sign_in_link as module
from infra.local.demo.client import Client
from tests.conftest import ADMIN_TOKEN
from tests.support.api import Api
from tests.support.site import Site


def test_it_signs_in_once_and_holds_no_token(admin):
    with Site() as site:
        link = module.sign_in_link(Client(site.url, ADMIN_TOKEN), site.url)
    assert link.startswith(f"{site.url}/#ticket=")
    assert ADMIN_TOKEN not in link
    ticket = link.partition("=")[2]
    statuses = [Api(None).post("/api/internal/session", {"ticket": ticket}).status for _ in range(2)]
    assert statuses == [200, 401]


@pytest.mark.parametrize(
    ("terminal", "screen", "opened"), [(True, ":0", True), (True, "", False), (False, ":0", False)]
)
def test_it_is_opened_on_a_screen_by_who_sits_at_a_terminal(monkeypatch, terminal, screen, opened):
    seen = []
    monkeypatch.setattr(module.webbrowser, "open", lambda link: not seen.append(link))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("DISPLAY", screen)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert module.show("http://127.0.0.1/#ticket=x") is opened
    assert bool(seen) is opened
