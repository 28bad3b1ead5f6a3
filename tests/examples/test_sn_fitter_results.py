"""What a supernova light curve gets back from the fitter."""

import base64
import io
import warnings

import joblib
import numpy as np
import pytest

PARAMETERS = ["t0", "x0", "x1", "c"]


def decode(product):
    return base64.b64decode(product["data"], validate=True)


def open_posterior(product, folder):
    with warnings.catch_warnings():
        # arviz announces its next major release on import.
        warnings.simplefilter("ignore", FutureWarning)
        import arviz

    path = folder / "posterior.nc"
    path.write_bytes(decode(product))
    data = arviz.from_netcdf(str(path), engine="h5netcdf")
    try:
        return data.posterior.load()
    finally:
        data.close()


def fit(service, callbacks, inputs):
    answer = service.post(callbacks.url(), inputs)
    assert answer.status_code == 200
    return callbacks.wait()


def test_19dwz_comes_back_with_the_published_light_curve_parameters(document, tmp_path):
    assert document["status"] == "success", document["message"]
    assert document["message"].startswith("SALT3 fits 27 points in atlasc, atlaso, ztfg at z = 0.04608")
    analysis = document["analysis"]
    assert analysis["model_name"] == "SALT3"
    assert analysis["n_detections"] == 22
    assert "posterior_samples" not in analysis

    results = joblib.load(io.BytesIO(decode(analysis["results"])))
    assert analysis["results"]["format"] == "joblib"
    assert list(results["parameters"]) == PARAMETERS
    assert results["parameters"]["t0"] == pytest.approx(58606.54, abs=0.71)
    assert results["parameters"]["x1"] == pytest.approx(1.07, abs=0.72)
    assert results["parameters"]["c"] == pytest.approx(0.047, abs=0.086)
    assert 0.3 < results["chisq"] / results["ndof"] < 2
    assert results["ndof"] == 23
    assert isinstance(results["covariance"], np.ndarray)
    assert np.sqrt(np.diag(results["covariance"])) == pytest.approx(list(results["errors"].values()))
    assert results["redshift"] == pytest.approx(0.04608, abs=1e-5)

    posterior = open_posterior(analysis["inference_data"], tmp_path)
    assert dict(posterior.sizes) == {"chain": 16, "draw": 60}
    for name in PARAMETERS:
        offset = float(posterior[name].mean()) - results["parameters"][name]
        assert abs(offset) < results["errors"][name]


def test_the_plot_is_a_png(document):
    (plot,) = document["analysis"]["plots"]
    assert plot["format"] == "png"
    assert decode(plot).startswith(b"\x89PNG\r\n\x1a\n")


def test_model_light_curve_passes_through_the_measured_magnitudes(document):
    curves = document["analysis"]["model_lightcurve"]
    assert set(curves) == {"ztfg", "atlasc", "atlaso"}
    mjd, median, low, high = np.array(curves["atlasc"]).T
    assert np.all(np.diff(mjd) > 0)
    assert np.all(low <= median)
    assert np.all(median <= high)
    # The file's atlasc point at 58609.55 has 250.6 microjansky.
    assert np.interp(58609.55, mjd, median) == pytest.approx(17.90, abs=0.1)


def test_the_same_seed_gives_the_same_samples(service, callbacks, inputs):
    import xarray

    first, second = (
        xarray.load_dataset(
            io.BytesIO(decode(fit(service, callbacks, inputs())["analysis"]["inference_data"])),
            engine="h5netcdf",
            group="posterior",
        )
        for _ in range(2)
    )
    assert set(first.data_vars) == set(PARAMETERS)
    assert first.equals(second)


def test_bands_that_cannot_be_fitted_are_left_out_and_named(service, callbacks, inputs):
    rows = [f"58610.5,300.0,20.0,,,{band},ab,,23.9,Other," for band in ("2massh", "lsstg")]
    message = fit(service, callbacks, inputs(extra_rows=rows))["message"]
    assert message.startswith("SALT3 fits 27 points in atlasc, atlaso, ztfg")
    assert "lsstg (no passband here); 2massh (beyond the model's wavelengths at z = 0.0460796)" in message


def test_an_object_id_that_looks_like_a_formula_is_drawn_as_it_is(service, callbacks, inputs):
    service.post(callbacks.url(), inputs(), object_id="SN$\\frac{1$")
    assert callbacks.wait()["status"] == "success"


def test_demo_data_holds_both_objects_in_the_columns_of_api_photometry(demo):
    supernova = demo("19dwz")
    assert supernova["redshift"] == pytest.approx(0.04608, abs=1e-5)
    counts = {block["instrument"]: len(block["data"]["mjd"]) for block in supernova["photometry"]}
    assert counts == {"ZTF": 6, "ATLAS": 27}
    data = supernova["photometry"][0]["data"]
    assert {len(data[name]) for name in ("mjd", "filter", "flux", "fluxerr", "zp", "magsys")} == {6}
    assert set(data["filter"]) == {"ztfg"}
    assert set(data["zp"]) == {23.9}

    other = demo("20aai")
    assert other["redshift"] is None
    assert {band for block in other["photometry"] for band in block["data"]["filter"]} == {
        "ztfg",
        "ztfr",
        "atlasc",
        "atlaso",
    }
