"""Inputs that cannot be fitted, and fits that go wrong: each comes back as a failure that says what to do."""

import os
import signal

import pytest

HEADER = "mjd,flux,fluxerr,mag,magerr,filter,magsys,limiting_mag,zp,instrument_name,predicted_mag\n"
REDSHIFT = "redshift,redshift_error,redshift_origin\n"
SLOW = {"nsamples": 1000, "nburn": 1000}


def rows(count, **columns):
    values = {"flux": "200.0", "fluxerr": "10.0", "magsys": "ab"} | columns
    return HEADER + "".join(
        f"{58600.0 + n},{values['flux']},{values['fluxerr']},,,ztfg,{values['magsys']},,23.9,ZTF,\n"
        for n in range(count)
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"photometry": None}, "register the service with the input type `photometry`"),
        ({"photometry": HEADER}, "no photometry with a measured flux: add detections"),
        ({"photometry": "\n"}, "no photometry with a measured flux: add detections"),
        ({"photometry": rows(3, flux="")}, "no photometry with a measured flux: add detections"),
        ({"photometry": rows(4)}, "needs 5 detections above 3 sigma, and there are 4: add photometry"),
        ({"photometry": rows(9, fluxerr="150.0")}, "needs 5 detections above 3 sigma, and there are 0"),
        ({"photometry": "\x00\x01 not, a\ntable"}, "photometry CSV lacks the columns mjd, flux"),
        ({"photometry": rows(6, flux="bright")}, "Row 1 of the photometry has flux = 'bright', which is not a number"),
        ({"photometry": rows(6, fluxerr="0")}, "every flux needs a positive error"),
        ({"photometry": rows(6, magsys="vega")}, "not in the AB system"),
        ({"photometry": 5}, "photometry must be CSV text"),
        ({"redshift": None}, "register the service with the input type `redshift`"),
        ({"redshift": REDSHIFT + ",,\n"}, "no redshift: set one on the source"),
        ({"redshift": "\n"}, "no redshift: set one on the source"),
        ({"redshift": REDSHIFT + "-0.1,,\n"}, "set a positive one on the source"),
        ({"redshift": REDSHIFT + "9.0,,\n"}, "ztfg (beyond the model's wavelengths at z = 9)"),
        ({"analysis_parameters": {"source": "salt9"}}, "no source 'salt9'; choose one of: salt3, salt2, salt3-nir"),
        ({"analysis_parameters": {"source": ["salt3"]}}, "no source ['salt3']; choose one of"),
        ({"analysis_parameters": {"nsamples": "many"}}, "nsamples must be a whole number from 10 to 1000"),
        ({"analysis_parameters": {"nburn": 1e9}}, "nburn must be a whole number from 0 to 1000"),
        ({"analysis_parameters": {"steps": 5}}, "Unknown parameters: steps; this service takes source"),
        ({"analysis_parameters": []}, "analysis_parameters must be an object"),
    ],
)
def test_unusable_input_comes_back_as_a_failure_that_says_why(service, callbacks, inputs, changes, sentence):
    assert service.post(callbacks.url(), inputs(**changes)).status_code == 200
    document = callbacks.wait()
    assert document["status"] == "failure"
    assert sentence in document["message"]
    assert document["analysis"] == {}


def test_a_worker_that_dies_fails_its_run_and_spares_the_next(service, callbacks, inputs):
    service.wait_for_log("is ready")
    before = service.log.read_text().count("chi-square fit")
    service.post(callbacks.url("/doomed"), inputs(analysis_parameters=SLOW))
    service.post(callbacks.url("/next"), inputs())
    service.wait_for_log("chi-square fit", before + 1)
    (worker,) = service.children()
    os.kill(worker, signal.SIGKILL)

    document = callbacks.wait("/doomed")
    assert document["status"] == "failure"
    assert "ended without a result" in document["message"]
    assert callbacks.wait("/next")["status"] == "success"


def test_a_fit_that_takes_too_long_is_stopped_and_says_so(launch, callbacks, inputs):
    with launch("--time-limit", "1.5") as service:
        service.post(callbacks.url(), inputs(analysis_parameters=SLOW))
        document = callbacks.wait()
    assert document["status"] == "failure"
    assert document["message"] == "The fit took longer than 1.5 s and was stopped: ask for fewer samples."
