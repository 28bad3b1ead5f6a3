"""The addresses of the pages: one route each, for Chalice has none that catches all.

What they show, their scripts ask the API.
"""

from typing import Any

from chalice.app import Blueprint

from chalicelib.http.endpoint import Content, Incoming, endpoint
from chalicelib.http.envelope import Reply
from chalicelib.http.errors import Unavailable
from chalicelib.pages import built_files
from chalicelib.pages.base_path import base_path

blueprint = Blueprint(__name__)

_PAGE: dict[str, Any] = {"answers": Content((built_files.HTML,)), "raises": (Unavailable,), "tagged": True}
_FILE: dict[str, Any] = {"answers": Content(built_files.CONTENT_TYPES), "tagged": True}


@endpoint(blueprint, "GET", "/", **_PAGE)
def sources_page(incoming: Incoming) -> Reply:
    """Show the sources."""
    return _page(incoming)


@endpoint(blueprint, "GET", "/sources/{obj_id}", **_PAGE)
def source_page(obj_id: str, incoming: Incoming) -> Reply:  # noqa: ARG001 - its script reads it
    """Show a source: light curve, spectra, summary, analyses."""
    return _page(incoming)


@endpoint(blueprint, "GET", "/sources/{obj_id}/periodogram", **_PAGE)
def periodogram_page(obj_id: str, incoming: Incoming) -> Reply:  # noqa: ARG001
    """Show a source's periodogram."""
    return _page(incoming)


@endpoint(blueprint, "GET", "/analyses/{analysis_id}", **_PAGE)
def analysis_page(analysis_id: str, incoming: Incoming) -> Reply:  # noqa: ARG001
    """Show an analysis."""
    return _page(incoming)


@endpoint(blueprint, "GET", "/services", **_PAGE)
def services_page(incoming: Incoming) -> Reply:
    """Show the analysis services."""
    return _page(incoming)


@endpoint(blueprint, "GET", "/services/{service_id}", **_PAGE)
def service_page(service_id: str, incoming: Incoming) -> Reply:  # noqa: ARG001
    """Show an analysis service."""
    return _page(incoming)


@endpoint(blueprint, "GET", "/requests", **_PAGE)
def requests_page(incoming: Incoming) -> Reply:
    """Show what was asked of services, and how far it is."""
    return _page(incoming)


@endpoint(blueprint, "GET", "/profile", **_PAGE)
def profile_page(incoming: Incoming) -> Reply:
    """Show the person who is signed in."""
    return _page(incoming)


@endpoint(blueprint, "GET", "/assets/{name}", **_FILE)
def get_asset(name: str, incoming: Incoming) -> Reply:
    """Answer a script, style sheet or picture of the pages."""
    return built_files.asset(name, incoming.headers)


@endpoint(blueprint, "GET", "/favicon.ico", **_FILE)
def get_icon(incoming: Incoming) -> Reply:
    """Answer the pages' icon."""
    return built_files.icon(incoming.headers)


def _page(incoming: Incoming) -> Reply:
    return built_files.page(base_path(incoming), incoming.headers)
