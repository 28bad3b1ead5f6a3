"""Three services as SkyPortal ships them, replayed: none runs its fit here, each answers and posts as its source says.

Read in services/ of skyportal/skyportal: sn_analysis_service, ngsf_analysis_service and nmma_analysis_service. All
three answer GET with `active`, refuse what is no JSON or lacks a key, say `pending` at once, work on, post once, wait a
minute for the answer and do not look at it; what they cannot read ends as a failure that says so. What they post is
another thing for each.
"""

import base64
import io
import json
from collections import OrderedDict

import joblib
import numpy as np
import pytest
import requests

from tests.infra.check_service.test_check_service import PNG, SHORT, Service, check
from tests.support.netcdf import netcdf_file


def packed(value):
    stream = io.BytesIO()
    joblib.dump(value, stream, compress=3)
    return base64.b64encode(stream.getvalue()).decode()


SUPERNOVA = {  # sncosmo's Result is a dictionary; draws of a normal distribution stand for a posterior
    "status": "success",
    "message": "Good results with chi^2/dof=12.5/11",
    "analysis": {
        "posterior_samples": {
            name: np.random.default_rng(1).normal(size=10_000).tolist() for name in ("z", "t0", "amplitude")
        },
        "plots": [{"format": "png", "data": PNG}],
        "results": {
            "format": "joblib",
            "data": packed(OrderedDict(success=True, ncall=90, chisq=12.5, ndof=11, parameters=np.arange(3.0))),
        },
    },
}
TYPING = {  # superfit's table as JSON text inside of a joblib file, two plots for each spectrum, NaN and all
    "status": "success",
    "message": "Good results with chi^2/dof=0.85",
    "analysis": {
        "plots": [{"format": "png", "data": PNG}] * 4,
        "results": {
            "format": "joblib",
            "data": packed(json.dumps({"0": {"SN": "SN2011fe/Ia-norm", "Z": 0.02, "CHI2/dof": 0.85, "A_v": None}})),
        },
    },
}
KILONOVA = {  # an arviz file of the sampler's table, and bilby's whole result
    "status": "success",
    "message": "Good results with log Bayes factor=-3.2",
    "analysis": {
        "inference_data": {"format": "netcdf4", "data": base64.b64encode(netcdf_file()).decode()},
        "plots": [{"format": "png", "data": PNG}],
        "results": {
            "format": "joblib",
            "data": packed({"log_bayes_factor": -3.2, "posterior": {"content": {"timeshift": [0.1, 0.2]}}}),
        },
    },
}
ALL = pytest.mark.parametrize("result", [SUPERNOVA, TYPING, KILONOVA], ids=["supernova", "spectral typing", "kilonova"])


class Shipped(Service):
    """Says why where there is nothing to work on."""

    def work(self, document):
        inputs = document["inputs"]
        table = inputs["spectra"] if self.result is TYPING else inputs["photometry"]
        message = "input data is not in the expected format: no columns to parse from file"
        failure = {"status": "failure", "message": message, "analysis": {}}
        requests.post(document["callback_url"], json=failure if table.count("\n") <= 1 else self.result, timeout=60)


@ALL
def test_services_that_post_once_are_right_but_for_what_they_lose_when_the_portal_is_down(result):
    with Shipped(result) as service:
        status, verdicts, out = check(service.address, settle=SHORT)
    assert status == 0, out
    assert [name for name, verdict in verdicts.items() if verdict == "warning"] == ["callback 503"], out
    assert "WRONG" not in verdicts.values()
    assert verdicts["posterior group"] == ("skipped" if result is TYPING else "ok")
    assert "input data is not in the expected format" in " ".join(out.split())


def test_one_whose_worker_dies_on_unknown_models_posts_nothing_and_is_told_so():
    """As the kilonova service does with a model that it has no priors for: it posts `null`."""
    with Shipped(None) as service:
        status, verdicts, out = check(service.address, settle=SHORT)
    assert (status, verdicts["document"]) == (1, "WRONG"), out


def test_one_that_posts_only_successes_loses_what_cannot_be_analysed():
    with Service(SUPERNOVA, again=False, quiet_when="missing") as service:
        status, verdicts, out = check(service.address, settle=SHORT)
    assert (status, verdicts["missing data"]) == (1, "WRONG"), out
