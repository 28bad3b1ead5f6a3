"""What would go with a service if it were deleted."""

from itertools import islice
from typing import Any

from chalicelib.accounts.caller import Caller
from chalicelib.analyses.items.run import RUN_SK, Run
from chalicelib.analyses.read.listing import in_batches
from chalicelib.analyses.read.product_list import READY, product_list
from chalicelib.analyses.states import OPEN, State
from chalicelib.services.access import readable_service
from chalicelib.services.items.default_analysis import DefaultAnalysis

MOST_COUNTED = 2_000
_COLUMNS = ["analysis_id", "sk", "status", "num_plots", "contents", "receipt", "collected_at", "products"]


def removal(caller: Caller, service_id: int) -> dict[str, Any]:
    """Count what deleting a service removes, whoever may see it: a call for a hundred analyses, and three besides.

    Of more than `MOST_COUNTED` analyses the newest are looked at, and `complete` is false. Products are those that can
    be read.

    Raises
    ------
    Forbidden
        The caller does not reach the service.
    """
    readable_service(caller, service_id)
    keys = Run.by_service.query(service_id, scan_index_forward=False, limit=MOST_COUNTED + 1)
    ids = [key.analysis_id for key in islice(keys, MOST_COUNTED + 1)]
    defaults = sum(1 for _ in DefaultAnalysis.of_service(service_id))
    analyses = products = unfinished = 0
    for batch in in_batches(ids[:MOST_COUNTED]):
        for run in Run.batch_get([(number, RUN_SK) for number in batch], attributes_to_get=_COLUMNS):
            if run.state is State.DELETED:
                continue
            analyses += 1
            unfinished += run.state in OPEN
            listed = product_list(run) if run.collected_at is not None else []
            products += sum(product["state"] == READY for product in listed)
    return {
        "analyses": analyses,
        "unfinished": unfinished,
        "products": products,
        "default_analyses": defaults,
        "complete": len(ids) <= MOST_COUNTED,
    }
