"""The entry point of the products function: reads one document, stores what was asked for, reports on each product."""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from chalicelib.products.document import MAX_DOCUMENT, Document, read_document
from chalicelib.products.errors import Refused
from chalicelib.products.facts import facts_of
from chalicelib.products.product import Outcome, Postponed, Problem, Product
from chalicelib.products.reading import Options, read_kind
from chalicelib.products.request import ProductsRequest, parse_request
from chalicelib.products.scratch import FilePart, space
from chalicelib.products.transfer import Store, fetch, save


@dataclass(frozen=True)
class Row:
    """What the caller learns about a product: where it lies, or (`key` null) why it does not; neither if postponed."""

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
        ``document``: {url: signed URL of the JSON document, plain or gzip-compressed, member: which of its members is
        meant, if not all of it, is_netcdf: whether it is inference data alone}; ``store``: {url, fields, prefix} of a
        presigned POST form; ``wanted``: some of plots, results, inference_data, posterior, corner; ``posterior``:
        {name: file name, thin, var_names: text or null, problem_name} of the samples to write, or null for a look
        at whether there are any; ``corner``, if wanted: {name:
        file name, plot_kwargs, is_awaited: whether a large one is postponed, problem_name: file name for why it
        cannot be drawn, or null, most: parameters that are drawn}; ``with_facts``: whether the caller wants to know
        what is in the document.

    Returns
    -------
    dict
        ``products``: a row for each wanted product that the document has; a corner plot whose arguments do not fit the
        posterior has a row ``plot_kwargs``. ``summary``: the summary in its results or None. ``facts``: if wanted, as
        `facts_of` returns them, else None.

    Raises
    ------
    BrokenRequest
        The event is broken.
    TransferError, Unreadable
        The document cannot be had or is none, or the store cannot be reached.
    """
    with space():
        return _made(parse_request(event))


def _made(request: ProductsRequest) -> dict[str, object]:
    content = fetch(request.document_url, MAX_DOCUMENT)
    document = _document(request, content)
    options = Options(request.corner, request.posterior)
    rows, summary = [], None
    for kind in request.wanted:
        for outcome in read_kind(kind, document, options):
            row = _stored(request.store, outcome)
            rows.append(asdict(row))
            summary = summary or (outcome.summary if isinstance(outcome, Product) else None)
            _keep_problem(request, kind, row)
    facts = facts_of(document) if request.with_facts else None
    return {"products": rows, "summary": summary, "facts": facts}


def _document(request: ProductsRequest, content: FilePart) -> Document:
    if request.is_netcdf:
        return Document({"inference_data": content}, present=("inference_data",))
    return read_document(content, request.members, request.document_member)


def _keep_problem(request: ProductsRequest, kind: str, row: Row) -> None:
    """Store why a corner plot cannot be drawn, or columns not be written, if nobody may be reading the answer."""
    asked = {"corner": request.corner, "posterior": request.posterior}.get(kind)
    file = asked.problem_file if asked else None
    if file is not None and row.error is not None:
        with suppress(Refused):
            save(request.store, file, "application/json", json.dumps(asdict(row)).encode())


def _stored(store: Store, outcome: Outcome) -> Row:
    if isinstance(outcome, Postponed):
        return Row(outcome.name)
    if isinstance(outcome, Problem):
        return Row(outcome.name, error=outcome.error)
    try:
        key = save(store, outcome.file, outcome.content_type, outcome.data)
    except Refused as error:
        return Row(outcome.name, error=str(error))
    return Row(outcome.name, key, outcome.content_type, len(outcome.data))
