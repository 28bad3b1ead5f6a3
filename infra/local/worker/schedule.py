"""Calls what runs by the clock, as EventBridge does."""

import threading
import uuid
from datetime import UTC, datetime
from typing import Any

from chalicelib.http.logs import LOGGER
from infra.local.worker.event_sources import Scheduled


class Schedule:
    """Calls one function at its rate, on a thread of its own, never twice at the same time.

    Parameters
    ----------
    scheduled : Scheduled
        The function and its rate.
    region, account_id : str
        For the events.
    """

    def __init__(self, scheduled: Scheduled, region: str, account_id: str) -> None:
        self._scheduled, self._region, self._account_id = scheduled, region, account_id
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"clock-{scheduled.function.name}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Wait for the call that is going on, and make no more."""
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ending.wait(self._scheduled.seconds):
            try:
                self._scheduled.function(self._event())
            except Exception:  # noqa: BLE001 - whatever it was, the next call comes
                LOGGER.exception(
                    "a function of the clock failed, and is called again",
                    extra={"function": self._scheduled.function.name},
                )

    def _event(self) -> dict[str, Any]:
        name = self._scheduled.function.name
        return {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": self._account_id,
            "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "region": self._region,
            "resources": [f"arn:aws:events:{self._region}:{self._account_id}:rule/{name}"],
            "detail": {},
        }
