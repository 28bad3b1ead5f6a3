"""The fitter as an HTTP server and as a process."""

import os
import signal
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tests.support.processes import alive

SERVICE = Path(__file__).parents[2] / "examples" / "sn_fitter" / "service.py"


@pytest.mark.parametrize("path", ["/", "/analysis"])
def test_a_health_check_is_answered(service, path):
    response = requests.get(service.url + path, timeout=10)
    assert response.status_code == 200
    assert response.json() == {"status": "active"}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{broken", "The body is not JSON"),
        (b"\xff\xfe{}", "The body is not JSON"),
        (b"", "The body is not JSON"),
        (b"[" * 200_000, "The body is not JSON"),
        (b"[1]", "The body must be a JSON object."),
        (b"{}", "callback_url must be an http or https URL."),
        (b'{"callback_url": "file:///etc/passwd", "inputs": {}}', "callback_url must be an http or https URL."),
        (b'{"callback_url": "http://127.0.0.1/x"}', "inputs must be an object."),
    ],
)
def test_a_malformed_body_is_refused_with_the_reason(service, body, reason):
    response = requests.post(f"{service.url}/analysis", data=body, timeout=10)
    assert response.status_code == 400
    assert response.json()["status"] == "error"
    assert reason in response.json()["message"]


def test_an_unknown_path_is_not_found(service):
    assert requests.post(f"{service.url}/elsewhere", data=b"{}", timeout=10).status_code == 404


def test_a_body_that_is_too_large_is_refused_before_it_is_read(service):
    host, port = service.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(b"POST /analysis HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")


def test_two_runs_at_once_both_come_back_to_their_own_callback(service, callbacks, inputs):
    sources = {"/first": "salt3", "/second": "salt2"}

    def post(path):
        parameters = {"source": sources[path], "nsamples": 20, "nburn": 0}
        return service.post(callbacks.url(path), inputs(analysis_parameters=parameters)).status_code

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(post, sources)) == [200, 200]
    for path, source in sources.items():
        assert callbacks.wait(path)["analysis"]["model_name"] == source.upper()


def test_a_full_queue_answers_when_to_come_back(launch, callbacks, inputs):
    slow = inputs(analysis_parameters={"nsamples": 1000, "nburn": 1000})
    with launch("--queue", "1") as service:
        responses = [service.post(callbacks.url(), slow) for _ in range(3)]
    assert responses[0].status_code == 200
    assert responses[-1].status_code == 503
    assert int(responses[-1].headers["Retry-After"]) > 0
    assert "try again later" in responses[-1].json()["message"]


def test_a_callback_that_is_down_at_first_gets_the_result_later(service, inputs, late_callbacks):
    url, open_it = late_callbacks
    before = service.log.read_text().count("not delivered")
    service.post(url, inputs(photometry=None))
    service.wait_for_log("not delivered", before + 1)
    assert open_it().wait()["status"] == "failure"


def test_a_callback_that_answers_5xx_is_posted_to_again_and_then_no_more(service, callbacks, inputs, wait_until):
    callbacks.answers += [503, 500]
    before = service.log.read_text().count("posted, HTTP 200")
    service.post(callbacks.url(), inputs(photometry=None))
    assert [callbacks.wait()["status"] for _ in range(3)] == ["failure"] * 3
    service.wait_for_log("posted, HTTP 200", before + 1)
    assert callbacks.received["/token-1"].empty()


def test_a_callback_that_refuses_is_not_posted_to_again(service, callbacks, inputs):
    callbacks.answers += [403]
    before = service.log.read_text().count("posted, HTTP 403")
    service.post(callbacks.url(), inputs(photometry=None))
    callbacks.wait()
    service.wait_for_log("posted, HTTP 403", before + 1)
    assert callbacks.received["/token-1"].empty()


def test_the_log_has_a_line_for_each_phase_and_never_the_token(service, callbacks, inputs):
    start = len(service.log.read_text())
    service.post(callbacks.url("/secret-token"), inputs(), object_id="logged")
    callbacks.wait("/secret-token")
    service.wait_for_log("of 'logged': posted")
    log = service.log.read_text()[start:]
    phases = ["queued", "started", "inputs read", "chi-square fit", "posterior", "success after", "posted"]
    assert [phase for phase in phases if phase not in log] == []
    assert "secret-token" not in log


def test_sigterm_ends_the_service_and_its_worker(launch, wait_until):
    with launch() as service:
        wait_until(service.children, "the worker to start")
        worker = service.children()
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(timeout=5) == 0
        assert alive(worker) == []


def test_a_killed_service_leaves_no_worker_behind(launch, wait_until):
    with launch() as service:
        service.wait_for_log("is ready")
        (worker,) = service.children()
        service.process.kill()
        wait_until(lambda: not alive([worker]), "the worker to end")


def test_it_fits_where_the_home_folder_cannot_be_written(launch, callbacks, inputs):
    usual = {name: value for name, value in os.environ.items() if name not in {"XDG_CACHE_HOME", "MPLCONFIGDIR"}}
    with launch(env={**usual, "HOME": "/dev/null/home"}) as service:
        service.post(callbacks.url(), inputs())
        assert callbacks.wait()["status"] == "success"


def test_the_end_of_the_parent_pipe_ends_the_service(launch):
    with launch("--parent-pipe", stdin=subprocess.PIPE) as service:
        service.process.stdin.close()
        assert service.process.wait(timeout=5) == 0


def test_a_taken_port_is_one_clear_sentence(fitter_python):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [fitter_python, SERVICE, "--port", port]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr == f"Cannot listen on 127.0.0.1:{port}: Address already in use.\n"


def test_once_its_libraries_are_loaded_a_worker_is_as_any_other_process(fitter_python):
    code = (
        "import gc, sys\nfrom loading import quick_imports\nwith quick_imports():\n    print(gc.isenabled())\n"
        "print(gc.isenabled(), 'scipy.stats' in sys.modules)"
    )
    ended = subprocess.run([fitter_python, "-c", code], cwd=SERVICE.parent, capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["False", "True", "False"]


def test_a_worker_whose_server_is_gone_does_not_load_its_libraries_first(fitter_python):
    command = [fitter_python, SERVICE.with_name("work.py")]
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=False)
    assert (ended.returncode, ended.stdout) == (0, b"")
