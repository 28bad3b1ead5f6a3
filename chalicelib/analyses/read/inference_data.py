"""The netCDF file of a run: stored by the collector, or now, for somebody who is earlier."""

from collections.abc import Mapping
from typing import Any

from chalicelib.analyses.items.run import Run
from chalicelib.analyses.results import products_function
from chalicelib.analyses.results.products_function import INFERENCE_DATA, ProductsFailed, StillWorking
from chalicelib.analyses.run import objects
from chalicelib.http.errors import NotFound, Unavailable

WAIT_SECONDS = 15.0
_RETRY_SECONDS = 3
_NONE = "No inference data found for this Analysis."


def check_known(run: Run) -> None:
    """Raise Unavailable if nobody has looked yet into what was uploaded."""
    if products_function.contents_unknown(run):
        raise being_read()


def inference_data_product(run: Run) -> Mapping[str, Any]:
    """Return the file as it is stored.

    Raises
    ------
    NotFound
        The service sent none.
    Unavailable
        It is being read.
    """
    check_known(run)
    if INFERENCE_DATA not in (run.contents or []):
        raise NotFound(_NONE)
    found = products_function.named(run, INFERENCE_DATA)
    if found is not None:
        return found
    if run.collected_at is not None:
        raise NotFound(_NONE)
    if objects.is_uploaded(str(run.receipt)):  # which takes the collector long: it is not done twice
        raise being_read()
    return _made(run)


def being_read() -> Unavailable:
    """Return what is said of a product that the collector has not come to."""
    return Unavailable("This is being read: ask again in some seconds.", retry_after=_RETRY_SECONDS)


def _made(run: Run) -> Mapping[str, Any]:
    try:
        made = products_function.make(run, str(run.receipt), [INFERENCE_DATA], seconds=WAIT_SECONDS)
    except StillWorking:
        raise being_read() from None
    except ProductsFailed as error:
        raise NotFound(f"The inference data could not be read: {error}") from None
    if not made["products"]:
        raise NotFound(_NONE)
    product: Mapping[str, Any] = made["products"][0]
    return product
