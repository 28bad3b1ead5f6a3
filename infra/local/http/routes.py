"""Finds the route of a path; Chalice takes all routes apart again for every request."""

from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

from chalice.local import MatchResult, RouteMatcher


class Routes(RouteMatcher):  # type: ignore[misc]  # Chalice has no types
    """The routes of an application, by the number of their parts; what is written out comes before `{any}`."""

    def __init__(self, route_urls: Iterable[str]) -> None:
        super().__init__(list(route_urls))
        self._by_length: dict[int, list[tuple[str, list[str]]]] = defaultdict(list)
        for route in self.route_urls:
            parts = route.split("/")
            self._by_length[len(parts)].append((route, parts))

    def match_route(self, url: str) -> MatchResult:
        """Return the route of a URL, the values of its `{parts}`, still encoded, and its query.

        Raises
        ------
        ValueError
            There is none.
        """
        place = urlsplit(url)
        path = place.path[:-1] if place.path != "/" and place.path.endswith("/") else place.path
        given = path.split("/")
        for route, parts in self._by_length.get(len(given), ()):
            captured = {}
            for part, value in zip(parts, given, strict=True):
                if part.startswith("{") and part.endswith("}"):
                    captured[part[1:-1]] = value
                elif part != value:
                    break
            else:
                return MatchResult(route, captured, parse_qs(place.query, keep_blank_values=True))
        raise ValueError("no route has this path")
