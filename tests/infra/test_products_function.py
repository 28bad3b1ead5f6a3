import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from infra.local.products.function import IsolatedFunctions
from infra.local.products.pool import IsolatedFunction
from tests.support.processes import alive, children, gone_within

NAME, BESIDE = "products-under-test", "periodograms-under-test"
HANDLER = "tests.infra.handlers:handle"


@pytest.fixture(scope="module")
def function():
    with IsolatedFunctions(IsolatedFunction(NAME, HANDLER, seconds=2), IsolatedFunction(BESIDE, HANDLER)) as running:
        yield running


def invoke(function, event, name=NAME):
    return requests.post(f"{function.url}/2015-03-31/functions/{name}/invocations", json=event, timeout=30)


def failure(answer):
    assert answer.status_code == 200
    assert answer.headers["X-Amz-Function-Error"] == "Unhandled"
    return answer.json()["errorType"], answer.json()["errorMessage"]


def test_it_answers_with_what_the_handler_returns(function):
    answer = invoke(function, {"do": "echo", "text": "é\n"})

    assert answer.json() == {"do": "echo", "text": "é\n"}
    assert "X-Amz-Function-Error" not in answer.headers


@pytest.mark.parametrize("name", ["arviz", "scipy"])
def test_what_its_package_does_not_hold_is_not_there(function, name):
    assert invoke(function, {"do": "import", "name": "numpy"}).json() == "numpy"
    assert failure(invoke(function, {"do": "import", "name": name}))[0] == "ModuleNotFoundError"


def test_the_process_is_used_again_after_an_exception(function):
    before = invoke(function, {"do": "pid"}).json()

    assert failure(invoke(function, {"do": "raise"}))[0] == "ValueError"
    assert invoke(function, {"do": "pid"}).json() == before


def test_a_process_is_started_in_advance_only_if_none_was_needed_yet():
    others = children(os.getpid()).keys()

    with IsolatedFunctions(IsolatedFunction(NAME, HANDLER)) as fresh:
        pool = fresh.pools[NAME]
        pool.warm()
        [process] = children(os.getpid()).keys() - others
        assert invoke(fresh, {"do": "pid"}).json() == process
        pool.warm()
        assert children(os.getpid()).keys() - others == {process}


def test_who_comes_while_it_works_waits_for_it_a_little_and_then_gets_another(function):
    def pids(seconds):
        with ThreadPoolExecutor(2) as threads:
            return {answer.json() for answer in threads.map(lambda _: invoke(function, nap(seconds), BESIDE), range(2))}

    invoke(function, nap(0), BESIDE)  # there is one process
    assert len(pids(0.01)) == 1
    assert len(pids(1.5)) == 2


def nap(seconds):
    return {"do": "nap", "seconds": seconds}


def test_it_sees_nothing_of_the_environment_and_limits_its_memory(function, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden")

    environment = invoke(function, {"do": "environment"}).json()

    assert not {name for name in environment if name.startswith(("AWS_", "SIDEROSTAT_"))}
    assert "hidden" not in environment.values()
    assert invoke(function, {"do": "memory"}).json() == 2 << 30
    assert failure(invoke(function, {"do": "too much memory"}))[0] == "MemoryError"


def test_no_file_becomes_larger_than_lambdas_scratch_space(function):
    kind, message = failure(invoke(function, {"do": "large file"}))

    assert (kind, "too large" in message) == ("OSError", True)


def test_a_process_that_dies_is_reported_and_replaced(function):
    before = invoke(function, {"do": "pid"}).json()

    assert failure(invoke(function, {"do": "exit"})) == (
        "Runtime.ExitError",
        "Runtime exited with error: exit status 3",
    )
    assert invoke(function, {"do": "pid"}).json() != before


def test_a_process_that_takes_too_long_is_killed_and_replaced(function):
    before = invoke(function, {"do": "pid"}).json()

    assert failure(invoke(function, {"do": "sleep"})) == ("Sandbox.Timedout", "Task timed out after 2.00 seconds")
    assert invoke(function, {"do": "pid"}).json() != before
    with pytest.raises(ProcessLookupError):
        os.kill(before, 0)


def test_what_a_process_started_ends_with_it(function):
    child = invoke(function, {"do": "child"}).json()
    assert alive([child])

    assert failure(invoke(function, {"do": "exit"}))[0] == "Runtime.ExitError"

    assert gone_within([child], 5)


def test_an_answer_larger_than_lambda_carries_is_refused(function):
    assert failure(invoke(function, {"do": "large"}))[0] == "Function.ResponseSizeTooLarge"


def test_what_the_handler_prints_is_no_answer(function):
    assert invoke(function, {"do": "print"}).json() is None


def test_an_event_is_taken_at_once_and_worked_on_later(function, tmp_path):
    started = time.monotonic()
    answer = requests.post(
        f"{function.url}/2015-03-31/functions/{NAME}/invocations",
        json={"do": "write later", "path": str(tmp_path / "done")},
        headers={"X-Amz-Invocation-Type": "Event"},
        timeout=30,
    )

    assert (answer.status_code, answer.content) == (202, b"")
    assert not (tmp_path / "done").exists()
    while not (tmp_path / "done").exists() and time.monotonic() - started < 20:
        time.sleep(0.05)
    assert (tmp_path / "done").exists()


def test_each_function_has_processes_of_its_own_that_name_it(function):
    pids = [invoke(function, {"do": "pid"}, name).json() for name in (NAME, BESIDE)]

    assert pids[0] != pids[1]
    for pid, own, other in zip(pids, (NAME, BESIDE), (BESIDE, NAME), strict=True):
        arguments = subprocess.run(
            ["ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, check=True, text=True
        )
        assert own in arguments.stdout
        assert other.partition("-")[0] not in arguments.stdout


def test_other_functions_do_not_exist(function):
    answer = invoke(function, {}, name="another")

    assert answer.status_code == 404
    assert answer.headers["x-amzn-ErrorType"] == "ResourceNotFoundException"


def test_a_payload_that_is_no_json_is_refused(function):
    answer = requests.post(f"{function.url}/2015-03-31/functions/{NAME}/invocations", data=b"{no json", timeout=30)

    assert answer.status_code == 400


def test_a_handler_that_cannot_be_imported_is_a_failed_invocation():
    with IsolatedFunctions(IsolatedFunction(NAME, "tests.infra.no_such_module:handle", seconds=2)) as function:
        assert failure(invoke(function, {}))[0] == "Runtime.ExitError"


def test_no_process_is_left_after_stop():
    with IsolatedFunctions(IsolatedFunction(NAME, HANDLER)) as function:
        pid = invoke(function, {"do": "pid"}).json()

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
