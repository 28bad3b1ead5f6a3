"""What comes out of reading a document: products to store, and what is reported in their place."""

from dataclasses import dataclass

from chalicelib.products.scratch import FilePart


@dataclass(frozen=True)
class Product:
    """One object to store.

    `name` is what callers ask for (``plots/0``), `file` the end of its key in the store (``plots/0.png``); results may
    hold a `summary` of the source.
    """

    name: str
    file: str
    content_type: str
    data: bytes | FilePart
    summary: str | None = None


@dataclass(frozen=True)
class Problem:
    """A product that is not available, and why, in one sentence."""

    name: str
    error: str


@dataclass(frozen=True)
class Postponed:
    """A product that takes longer than somebody waits who asks for it."""

    name: str


Outcome = Product | Problem | Postponed
