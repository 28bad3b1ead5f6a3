"""The addresses of the pages: one route each, for Chalice has none that catches all.

What they show, their scripts ask the API.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from chalice.app import Blueprint

from chalicelib.http.endpoint import Content, Facts, Incoming, View, endpoint
from chalicelib.http.envelope import Reply
from chalicelib.http.errors import Unavailable
from chalicelib.pages import built_files
from chalicelib.pages.base_path import base_path

blueprint = Blueprint(__name__)

_PAGE: Facts = {"answers": lambda: Content((built_files.HTML,)), "raises": (Unavailable,), "tagged": True}
_FILE: Facts = {"answers": lambda: Content(built_files.CONTENT_TYPES), "tagged": True}


def _shown_at(path: str, facts: Facts) -> Callable[[View], View]:
    """Register a view for GET, and for HEAD, whose body no gateway hands on."""

    def register(view: View) -> View:
        @wraps(view)
        def head(*args: Any, **given: Any) -> Reply:  # noqa: ANN401 - the view's
            reply: Reply = view(*args, **given)
            return reply

        head.__name__ = f"head_{view.__name__}"
        head.__doc__ = "Read what GET says, without the content."
        endpoint(blueprint, "HEAD", path, **facts)(head)
        return endpoint(blueprint, "GET", path, **facts)(view)

    return register


@_shown_at("/", _PAGE)
def sources_page(incoming: Incoming) -> Reply:
    """Show the sources."""
    return _page(incoming)


@_shown_at("/sources/{obj_id}", _PAGE)
def source_page(obj_id: str, incoming: Incoming) -> Reply:  # noqa: ARG001 - its script reads it
    """Show a source: light curve, spectra, summary, analyses."""
    return _page(incoming)


@_shown_at("/sources/{obj_id}/periodogram", _PAGE)
def periodogram_page(obj_id: str, incoming: Incoming) -> Reply:  # noqa: ARG001
    """Show a source's periodogram."""
    return _page(incoming)


@_shown_at("/analyses/{analysis_id}", _PAGE)
def analysis_page(analysis_id: str, incoming: Incoming) -> Reply:  # noqa: ARG001
    """Show an analysis."""
    return _page(incoming)


@_shown_at("/services", _PAGE)
def services_page(incoming: Incoming) -> Reply:
    """Show the analysis services."""
    return _page(incoming)


@_shown_at("/services/{service_id}", _PAGE)
def service_page(service_id: str, incoming: Incoming) -> Reply:  # noqa: ARG001
    """Show an analysis service."""
    return _page(incoming)


@_shown_at("/requests", _PAGE)
def requests_page(incoming: Incoming) -> Reply:
    """Show what was asked of services, and how far it is."""
    return _page(incoming)


@_shown_at("/profile", _PAGE)
def profile_page(incoming: Incoming) -> Reply:
    """Show the person who is signed in."""
    return _page(incoming)


@_shown_at("/assets/{name}", _FILE)
def get_asset(name: str, incoming: Incoming) -> Reply:
    """Answer a script, style sheet or picture of the pages."""
    return built_files.asset(name, incoming.headers)


@_shown_at("/favicon.ico", _FILE)
def get_icon(incoming: Incoming) -> Reply:
    """Answer the pages' icon."""
    return built_files.icon(incoming.headers)


def _page(incoming: Incoming) -> Reply:
    return built_files.page(base_path(incoming), incoming.headers)
