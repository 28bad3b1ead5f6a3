"""A stand-in for an analysis service: it answers as a test says, and posts its result by itself when it is told to."""

import base64
import json
import threading
from typing import Any

import requests

from tests.support.netcdf import netcdf_file
from tests.support.scene import PNG
from tests.support.service import Reaction, Received, StubService


def b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def whole_result() -> dict[str, Any]:
    """Return what a service sends that has everything: results with errors, a plot and a posterior."""
    return {
        "results": {"parameters": {"t0": 59363.4, "x1": -0.31}, "errors": {"t0": 0.05, "x1": 0.11}, "chisq": 12.5},
        "plots": [{"format": "png", "data": b64(PNG)}],
        "inference_data": {"format": "netcdf4", "data": b64(netcdf_file())},
    }


class FitService(StubService):
    """Refuses as often as `refusals` says with 503, then takes the document and posts `result`, unless that is None."""

    def __init__(self) -> None:
        super().__init__()
        self.refusals = 0
        self.result: dict[str, Any] | None = {"status": "success", "message": "Fitted.", "analysis": whole_result()}
        self.react = self._react

    def _react(self, got: Received) -> Reaction:
        if self.refusals > 0:
            self.refusals -= 1
            return Reaction(status=503, body=b"busy", headers={"Retry-After": "1"})
        if self.result is not None:
            threading.Thread(target=self._post, args=(got.document["callback_url"], self.result), daemon=True).start()
        return Reaction()

    def answer(self, document: dict[str, Any]) -> None:
        """Post a result for the newest document."""
        self._post(self.received[-1].document["callback_url"], document)

    @staticmethod
    def _post(url: str, document: dict[str, Any]) -> None:
        requests.post(url, data=json.dumps(document), timeout=30)
