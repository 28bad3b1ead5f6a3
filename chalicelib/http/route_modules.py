"""Which modules have which routes, so that a function imports those alone that it is asked for.

The routes of a room are the module `routes`, or those in the folder `routes`. On a developer's machine all of them are
imported at once. In a package `routes.json` names the modules of each path, written when it is built.
"""

import json
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path

from chalicelib.http.endpoint import ROUTES

FILE = Path(__file__).with_name("routes.json")

Index = Mapping[str, list[str]]


def of_rooms(rooms: Iterable[str]) -> Iterator[str]:
    """Yield the names of all modules with routes; those of a folder have one blueprint together."""
    for room in rooms:
        name = f"chalicelib.{room}.routes"
        within = getattr(import_module(name), "__path__", None)
        yield from [name] if within is None else (f"{name}.{each.name}" for each in pkgutil.iter_modules(within))


def in_package() -> Index | None:
    """Return the modules of each path as the build of the package wrote them down; None outside a package."""
    return json.loads(FILE.read_text()) if FILE.exists() else None


def index() -> Index:
    """Return the modules of each path, of all that are imported."""
    modules = list(dict.fromkeys(route.view.__module__ for route in ROUTES))
    by_path: dict[str, list[str]] = {}
    for route in ROUTES:
        needed = modules if route.facts.get("whole") else [route.view.__module__]
        by_path[route.path] = list(dict.fromkeys([*by_path.get(route.path, []), *needed]))
    return dict(sorted(by_path.items()))
