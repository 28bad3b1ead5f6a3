"""Posts a document to the callback that came with the run."""

import logging
import time
from typing import Any

RETRY_DELAYS_SECONDS = (0.5, 1.0, 2.0, 5.0, 15.0)
TIMEOUT_SECONDS = 30.0

logger = logging.getLogger(__name__)


def deliver(callback_url: str, document: dict[str, Any], run: str) -> None:
    """Post a document once; again only if the connection failed or the answer was a 5xx.

    An answer that is overdue is not asked for again: the document may have arrived. The URL holds a token and is never
    logged.
    """
    for delay in (*RETRY_DELAYS_SECONDS, None):
        again, outcome = _post(callback_url, document)
        if not again:
            logger.info("%s: posted, %s", run, outcome)
            return
        if delay is not None:
            logger.warning("%s: not delivered (%s), trying again in %g s", run, outcome, delay)
            time.sleep(delay)
    logger.error("%s: given up, the callback could not be reached", run)


def _post(callback_url: str, document: dict[str, Any]) -> tuple[bool, str]:
    """Whether to post again, and what happened."""
    import requests  # noqa: PLC0415 - takes four times as long as the rest of the server, which can answer meanwhile

    try:
        response = requests.post(callback_url, json=document, timeout=TIMEOUT_SECONDS, allow_redirects=False)
    except requests.ConnectionError as error:
        return True, type(error).__name__
    except requests.RequestException as error:
        return False, f"without a usable answer ({type(error).__name__})"
    return response.status_code >= 500, f"HTTP {response.status_code}"  # noqa: PLR2004 (the server's own failures)
