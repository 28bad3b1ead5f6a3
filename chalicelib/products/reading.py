"""From a document to its products, kind by kind; what goes wrong with one of them stays with it."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from chalicelib.products.errors import BadArguments, Unreadable
from chalicelib.products.plots import read_plots
from chalicelib.products.product import Outcome, Postponed, Problem, Product
from chalicelib.products.request import CornerRequest, PosteriorRequest
from chalicelib.products.results import read_results

MOST_AWAITED_PARAMETERS = 12
"""Of a corner plot that somebody waits for: it takes some seconds."""

_LOG = logging.getLogger(__name__)

_Document = Mapping[str, object]


@dataclass(frozen=True)
class Options:
    """How a corner plot is drawn, and which samples are written; None where neither is wanted."""

    corner: CornerRequest | None = None
    posterior: PosteriorRequest | None = None


def read_kind(kind: str, document: _Document, options: Options) -> Iterator[Outcome]:
    """Yield the products of one kind, none if the document has none, and a problem for each that cannot be read."""
    try:
        yield from _READERS[kind](document, options)
    except BadArguments as error:
        yield Problem("plot_kwargs" if kind == "corner" else "arguments", str(error))
    except Unreadable as error:
        yield Problem(kind, str(error))
    except Exception:  # noqa: BLE001 - whatever a hostile product does to a parser must not take the other products along
        _LOG.exception("unexpected failure while reading %s", kind)
        yield Problem(kind, f"Reading the {kind.replace('_', ' ')} failed unexpectedly.")


def _plots(document: _Document, _: Options) -> Iterator[Outcome]:
    if document.get("plots"):
        yield from read_plots(document["plots"])


def _results(document: _Document, _: Options) -> Iterator[Outcome]:
    if document.get("results") is not None:
        yield from read_results(document["results"])


def _inference_data(document: _Document, _: Options) -> Iterator[Outcome]:
    if document.get("inference_data"):
        from chalicelib.products.netcdf.inference_data import read_inference_data  # noqa: PLC0415 - loads h5py

        try:
            yield read_inference_data(document["inference_data"])
        except Unreadable as error:
            yield Problem("inference_data", f"The inference data cannot be read. {error}")


def _posterior(document: _Document, options: Options) -> Iterator[Outcome]:
    """Write samples; if nobody has said which, tell whether there are any, as far as inference data do not."""
    from chalicelib.products.posterior import check_samples, write_from_document  # noqa: PLC0415 - loads numpy

    asked = options.posterior
    if asked is not None:
        text = write_from_document(document, asked.columns)
        content_type = "text/csv; charset=utf-8" if asked.columns.format == "csv" else "application/json"
        yield Product("posterior", asked.file, content_type, text)
    elif not document.get("inference_data"):
        check_samples(document)
        yield Postponed("posterior")


def _corner(document: _Document, options: Options) -> Iterator[Outcome]:
    corner = options.corner
    if corner is not None:
        from chalicelib.products.corner.plot import check_corner, draw_corner  # noqa: PLC0415 - loads matplotlib
        from chalicelib.products.posterior import choose_from_document  # noqa: PLC0415 - loads numpy

        chosen = choose_from_document(document, corner.wanted)
        if corner.is_awaited and len(chosen.columns) > MOST_AWAITED_PARAMETERS:
            check_corner(chosen, corner.plot_kwargs)
            yield Postponed("corner")
            return
        yield Product("corner", corner.file, "image/png", draw_corner(chosen, corner.plot_kwargs))


_READERS: dict[str, Callable[[_Document, Options], Iterator[Outcome]]] = {
    "plots": _plots,
    "results": _results,
    "inference_data": _inference_data,
    "posterior": _posterior,
    "corner": _corner,
}
