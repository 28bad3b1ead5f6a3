"""Asking the isolated products function to decode and draw what a service sent."""

import json
from typing import Annotated, Any

from botocore.exceptions import ReadTimeoutError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from chalicelib import aws
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.results.posted import UPLOADED
from chalicelib.analyses.run import objects
from chalicelib.analyses.run.transitions import shortened
from chalicelib.http.logs import Expected
from chalicelib.settings import settings

MOST_PRODUCT_BYTES = 400_000_000
MOST_COLUMNS_BYTES = 1_200_000_000
"""Of a posterior as text."""

INFERENCE_DATA = "inference_data"

_BEFORE_EFFECTS = frozenset({"plots", "results"})
"""Made before what the result says of its source is applied, so that this comes back with them."""

_MEMBER = "analysis"
_OF_THE_DOCUMENT = {"Unreadable", "TooLarge"}
_MOST_CHARACTERS = 1000
_MOST_ROWS = 200
_MOST_SUMMARY_CHARACTERS = 65_536


class _Checked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class _Product(_Checked):
    """A product as the function reports it."""

    name: Annotated[str, Field(pattern=r"^[a-z_]{1,30}(/\d{1,3})?$")]
    key: str | None
    content_type: Annotated[str, Field(pattern=r"^[a-z]{1,20}/[a-z0-9.+-]{1,60}(; charset=utf-8)?$")] | None
    size: Annotated[int, Field(ge=0, le=MOST_COLUMNS_BYTES)] | None
    error: Annotated[str, AfterValidator(lambda text: shortened(text)[:_MOST_CHARACTERS])] | None


class Facts(_Checked):
    """What is in a document that only the function reads."""

    present: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=100)]
    plots: Annotated[int, Field(ge=0)]
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    small: dict[str, Any]
    omitted: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=20)]


class _Made(_Checked):
    """What the function answers."""

    products: Annotated[list[_Product], Field(max_length=_MOST_ROWS)]
    summary: Annotated[str, Field(max_length=_MOST_SUMMARY_CHARACTERS)] | None
    facts: Facts | None = None


class ProductsFailed(Expected):
    """The products function died or refused; the message is a sentence for people."""


class DocumentUnreadable(ProductsFailed):
    """The document is none: it will not become one."""


class StillWorking(Exception):
    """The products function has not answered in time; it goes on, and stores what it makes."""


def make(
    run: Run, document_key: str, wanted: list[str], corner: dict[str, Any] | None = None, seconds: float | None = None
) -> dict[str, Any]:
    """Have products made from a stored document.

    Parameters
    ----------
    run : Run
        Whose products they are.
    document_key : str
        Key of the posted document.
    wanted : list of str
        Of "plots", "results", "inference_data", "posterior" (a look at whether there is any beside them), "corner".
    corner : dict, optional
        name, plot_kwargs and is_awaited of the corner plot.
    seconds : float, optional
        How long to wait, if not until the function's own end.

    Returns
    -------
    dict
        `products`, a list of name, key, content_type, size and error; `summary`, a text or None; and `facts` of what
        is in an uploaded document, if only plots and results are wanted, or None. A corner plot with neither key nor
        error is too large for somebody who waits.

    Raises
    ------
    ProductsFailed
        The function died, overran its limits, refused, or answered what it should not.
    StillWorking
        It has not answered within `seconds`.
    """
    return _answered(objects.products_prefix(run.id), _event(run, document_key, wanted, corner), seconds)


def _answered(prefix: str, event: dict[str, Any], seconds: float | None) -> dict[str, Any]:
    try:
        return _checked(prefix, aws.invoke(settings().products_function, event, seconds))
    except aws.FunctionFailed as failure:
        raise (DocumentUnreadable if failure.kind in _OF_THE_DOCUMENT else ProductsFailed)(str(failure)) from None
    except ReadTimeoutError:
        if seconds is None:
            raise
        raise StillWorking from None


