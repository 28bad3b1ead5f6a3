"""The entry point of the products function: reads one document, stores what was asked for, reports on each product."""

from dataclasses import asdict, dataclass
from typing import Any

from chalicelib.products.document import MAX_COMPRESSED, read_document
from chalicelib.products.errors import Refused
from chalicelib.products.product import Outcome, Problem, Product
from chalicelib.products.reading import read_kind
from chalicelib.products.request import parse_request
from chalicelib.products.transfer import Store, fetch, save


@dataclass(frozen=True)
class Row:
    """What the caller learns about a product: where it lies, or (`key` null) why it does not."""

    name: str
    key: str | None = None
    content_type: str | None = None
    size: int | None = None
    error: str | None = None


def handler(event: dict[str, Any], _context: object) -> dict[str, object]:
    """Decode and draw the wanted products of a document and store them.

    Parameters
    ----------
    event
        ``document``: {url: signed URL of the gzip-compressed JSON document, member: which of its members is
        meant, if not all of it}; ``store``: {url, fields, prefix} of a
        presigned POST form; ``wanted``: some of plots, results, inference_data, corner; ``corner``, if wanted: {name:
        file name, plot_kwargs, max_parameters: int or null}.

    Returns
    -------
    dict
        ``products``: a row for each wanted product that the document has; ``summary``: the summary in its results or
        None.

    Raises
    ------
    KeyError, TypeError, ValueError
        The event is broken.
    TransferError, Unreadable
        The document cannot be had or is none, or the store cannot be reached.
    """
    request = parse_request(event)
    document = read_document(fetch(request.document_url, MAX_COMPRESSED), request.document_member)
    rows, summary = [], None
    for kind in request.wanted:
        for outcome in read_kind(kind, document, request.corner):
            rows.append(asdict(_stored(request.store, outcome)))
            summary = summary or (outcome.summary if isinstance(outcome, Product) else None)
    return {"products": rows, "summary": summary}


def _stored(store: Store, outcome: Outcome) -> Row:
    if isinstance(outcome, Problem):
        return Row(outcome.name, error=outcome.error)
    try:
        key = save(store, outcome.file, outcome.content_type, outcome.data)
    except Refused as error:
        return Row(outcome.name, error=str(error))
    return Row(outcome.name, key, outcome.content_type, len(outcome.data))
