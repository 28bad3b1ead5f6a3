"""Analyses that have ended with a result, posted or uploaded."""

import base64
from typing import Any

import numpy as np

from tests.support.netcdf import netcdf_file
from tests.support.scene import PNG, SUCCESS, Scene
from tests.support.uploads import commit, form_of, send
from tests.support.worker import drain


def b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def inference_data(content: bytes | None = None) -> dict[str, Any]:
    """Return a netCDF file as services post it."""
    return {"format": "netcdf4", "data": b64(netcdf_file() if content is None else content)}


def everything() -> dict[str, Any]:
    """Return an analysis with results, a plot and a posterior."""
    plots = [{"format": "png", "data": b64(PNG)}]
    return {"results": {"z": 0.5, "names": ["é"]}, "plots": plots, "inference_data": inference_data()}


def completed(scene: Scene, analysis: Any = None, *, collected: bool = True, upload: bool = False) -> int:
    """Start an analysis and return a result as its service does; return its id."""
    analysis_id = scene.start()
    drain()
    token = scene.service.received[-1].token
    document = {**SUCCESS, "analysis": everything() if analysis is None else analysis}
    if upload:
        assert send(form_of(token), document).status_code == 204
        assert commit(token).status == 200
    else:
        assert scene.answer(token, document).status == 200
    if collected:
        drain()
    return analysis_id


def large_text(size: int) -> str:
    """Return a text of so many characters that does not compress much."""
    return np.random.default_rng(3).bytes(size // 2).hex()
