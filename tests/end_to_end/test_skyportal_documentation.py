"""What SkyPortal's documentation shows, as it stands but for host and token."""

import base64
import io
import json
import warnings

import joblib
import numpy as np
import pytest
import requests

from tests.end_to_end.test_way_of_an_analysis import post_soon
from tests.support.scene import PNG


@pytest.fixture(scope="module")
def netcdf():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # arviz announces its refactoring on import
        import arviz

        return arviz.from_dict({"z": np.random.default_rng(1).normal(size=(2, 50))})


def encoded(content):
    return base64.b64encode(content).decode()


def dumped(value):
    buffer = io.BytesIO()
    joblib.dump(value, buffer)
    return buffer.getvalue()


def test_a_service_is_registered_run_and_read(running, source, service, netcdf, tmp_path):
    path = tmp_path / "sent.nc"
    netcdf.to_netcdf(str(path), engine="h5netcdf")
    sent = {
        "inference_data": {"format": "netcdf4", "data": encoded(path.read_bytes())},
        "plots": [{"format": "png", "data": encoded(PNG)}],
        "results": {"format": "joblib", "data": encoded(dumped({"chi2": 28.8, "samples": np.arange(3.0)}))},
    }
    service.react = lambda got: post_soon(got, {"status": "success", "message": "good results", "analysis": sent})

    registration = {
        "name": "external_service_abc",
        "display_name": "external service name",
        "description": "external service description",
        "version": "1.0",
        "contact_name": "Vera Rubin",
        "contact_email": "vr@ls.st",
        "url": service.url,
        "authentication_type": "header_token",
        "_authinfo": json.dumps({"header_token": {"Authorization": "Bearer MY_TOKEN"}}),
        "analysis_type": "lightcurve_fitting",
        "input_data_types": ["photometry", "redshift"],
        "optional_analysis_parameters": json.dumps({"source": ["salt2", "salt3"]}),
        "timeout": 60,
        "group_ids": [],
    }
    registration["group_ids"] = [running.data("GET", "/api/groups/public")["id"]]
    service_id = running.data("POST", "/api/analysis_service", registration)["id"]

    body = {"show_parameters": True, "url_parameters": {"source": "salt2"}}
    analysis_id = running.data("POST", f"/api/obj/{source}/analysis/{service_id}", body)["id"]
    assert running.wait(analysis_id)["status_message"] == "good results"
    assert service.received[0].headers["Authorization"] == "Bearer MY_TOKEN"

    answer = requests.get(
        f"{running.url}/api/obj/analysis/{analysis_id}",
        params={"includeAnalysisData": True},
        headers=running.headers,
        timeout=30,
    )
    analysis = answer.json()["data"]["data"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import arviz

        (tmp_path / "got.nc").write_bytes(base64.b64decode(analysis["inference_data"]["data"]))
        posterior = arviz.from_netcdf(str(tmp_path / "got.nc"), engine="h5netcdf").posterior
    np.testing.assert_array_equal(posterior["z"], netcdf.posterior["z"])
    results = joblib.load(io.BytesIO(base64.b64decode(analysis["results"]["data"])))
    assert results["chi2"] == 28.8
    assert base64.b64decode(analysis["plots"][0]["data"]) == PNG

    with requests.get(
        f"{running.url}/api/obj/analysis/{analysis_id}/plots/0", headers=running.headers, stream=True, timeout=30
    ) as streamed:
        assert streamed.headers["Content-Type"] == "image/png"
        assert b"".join(streamed.iter_content(chunk_size=8192)) == PNG
    assert running.data("GET", f"/api/obj/analysis/{analysis_id}/results") == {"chi2": 28.8, "samples": [0, 1, 2]}
    corner = running.call("GET", f"/api/obj/analysis/{analysis_id}/corner")
    assert corner.content.startswith(b"\x89PNG")
