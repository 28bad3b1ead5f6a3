"""Inference data as services send it, with whatever is wrong with it."""

import io
from collections.abc import Callable
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from chalicelib.products.netcdf.parameters import parameters_of
from chalicelib.products.netcdf.posterior_file import open_posterior


def netcdf_file(variables: dict[str, Any] | None = None, change: Callable[[Any], None] | None = None) -> bytes:
    """Write a file laid out as arviz does: /posterior with its dimension scales, and variables of chain and draw.

    `change` gets the open file, to add to it or to damage it.
    """
    random = np.random.default_rng(5)
    chosen = variables or {"t0": random.normal(59000, 0.1, (2, 100)), "x1": random.normal(0, 1, (2, 100))}
    chains, draws = next(iter(chosen.values())).shape[:2]
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        posterior = file.create_group("posterior")
        scales = {}
        for name, length in (("chain", chains), ("draw", draws), ("dim_0", 3)):
            scales[name] = posterior.create_dataset(name, data=np.arange(length))
            scales[name].make_scale(name)
        for name, values in chosen.items():
            variable = posterior.create_dataset(name, data=values)
            for axis, scale in zip(range(variable.ndim), ("chain", "draw", "dim_0"), strict=False):
                variable.dims[axis].attach_scale(scales[scale])
        if change:
            change(file)
    return stream.getvalue()


def columns_of(data: bytes) -> dict[str, NDArray[np.float64]]:
    """Read the samples of every parameter of a file, in this process."""
    with open_posterior(data) as variables:
        return {parameter.name: parameter.read() for parameter in parameters_of(variables)}
