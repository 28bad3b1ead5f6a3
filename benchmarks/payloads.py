"""Results of any size, as services send them: what the benchmarks post and upload."""

import base64
import gzip
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import h5py
import joblib
import numpy as np

PARAMETERS = 30
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@dataclass(frozen=True)
class Payload:
    """A document and how many bytes of data it carries."""

    name: str
    content: bytes
    size: int


def with_results(name: str, size: int) -> Payload:
    """Return a document of about so many bytes: joblib results, and a plot."""
    values = np.random.default_rng(7).normal(size=max(1, (size - 2000) * 3 // 4 // 8))
    results = _joblib({"chi2": 1.5, "summary": "a supernova", "curve": values})
    return _document(name, {"results": {"format": "joblib", "data": _text(results)}}, len(results), pack=False)


def with_posterior(name: str, draws: int, *, pack: bool = True) -> Payload:
    """Return a document with a posterior of 30 parameters as arviz writes it, small results and a plot."""
    file = posterior_file(draws)
    results = _joblib({"chi2": 1.5, "summary": "a supernova"})
    analysis = {
        "inference_data": {"format": "netcdf4", "data": _text(file)},
        "results": {"format": "joblib", "data": _text(results)},
    }
    return _document(name, analysis, len(file), pack=pack)


def with_cube(name: str, size: int) -> Payload:
    """Return a document whose results hold one cube of float64, not compressed."""
    side = round((size / 8 / 50) ** 0.5)
    results = _joblib({"cube": np.random.default_rng(7).normal(size=(50, side, side))})
    return _document(name, {"results": {"format": "joblib", "data": _text(results)}}, len(results), pack=False)


def posterior_file(draws: int) -> bytes:
    """Return a netCDF file: four chains, a variable for each parameter."""
    random, stream = np.random.default_rng(7), io.BytesIO()
    with h5py.File(stream, "w") as file:
        group = file.create_group("posterior")
        scales = [
            group.create_dataset(name, data=np.arange(length)) for name, length in (("chain", 4), ("draw", draws // 4))
        ]
        for scale in scales:
            scale.make_scale(scale.name.rpartition("/")[2])
        for number in range(PARAMETERS):
            variable = group.create_dataset(f"p{number}", data=random.normal(size=(4, draws // 4)))
            for axis, scale in enumerate(scales):
                variable.dims[axis].attach_scale(scale)
    return stream.getvalue()


def read_plainly(payload: Payload) -> Callable[[], object]:
    """Return what whoever trusts the sender does: json.loads, base64 and joblib.load."""
    text = gzip.decompress(payload.content) if payload.content.startswith(b"\x1f\x8b") else payload.content

    def read() -> object:
        results = json.loads(text)["analysis"]["results"]["data"]
        return joblib.load(io.BytesIO(base64.b64decode(results)))

    return read


def _joblib(value: object) -> bytes:
    stream = io.BytesIO()
    joblib.dump(value, stream)
    return stream.getvalue()


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _document(name: str, analysis: dict[str, Any], size: int, *, pack: bool) -> Payload:
    plots = [{"format": "png", "data": _text(PNG)}]
    text = json.dumps({"status": "success", "message": "done", "analysis": {**analysis, "plots": plots}}).encode()
    return Payload(name, gzip.compress(text, 1) if pack else text, size)
