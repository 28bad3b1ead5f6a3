"""The plots in a document: base64 images, each kept as what its first bytes are; the declared format is a hint."""

import re
from collections.abc import Iterator, Mapping

from chalicelib.products import base64_data
from chalicelib.products.errors import Unreadable
from chalicelib.products.product import Outcome, Problem, Product

MAX_PLOTS = 100
MAX_PLOT_SIZE = 20_000_000

_ALIASES = {"jpg": "jpeg", "svg+xml": "svg"}
_CONTENT_TYPES = {
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "webp": "image/webp",
}
_SIGNATURES = {
    "gif": re.compile(rb"GIF8[79]a"),
    "jpeg": re.compile(rb"\xff\xd8\xff"),
    "pdf": re.compile(rb"%PDF-"),
    "png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "svg": re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|!DOCTYPE\s+svg|svg[\s>])", re.IGNORECASE),
    "webp": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
}
_SVG_HEAD = 65_536


def read_plots(plots: object) -> Iterator[Outcome]:
    """Yield one product or problem for each plot, named ``plots/<n>`` in the document's order.

    One plot may come without a list around it.
    """
    if isinstance(plots, Mapping):
        plots = [plots]
    if not isinstance(plots, list):
        yield Problem("plots", "The plots are not a list.")
        return
    for number, plot in enumerate(plots[:MAX_PLOTS]):
        name = f"plots/{number}"
        try:
            yield _read_plot(name, plot)
        except Unreadable as error:
            yield Problem(name, f"Plot {number} cannot be read. {error}")
    if len(plots) > MAX_PLOTS:
        yield Problem(f"plots/{MAX_PLOTS}", f"Only the first {MAX_PLOTS} of {len(plots)} plots are kept.")


def _read_plot(name: str, plot: object) -> Product:
    if not isinstance(plot, Mapping):
        raise Unreadable("It is not an object with a format and data.")
    data = base64_data.decode(plot.get("data"), MAX_PLOT_SIZE)
    if not data:
        raise Unreadable("It is empty.")
    actual, declared = _actual_format(data), _declared_format(plot)
    if actual is not None:
        return Product(name, f"{name}.{actual}", _CONTENT_TYPES[actual], data)
    if declared is None:
        raise Unreadable(f"Its format is not declared, and the data is none of {', '.join(_CONTENT_TYPES)}.")
    if declared in _CONTENT_TYPES:
        raise Unreadable(f"It is declared as {declared}, but the data is something else.")
    return Product(name, f"{name}.bin", "application/octet-stream", data)


def _declared_format(plot: Mapping[str, object]) -> str | None:
    """Return the format in lower case, if there is one; `type` is its old name, a data URL may carry it."""
    named = plot.get("format") or plot.get("type") or base64_data.declared_type(plot.get("data"))
    if not isinstance(named, str) or not named.strip():
        return None
    ending = named.strip().lower().rpartition("/")[2].removeprefix(".")
    return _ALIASES.get(ending, ending)


def _actual_format(data: bytes) -> str | None:
    for name, signature in _SIGNATURES.items():
        if signature.match(data) and (name != "svg" or b"<svg" in data[:_SVG_HEAD].lower()):
            return name
    return None
