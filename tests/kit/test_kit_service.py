import base64
import gzip
import hashlib
import hmac
import io
import json
import time
from email.parser import BytesParser
from pathlib import Path

import h5py
import pytest
import requests

SERVICE = Path(__file__).with_name("obedient.py")
SPECTRA = (
    "observed_at,wavelengths,fluxes,errors,units,altdata,created_at,origin,modified,type\n"
    '2026-02-02T00:00:00,"[4000.0, 4001.0]","[1.0, nan]",,,"{\'a\': nan, \'b\': [1]}",,SNIFS,,source\n'
    '2026-01-01T00:00:00,"[5000.0]","[2.5]","[0.1]",,,,,,source\n'
)


@pytest.fixture(scope="module")
def service(launch):
    with launch(SERVICE, "serve", "--port", "0") as url:
        yield url


@pytest.fixture
def ask(service, post, document, callbacks):
    """A function that sends inputs and returns what comes back."""

    def send(**changes):
        assert post(service, document(**changes)).status_code == 200
        return callbacks.wait()

    return send


def parameters(**values):
    return {"analysis_parameters": values}


def test_a_run_is_taken_at_once_and_its_result_posted(service, post, document, callbacks):
    answer = post(service, document(**parameters(wait=2)))
    assert (answer.status_code, callbacks.received["/token-1"].empty()) == (200, True)
    result = callbacks.wait()
    assert (result["status"], result["message"]) == ("success", "done")
    assert result["analysis"]["results"] == {"format": "json", "data": {"points": 4}}
    with h5py.File(io.BytesIO(base64.b64decode(result["analysis"]["inference_data"]["data"]))) as file:
        assert file["posterior/a"].shape == (1, 50)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_portal_that_was_moved_gets_the_result_where_it_is(service, post, document, callbacks, status):
    callbacks.answers = [status]
    assert post(service, document()).status_code == 200
    assert callbacks.raw("/token-1/moved") == callbacks.raw("/token-1")


@pytest.mark.parametrize(
    ("do", "message"),
    [
        ("refuse", "There is no redshift: set one."),
        ("crash", "obedient failed (ZeroDivisionError: by zero)."),
        ("die", "The analysis ended without a result: its process died, perhaps for want of memory."),
        ("hang", "The analysis took longer than 6 s and was stopped."),
    ],
)
def test_what_goes_wrong_is_a_failure_with_a_sentence(ask, do, message):
    assert ask(**parameters(do=do)) == {"status": "failure", "message": message, "analysis": {}}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"no": 1}, "Unknown parameters: no. This service takes: do, wait."),
        ({"wait": "soon"}, "wait must be a number, not 'soon'."),
        ({"do": "sing"}, "do must be one of succeed, refuse, crash, die, hang, large, look, where, not 'sing'."),
    ],
)
def test_wrong_parameters_are_a_failure(ask, given, message):
    assert ask(**parameters(**given))["message"] == message


def test_inputs_come_as_tables_and_arrays(ask):
    more = {
        "spectra": SPECTRA,
        "annotations": "data,modified,origin,created_at\n\"{'period': 0.5, 'bad': nan}\",,ztf,\n",
        "comments": 'text,bot,modified,origin,created_at\n"two\nlines",False,,,\n',
        "classifications": "classification,probability,modified,created_at\nIa,,,\n",
    }
    seen = ask(**parameters(do="look"), **more)["analysis"]["results"]["data"]
    assert seen["columns"][:3] == ["mjd", "flux", "fluxerr"]
    assert (seen["units"]["mjd"], seen["units"]["flux"], seen["units"]["mag"]) == ("d", "uJy", "mag")
    assert (seen["detections"], seen["redshift"]) == (3, 0.0246)
    assert [one["at"] for one in seen["spectra"]] == ["2026-01-01T00:00:00", "2026-02-02T00:00:00"]
    assert seen["spectra"][1]["fluxes"] == [1.0, None]
    assert seen["spectra"][1]["altdata"] == {"a": None, "b": [1]}
    assert seen["annotations"] == [{"period": 0.5, "bad": None}]
    assert seen["comments"] == ["two\nlines"]
    assert seen["classifications"] == [["Ia", None]]


