"""The event that the products function is called with, checked once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.products import facts
from chalicelib.products.columns import ColumnsWanted
from chalicelib.products.errors import BrokenRequest
from chalicelib.products.selection import MOST_PARAMETERS, Wanted
from chalicelib.products.transfer import Store

KINDS = ("plots", "results", "inference_data", "posterior", "corner")

_OF_POSTERIORS = frozenset({"corner", "posterior"})
_POSTERIORS = ("inference_data", "posterior_samples", "posteriors")

_CORNER_FILE = re.compile(r"[A-Za-z0-9_-]+\.png", re.ASCII)
_COLUMNS_FILE = re.compile(r"[A-Za-z0-9_-]+(\.columns\.json|\.csv)", re.ASCII)
_PROBLEM_FILE = re.compile(r"[A-Za-z0-9_-]+\.json", re.ASCII)
_PROBLEM_NAME = "the name of a problem is letters, digits, - and _ before .json"


@dataclass(frozen=True)
class CornerRequest:
    """Which corner plot to draw, and the file to store it as."""

    file: str
    plot_kwargs: Mapping[str, object]
    is_awaited: bool
    """Whether somebody waits for it: then a large one is postponed."""
    problem_file: str | None
    """Where the reason is stored, if it cannot be drawn and nobody reads the answer."""
    most: int = MOST_PARAMETERS
    """Parameters that are drawn."""

    @property
    def wanted(self) -> Wanted:
        """Which parameters are drawn; `var_names` is the one argument that is not corner's."""
        names: Any = self.plot_kwargs.get("var_names") or None
        return Wanted(names if names is None else (names,) if isinstance(names, str) else tuple(names), self.most)


@dataclass(frozen=True)
class PosteriorRequest:
    """Which samples to write, and the file to store them as."""

    file: str
    columns: ColumnsWanted
    problem_file: str


@dataclass(frozen=True)
class ProductsRequest:
    """Where the document lies, where its products go, and which kinds of them are wanted."""

    document_url: str
    document_member: str | None
    is_netcdf: bool
    """Whether it is no document at all, but the inference data alone, as they are stored."""
    store: Store
    wanted: tuple[str, ...]
    corner: CornerRequest | None
    posterior: PosteriorRequest | None
    """None for a look at whether there are samples."""
    with_facts: bool
    """Whether the caller is told what is in the document."""

    @property
    def members(self) -> frozenset[str]:
        """The members of the document that what is wanted is made from."""
        return frozenset(
            [
                *(kind for kind in self.wanted if kind not in _OF_POSTERIORS),
                *(_POSTERIORS if _OF_POSTERIORS & set(self.wanted) else ()),
                *(("plots", *facts.MEMBERS) if self.with_facts else ()),
            ]
        )


def parse_request(event: Mapping[str, Any]) -> ProductsRequest:
    """Read the event of a call; raises BrokenRequest for one that is broken."""
    try:
        return _parsed(event)
    except KeyError as error:
        raise BrokenRequest(f"The event is broken: it lacks {error}.") from error
    except (AttributeError, TypeError, ValueError) as error:
        raise BrokenRequest(f"The event is broken: {error}.") from error


def _parsed(event: Mapping[str, Any]) -> ProductsRequest:
    wanted = set(event["wanted"])
    if not wanted <= set(KINDS):
        raise ValueError(f"wanted may hold {', '.join(KINDS)}, not {', '.join(map(str, wanted.difference(KINDS)))}")
    store = event["store"]
    return ProductsRequest(
        document_url=event["document"]["url"],
        document_member=event["document"].get("member"),
        is_netcdf=bool(event["document"].get("is_netcdf")),
        store=Store(url=store["url"], fields=dict(store["fields"]), prefix=store["prefix"]),
        wanted=tuple(kind for kind in KINDS if kind in wanted),
        corner=_corner(event["corner"]) if "corner" in wanted else None,
        posterior=_posterior(event["posterior"]) if "posterior" in wanted and event.get("posterior") else None,
        with_facts=bool(event.get("with_facts")),
    )


def _posterior(posterior: Mapping[str, Any]) -> PosteriorRequest:
    if not _COLUMNS_FILE.fullmatch(posterior["name"]):
        raise ValueError("the name of columns is letters, digits, - and _ before .columns.json or .csv")
    if not _PROBLEM_FILE.fullmatch(posterior["problem_name"]):
        raise ValueError(_PROBLEM_NAME)
    names, thin = posterior["var_names"], int(posterior["thin"])
    if thin < 1:
        raise ValueError("thin is at least 1")
    wanted = ColumnsWanted("csv" if posterior["name"].endswith(".csv") else "json", thin, names)
    return PosteriorRequest(posterior["name"], wanted, posterior["problem_name"])


def _corner(corner: Mapping[str, Any]) -> CornerRequest:
    if not _CORNER_FILE.fullmatch(corner["name"]):
        raise ValueError("the name of a corner plot is letters, digits, - and _ before .png")
    problem_file = corner.get("problem_name")
    if problem_file is not None and not _PROBLEM_FILE.fullmatch(problem_file):
        raise ValueError(_PROBLEM_NAME)
    return CornerRequest(
        file=corner["name"],
        plot_kwargs=dict(corner.get("plot_kwargs") or {}),
        is_awaited=bool(corner.get("is_awaited")),
        problem_file=problem_file,
        most=min(int(corner.get("most", MOST_PARAMETERS)), MOST_PARAMETERS),
    )
