"""The posterior of an analysis, wherever in the document the service put it."""

from collections.abc import Mapping

from chalicelib.products.errors import Unreadable
from chalicelib.products.netcdf.inference_data import read_posterior_group
from chalicelib.products.posterior_samples import parameter_columns
from chalicelib.products.samples import Columns

NO_POSTERIOR = "No inference data found for this Analysis."


def read_posterior(document: Mapping[str, object]) -> Columns:
    """Return the samples of each parameter: of inference_data, else posterior_samples, else the first of posteriors.

    Raises
    ------
    Unreadable
        There is none, it cannot be read, or its parameters have different numbers of samples.
    """
    if document.get("inference_data"):
        columns = read_posterior_group(document["inference_data"])
    else:
        columns = _read_samples(document)
    if not columns:
        raise Unreadable(NO_POSTERIOR)
    if len({len(values) for values in columns.values()}) > 1:
        raise Unreadable("The parameters of the posterior have different numbers of samples.")
    return columns


def _read_samples(document: Mapping[str, object]) -> Columns:
    samples = document.get("posterior_samples") or _first_model(document.get("posteriors"))
    if not isinstance(samples, Mapping):
        return {}
    return {name: values for key, sent in samples.items() for name, values in parameter_columns(str(key), sent)}


def _first_model(posteriors: object) -> object:
    models = posteriors.values() if isinstance(posteriors, Mapping) else ()
    return next((samples for samples in models if samples), None)
