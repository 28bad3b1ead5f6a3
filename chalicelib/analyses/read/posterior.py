"""The samples of a run as text: written once for each question by the products function, and kept for a day."""

import hashlib
import json

from chalicelib.analyses.items.run import Run
from chalicelib.analyses.queries import PosteriorQuery
from chalicelib.analyses.read.inference_data import check_known
from chalicelib.analyses.read.made_once import PROBLEM, MadeOnce, Product
from chalicelib.analyses.read.product_file import check_readable
from chalicelib.analyses.results import products_function
from chalicelib.analyses.results.posted import POSTERIORS
from chalicelib.analyses.results.products_function import INFERENCE_DATA, ProductsFailed, StillWorking
from chalicelib.analyses.run import objects
from chalicelib.http.errors import BadRequest, NotFound

WAIT_SECONDS = 20.0
"""How long a caller waits; API Gateway lets it be 29 s for everything."""

_TYPES = {"json": ("columns.json", "application/json"), "csv": ("csv", "text/csv; charset=utf-8")}


def posterior_product(run: Run, query: PosteriorQuery) -> Product:
    """Return the samples that a query asks for as they are stored, written before or now.

    Raises
    ------
    BadRequest
        There is no parameter of a name that it gives, or more is asked for than can be written.
    NotFound
        The service sent no posterior, or it cannot be read.
    Unavailable
        It is being written, which takes longer than a caller waits.
    """
    check_known(run)
    if not POSTERIORS & set(run.contents or []):
        raise NotFound("No inference data found for this Analysis.")
    for name in ("posterior", INFERENCE_DATA):
        if (row := products_function.named(run, name)) is not None:
            check_readable(row)
    asked = [run.receipt, query.thin, query.var_names, query.format]
    stem = f"samples-{hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:32]}"
    ending, content_type = _TYPES[query.format]
    columns = MadeOnce(
        run,
        below=f"{objects.columns_prefix(run.id)}{stem}.",
        name="posterior",
        ending=ending,
        content_type=content_type,
        what="The posterior",
        being_made="written",
        advice="choose a larger thin, or fewer parameters with var_names",
    )
    product = columns.stored() or _written(columns, stem, query)
    if product["name"] == "arguments":
        raise BadRequest(product["error"])
    check_readable(product)
    return product


def _written(columns: MadeOnce, stem: str, query: PosteriorQuery) -> Product:
    run = columns.run
    document = objects.document_of(run)
    asked = {"thin": query.thin, "var_names": query.var_names}
    posterior = {"name": f"{stem}.{columns.ending}", "problem_name": f"{stem}.{PROBLEM}", **asked}
    try:
        return products_function.write_columns(run, document, posterior, WAIT_SECONDS)
    except StillWorking:
        raise columns.begun() from None
    except ProductsFailed as error:
        raise columns.failed(error) from None
