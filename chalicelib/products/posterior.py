"""The posterior of an analysis, wherever in the document the service put it."""

from collections.abc import Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray

from chalicelib.products.columns import ColumnsWanted, write_columns
from chalicelib.products.errors import Unreadable
from chalicelib.products.netcdf.inference_data import choose_from_inference_data, write_from_inference_data
from chalicelib.products.posterior_samples import parameter_columns
from chalicelib.products.samples import Chosen
from chalicelib.products.scratch import FilePart, new_file
from chalicelib.products.selection import Parameter, Wanted, choose

NO_POSTERIOR = "No inference data found for this Analysis."


def choose_from_document(document: Mapping[str, object], wanted: Wanted) -> Chosen:
    """Choose what is drawn: of inference_data, else of posterior_samples, else of the first of posteriors.

    Raises
    ------
    BadArguments
        There is no parameter of a name that was asked for.
    Unreadable
        There is no posterior, it cannot be read, or there is nothing to draw.
    """
    if document.get("inference_data"):
        return choose_from_inference_data(document["inference_data"], wanted)
    parameters = read_parameters(document)
    if not parameters:
        raise Unreadable(NO_POSTERIOR)
    return choose(parameters, wanted)


def check_samples(document: Mapping[str, object]) -> None:
    """Raise Unreadable if a document without inference data has no samples that can be read."""
    if not read_parameters(document):
        raise Unreadable(NO_POSTERIOR)


def write_from_document(document: Mapping[str, object], wanted: ColumnsWanted) -> FilePart:
    """Write samples as text to a file: of the posterior that `choose_from_document` draws; raises as it does."""
    if document.get("inference_data"):
        return write_from_inference_data(document["inference_data"], wanted)
    check_samples(document)
    file = new_file()
    write_columns(read_parameters(document), wanted, file.write)
    return file.whole()


def read_parameters(document: Mapping[str, object]) -> list[Parameter]:
    """Return the parameters of posterior_samples or of the first model of posteriors that has any."""
    samples = document.get("posterior_samples") or _first_model(document.get("posteriors"))
    if not isinstance(samples, Mapping):
        return []
    return [
        Parameter(name, str(variable), len(values), partial(_given, values))
        for variable, sent in samples.items()
        for name, values in parameter_columns(str(variable), sent)
    ]


def _given(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return values


def _first_model(posteriors: object) -> object:
    models = posteriors.values() if isinstance(posteriors, Mapping) else ()
    return next((samples for samples in models if samples), None)
