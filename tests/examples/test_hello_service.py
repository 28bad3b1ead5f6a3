import base64
import hashlib
import hmac
import io
import json
import subprocess
import time
from contextlib import contextmanager

import h5py
import pytest
import requests

from tests.kit.conftest import ENVIRONMENT, FADING, PYTHON, ROOT, callbacks, document, inputs, post

__all__ = ["callbacks", "document", "inputs", "post"]

KEY = b"a secret of more than 24 bytes"


SERVE = """
import sys, uvicorn
sys.path.insert(0, "examples")
import hello_service
hello_service.LARGEST_POST = int(sys.argv[1])
for _ in range(int(sys.argv[2])):
    hello_service.places.acquire()
uvicorn.run(hello_service.app, port=0)
"""


@contextmanager
def hello(largest_post=4_000_000, waiting=0, **environment):
    if not PYTHON.exists():
        pytest.fail("The kit's environment is missing: run `make test`, which installs it.")
    command = [PYTHON, "-c", SERVE, str(largest_post), str(waiting)]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env={**ENVIRONMENT, **environment},
    )
    with process:
        try:
            for line in process.stderr:
                if "running on http" in line:
                    break
            yield next(word for word in line.split() if word.startswith("http")) + "/analysis"
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def service():
    with hello() as url:
        yield url


def test_it_answers_at_once_and_posts_results_a_plot_and_inference_data(service, post, document, callbacks):
    assert requests.get(service, timeout=10).json() == {"status": "active"}
    assert post(service, document()).json()["status"] == "success"
    result = callbacks.wait()
    assert result["status"] == "success", result
    found = result["analysis"]["results"]["data"]
    assert found["slope"] == pytest.approx(0.048, abs=0.005)
    assert base64.b64decode(result["analysis"]["plots"][0]["data"]).startswith(b"\x89PNG")
    with h5py.File(io.BytesIO(base64.b64decode(result["analysis"]["inference_data"]["data"]))) as file:
        assert abs(file["posterior/slope"][()].mean() - found["slope"]) < found["slope_error"]


def test_what_cannot_be_fitted_is_a_failure_with_a_sentence(service, post, document, callbacks):
    header = document()["inputs"]["photometry"].partition("\n")[0] + "\n"
    for photometry in (header, "\n", header + FADING[0] + "\n"):
        post(service, document(photometry=photometry))
        result = callbacks.wait()
        assert (result["status"], result["analysis"]) == ("failure", {})
        assert "three detections" in result["message"]


def test_it_follows_a_portal_that_was_moved(service, post, document, callbacks):
    callbacks.answers = [307]
    assert post(service, document()).status_code == 200
    assert callbacks.raw("/token-1/moved") == callbacks.raw("/token-1")


def test_it_posts_again_when_the_portal_is_down(service, post, document, callbacks):
    callbacks.answers = [503]
    post(service, document())
    assert callbacks.wait() == callbacks.wait()


def test_a_large_result_is_uploaded_and_committed(post, document, callbacks):
    with hello(largest_post=1000) as url:
        post(url, document(upload="/token-1/upload"))
        commit = callbacks.wait()
    assert (commit["status"], commit["uploaded"]) == ("success", True)
    assert b'"results"' in callbacks.raw("/stored")


def test_more_runs_than_may_wait_are_refused_for_now(post, document):
    with hello(waiting=32) as url:
        answer = post(url, document())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'{"inputs": {}}', b'{"callback_url": 1, "inputs": {}}'])
def test_what_is_no_run_is_refused(service, body):
    assert requests.post(service, data=body, timeout=10).status_code == 400


def test_with_a_secret_only_signed_runs_are_taken(document, callbacks):
    body = json.dumps(document()).encode()

    def send(url, key, age=0):
        seconds = str(int(time.time()) - age)
        digest = hmac.new(key, f"msg_1.{seconds}.".encode() + body, hashlib.sha256).digest()
        headers = {"webhook-id": "msg_1", "webhook-timestamp": seconds}
        headers["webhook-signature"] = "v1," + base64.b64encode(digest).decode()
        return requests.post(url, data=body, headers=headers, timeout=10).status_code

    with hello(HELLO_SECRET="whsec_" + base64.b64encode(KEY).decode()) as url:
        assert requests.post(url, data=body, timeout=10).status_code == 401
        assert [send(url, b"x" * 30), send(url, KEY, age=400), send(url, KEY)] == [401, 401, 200]
        assert callbacks.wait()["status"] == "success"
