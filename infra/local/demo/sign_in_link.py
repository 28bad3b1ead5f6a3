"""A link that signs a browser in, once: made with the administrator's token, which it does not hold."""

import os
import sys
import webbrowser

from infra.local.demo.client import Client


def sign_in_link(client: Client, url: str) -> str:
    """Return the address of the pages with a ticket in its fragment, which browsers send to nobody."""
    ticket = client.data("POST", "/api/internal/session/ticket")["ticket"]
    return f"{url}/#ticket={ticket}"


def show(link: str) -> bool:
    """Open a link for the person at the terminal, if there is one with a graphical browser; say whether."""
    has_screen = sys.platform in {"darwin", "win32"} or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    return sys.stdout.isatty() and has_screen and webbrowser.open(link)
