"""What an analysis returns, and how it looks on the wire."""

import base64
import io
import json
import math
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from siderostat_service.failures import Document

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SIGNATURES = {b"\x89PNG": "png", b"%PDF": "pdf", b"\xff\xd8\xff": "jpeg"}
_DIMENSIONS = ("chain", "draw")
_NUMBERS = "?bhilqBHILQefd"
"""Arrays whose finite values are what JSON holds, without a look at each: all but those of more than 64 bits."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """What an analysis found; everything but the message may be left out.

    Parameters
    ----------
    message : str
        The sentence that an astronomer reads first.
    results : mapping
        Anything that JSON can hold, numpy's numbers and arrays included; NaN becomes null.
    plots : sequence
        Figures of matplotlib, files (PNG, PDF, SVG) as bytes, or paths of such files.
    posterior : mapping
        Samples by parameter, of shape (draw,) or (chain, draw).
    inference_data : object
        An arviz InferenceData instead, or a netCDF file as bytes.
    model_lightcurve : mapping
        Rows of mjd, median, low, high (AB magnitudes) by filter; beside it model_name and n_detections.
    annotations : sequence
        `{"data": {…}, "origin"?}`; they are written onto the source.
    classifications : sequence
        `{"taxonomy", "classification", "probability"}`; the same.
    """

    message: str
    results: Mapping[str, Any] = field(default_factory=dict)
    plots: Sequence["Figure | bytes | Path | str"] = ()
    posterior: Mapping[str, Any] | None = None
    inference_data: Any = None
    model_lightcurve: Mapping[str, Any] | None = None
    model_name: str | None = None
    n_detections: int | None = None
    annotations: Sequence[Mapping[str, Any]] = ()
    classifications: Sequence[Mapping[str, Any]] = ()

    def document(self) -> Document:
        """Build what is posted to the callback."""
        analysis: dict[str, Any] = {
            "results": {"format": "json", "data": plain(self.results)},
            "plots": [_plot(plot) for plot in self.plots],
        }
        if (data := self._inference_data()) is not None:
            analysis["inference_data"] = {"format": "netcdf4", "data": _base64(data)}
        for name in ("model_lightcurve", "model_name", "n_detections", "annotations", "classifications"):
            if value := getattr(self, name):
                analysis[name] = plain(value)
        return {"status": "success", "message": self.message, "analysis": analysis}

    def _inference_data(self) -> bytes | None:
        if isinstance(self.inference_data, bytes):
            return self.inference_data
        if self.inference_data is not None:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "inference_data.nc"
                self.inference_data.to_netcdf(str(path), engine="h5netcdf")
                return path.read_bytes()
        return None if self.posterior is None else _posterior(self.posterior)


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever an analysis found
    """Turn numpy's values into what JSON holds; what is not finite becomes None."""
    if isinstance(value, np.ndarray):
        if value.dtype.char in _NUMBERS and np.isfinite(value).all():
            return value.tolist()
        value = value.tolist()
    elif isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(inner) for inner in value]
    return value if value is None or isinstance(value, str | int | bool) else str(value)


def _posterior(samples: Mapping[str, Any]) -> bytes:
    """Write the posterior group of an arviz file."""
    import h5netcdf  # noqa: PLC0415 - takes a while, and only a posterior needs it

    arrays = {name: np.atleast_2d(np.asarray(values, dtype=float)) for name, values in samples.items()}
    uneven = [name for name, values in arrays.items() if values.ndim != len(_DIMENSIONS)]
    if uneven:
        raise ValueError(f"Samples have the shape (draw,) or (chain, draw); not so: {', '.join(uneven)}.")
    shapes = {values.shape for values in arrays.values()}
    if len(shapes) != 1:
        raise ValueError(f"All parameters have as many samples; these have {shapes}.")
    buffer = io.BytesIO()
    with h5netcdf.File(buffer, "w") as file:
        group = file.create_group("posterior")
        group.dimensions = dict(zip(_DIMENSIONS, shapes.pop(), strict=True))
        for name, values in arrays.items():
            group.create_variable(name, _DIMENSIONS, data=values)
    return buffer.getvalue()


def _plot(plot: "Figure | bytes | Path | str") -> dict[str, str]:
    if isinstance(plot, bytes):
        data = plot
    elif isinstance(plot, Path | str):
        data = Path(plot).read_bytes()
    else:
        buffer = io.BytesIO()
        plot.savefig(buffer, format="png")
        data = buffer.getvalue()
    known = next((name for start, name in _SIGNATURES.items() if data.startswith(start)), None)
    return {"format": known or "svg+xml", "data": _base64(data)}


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def body_of(document: Document) -> bytes:
    """Write a document as JSON."""
    return json.dumps(document).encode()
