"""Services as others wrote them for SkyPortal, replayed from what they publish: what they post, and only once."""

import base64
import io
import json
from collections import OrderedDict

import joblib
import numpy as np
import pytest

from tests.infra.check_service.test_check_service import PNG, Service, check
from tests.support.netcdf import netcdf_file


def packed(value):
    stream = io.BytesIO()
    joblib.dump(value, stream, compress=3)
    return base64.b64encode(stream.getvalue()).decode()


SUPERNOVA = {
    "status": "success",
    "message": "Good results with chi^2/dof=12.5/11",
    "analysis": {
        "posterior_samples": {"t0": [59000.1, 59000.2], "x1": [0.1, 0.2]},
        "plots": [{"format": "png", "data": PNG}],
        "results": {"format": "joblib", "data": packed(OrderedDict(chisq=12.5, parameters=np.arange(4.0)))},
    },
}
TYPING = {
    "status": "success",
    "message": "best match: Ia-norm",
    "analysis": {
        "results": {"format": "json", "data": json.dumps({"type": "Ia-norm", "z": 0.02, "score": float("nan")})},
        "plots": [{"type": "svg+xml", "data": base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>").decode()}],
    },
}
KILONOVA = {
    "status": "success",
    "message": "inference complete",
    "analysis": {
        "inference_data": {"format": "netcdf4", "data": base64.b64encode(netcdf_file()).decode()},
        "plots": [{"format": "png", "data": PNG}, {"format": "png", "data": PNG}],
        "results": {"format": "joblib", "data": packed({"log_bayes_factor": np.float64(3.2)})},
    },
}


@pytest.mark.parametrize("result", [SUPERNOVA, TYPING, KILONOVA], ids=["supernova", "spectral typing", "kilonova"])
def test_services_that_post_once_are_right_but_for_what_they_lose_when_the_portal_is_down(result):
    with Service(result, again=False) as service:
        status, verdicts, out = check(service.address)
    assert status == 0, out
    assert [name for name, verdict in verdicts.items() if verdict == "warning"] == ["callback 503"], out
    assert "WRONG" not in verdicts.values()
    assert verdicts["posterior group"] == ("skipped" if result is TYPING else "ok")


def test_one_that_posts_only_successes_loses_what_cannot_be_analysed():
    with Service(SUPERNOVA, again=False, quiet_when="missing") as service:
        status, verdicts, out = check(service.address)
    assert (status, verdicts["missing data"]) == (1, "WRONG"), out