def test_what_stands_beside_a_service_is_loaded_once_for_all_runs(ask):
    first, second = (ask(**parameters(do="where"))["analysis"]["results"]["data"] for _ in range(2))
    assert first["here"] != second["here"]
    assert first["beside"] == second["beside"]


def test_missing_inputs_are_empty(ask):
    empty = {"spectra": "\n", "annotations": "\n", "redshift": "redshift,redshift_error,redshift_origin\n,,\n"}
    seen = ask(**parameters(do="look"), photometry=None, **empty)["analysis"]["results"]["data"]
    assert (seen["detections"], seen["redshift"], seen["spectra"], seen["comments"]) == (0, None, [], [])


def test_a_large_result_is_uploaded_and_committed(service, post, document, callbacks):
    post(service, document(upload="/token-1/upload", **parameters(do="large")))
    assert callbacks.wait() == {"status": "success", "message": "large", "uploaded": True}
    body = callbacks.raw("/stored")
    boundary = body.partition(b"\r\n")[0].removeprefix(b"--")
    head = b'Content-Type: multipart/form-data; boundary="' + boundary + b'"\r\n\r\n'
    parts = BytesParser().parsebytes(head + body).get_payload()
    assert parts[-1].get_param("name", header="content-disposition") == "file"
    result = json.loads(gzip.decompress(parts[-1].get_payload(decode=True)))
    assert len(result["analysis"]["results"]["data"]["noise"]) == 400_000


def test_a_post_that_finds_the_portal_down_is_repeated_and_one_that_is_refused_is_not(
    service, post, document, callbacks
):
    callbacks.answers = [503, 200]
    post(service, document())
    assert callbacks.wait() == callbacks.wait()

    callbacks.answers = [403, 200]
    post(service, document("/token-2"))
    callbacks.wait("/token-2")
    time.sleep(2)
    assert callbacks.received["/token-2"].empty()


def test_more_runs_than_may_wait_are_refused_for_now(service, post, document, callbacks):
    answers = [post(service, document(f"/busy-{number}", **parameters(wait=1))) for number in range(6)]
    refused = [answer for answer in answers if answer.status_code == 503]
    assert refused
    assert all(answer.headers["Retry-After"] for answer in refused)
    for number, answer in enumerate(answers):
        if answer.status_code == 200:
            callbacks.wait(f"/busy-{number}")


def test_a_run_whose_time_is_over_is_not_posted(service, post, document, callbacks):
    post(service, document("/late", invalid_after="2026-01-01 00:00:00.000000"))
    post(service, document("/in-time"))
    callbacks.wait("/in-time")
    assert callbacks.received["/late"].empty()


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"inputs": {}}', b'{"inputs": {}, "callback_url": "file:///etc"}']
)
def test_what_is_no_run_is_refused(service, body):
    assert requests.post(service, data=body, timeout=10).status_code == 400
    assert requests.get(service, timeout=10).json()["status"] == "active"


def test_with_a_secret_only_signed_runs_are_taken(launch, document, callbacks):
    key = b"k" * 32
    secret = "whsec_" + base64.b64encode(key).decode()
    body = json.dumps(document()).encode()
    now = str(int(time.time()))

    def signed(seconds, content):
        digest = hmac.new(key, f"msg_1.{seconds}.".encode() + content, hashlib.sha256).digest()
        signature = "v1,AAAA v1," + base64.b64encode(digest).decode()
        return {"webhook-id": "msg_1", "webhook-timestamp": seconds, "webhook-signature": signature}

    with launch(SERVICE, "serve", "--port", "0", environment={"SIDEROSTAT_SIGNING_SECRET": secret}) as url:
        assert requests.post(url, data=body, timeout=10).status_code == 401
        assert requests.post(url, data=body, headers=signed(now, b"other"), timeout=10).status_code == 401
        assert requests.post(url, data=body, headers=signed("1", body), timeout=10).status_code == 401
        assert requests.post(url, data=body, headers=signed(now, body), timeout=10).status_code == 200
        assert callbacks.wait()["status"] == "success"