def write_columns(run: Run, document_key: str, posterior: dict[str, Any], seconds: float) -> dict[str, Any]:
    """Have samples written as text, below `objects.columns_prefix`.

    Parameters
    ----------
    run : Run
        With a posterior.
    document_key : str
        Key of the posted document; not read if the inference data are stored.
    posterior : dict
        name, thin, var_names, and problem_name.
    seconds : float
        How long to wait.

    Returns
    -------
    dict
        name, key, content_type, size and error of what was written; the name is `arguments` if they do not fit.

    Raises
    ------
    ProductsFailed, StillWorking
        As `make` does.
    """
    netcdf = named(run, INFERENCE_DATA)
    prefix = objects.columns_prefix(run.id)
    if netcdf is not None and netcdf["key"]:
        document = {"url": objects.signed_read(netcdf["key"]), "is_netcdf": True}
    else:
        document = {"url": objects.signed_read(document_key), "member": _MEMBER}
    event = {
        "document": document,
        "store": objects.signed_write(prefix, MOST_COLUMNS_BYTES),
        "wanted": ["posterior"],
        "posterior": posterior,
    }
    rows = _answered(prefix, event, seconds)["products"]
    if not rows:
        raise ProductsFailed("the products function did not find the posterior")
    row: dict[str, Any] = rows[0]
    return row


def begin_corner(run: Run, document_key: str, corner: dict[str, Any]) -> None:
    """Have a corner plot drawn that nobody waits for: the function stores it, or why it cannot be drawn.

    `corner` holds name, plot_kwargs and problem_name.
    """
    aws.begin(settings().products_function, _event(run, document_key, ["corner"], corner))


def _event(run: Run, document_key: str, wanted: list[str], corner: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "document": {"url": objects.signed_read(document_key), "member": _MEMBER},
        "store": objects.signed_write(objects.products_prefix(run.id), MOST_PRODUCT_BYTES),
        "wanted": wanted,
        "corner": corner,
        "with_facts": objects.is_uploaded(str(run.receipt)) and _BEFORE_EFFECTS.issuperset(wanted),
    }


def contents_unknown(run: Run) -> bool:
    """Say whether nobody has looked yet into what was uploaded."""
    return bool(run.contents == [UPLOADED])


def read_row(run: Run, key: str) -> dict[str, Any]:
    """Read a row that the function stored because nobody waited for its answer; it is trusted no more than an answer.

    Raises
    ------
    ProductsFailed
        It is none.
    """
    try:
        row: object = json.loads(objects.get_bytes(key))
    except ValueError:
        row = None
    checked: dict[str, Any] = _checked(objects.products_prefix(run.id), {"products": [row], "summary": None})[
        "products"
    ][0]
    return checked


def _checked(prefix: str, payload: object) -> dict[str, Any]:
    """Check an answer: a payload may have taken the function over, and its products are read with our rights."""
    try:
        made = _Made.model_validate(payload)
    except ValidationError:
        raise ProductsFailed("the products function answered something else than products") from None
    if not all(row.key is None or row.key.startswith(prefix) for row in made.products):
        raise ProductsFailed("the products function named an object that is not of this analysis")
    return made.model_dump()


def named(run: Run, name: str) -> dict[str, Any] | None:
    """Return what is recorded of a product, or None if the service sent no such thing or it is not made yet."""
    found: list[dict[str, Any]] = [product for product in run.products or [] if product["name"] == name]
    if found:
        return found[0]
    is_waiting = name == INFERENCE_DATA and run.collected_at is None and name in (run.contents or [])
    return _stored_inference_data(run) if is_waiting else None


def _stored_inference_data(run: Run) -> dict[str, Any] | None:
    """Look for inference data whose row comes with the corner plot's: the function stores it before it draws."""
    key = f"{objects.products_prefix(run.id)}{INFERENCE_DATA}.nc"
    size = objects.size_of(key)
    if size is None:
        return None
    return {"name": INFERENCE_DATA, "key": key, "content_type": "application/x-netcdf", "size": size, "error": None}
