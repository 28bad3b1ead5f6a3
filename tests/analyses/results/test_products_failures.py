"""What becomes of an analysis whose products cannot be made: hostile bytes cost their products and nothing else."""

import io
import json
import os
from types import SimpleNamespace

import pytest

from chalicelib import aws, clients
from chalicelib.analyses.results.collect import give_up
from chalicelib.analyses.results.products_function import ProductsFailed
from infra.local.products.function import IsolatedFunctions
from infra.local.products.pool import IsolatedFunction
from tests.support.functions import consumer_of, deliver
from tests.support.scene import PNG, SUCCESS, stored
from tests.support.worker import drain, take


@pytest.fixture
def broken(request, monkeypatch):
    """A products function that runs something else instead."""
    name, seconds = os.environ["SIDEROSTAT_PRODUCTS_FUNCTION"], 60 if request.param.startswith("die_of") else 1
    with IsolatedFunctions(IsolatedFunction(name, f"tests.infra.handlers:{request.param}", seconds)) as function:
        clients.forget("lambda")
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", function.url)
        yield request.param
    monkeypatch.undo()
    clients.forget("lambda")


REASONS = {
    "die": "Runtime exited with error: signal 6",
    "overrun": "Task timed out after 1.00 seconds",
    "name_foreign_object": "named an object that is not of this analysis",
    "answer_nonsense": "answered something else than products",
}


@pytest.mark.parametrize("broken", sorted(REASONS), indirect=True)
def test_the_analysis_stays_completed_its_products_say_why_and_its_bytes_stay_readable(scene, broken):
    analysis_id = scene.start()
    drain()
    scene.answer(scene.service.received[0].token)
    [message] = take("collect")
    consumer = consumer_of("collect")
    for receives in (1, 2):  # the message comes back
        with pytest.raises(ProductsFailed):
            deliver(consumer, json.dumps(message), receives)
    assert scene.status(analysis_id) == "completed"

    deliver(consumer, json.dumps(message), receives=3)

    assert scene.status(analysis_id) == "completed"
    for product in ("plots/0", "results"):
        status, message = scene.user.get(f"/api/obj/analysis/{analysis_id}/{product}").error
        assert status == 404
        assert REASONS[broken] in message
    data = scene.user.get(f"/api/obj/analysis/{analysis_id}", includeAnalysisData="true").data["data"]
    assert data["plots"] == SUCCESS["analysis"]["plots"]


POSTERIOR = {"posterior_samples": {"x": [1.0, 2.0, 4.0, 3.0], "y": [1.0, 3.0, 2.0, 5.0]}}


@pytest.mark.parametrize("broken", ["die_of_the_corner"], indirect=True)
@pytest.mark.parametrize("is_given_up", [False, True], ids=["at the third attempt", "given up"])
def test_a_corner_plot_that_kills_its_function_takes_no_other_product_along(scene, broken, is_given_up):
    analysis_id = scene.start()
    drain()
    analysis = SUCCESS["analysis"] | POSTERIOR | {"annotations": [{"data": {"z": 0.5}}]}
    scene.answer(scene.service.received[0].token, {"status": "success", "analysis": analysis})
    [message] = take("collect")
    consumer, path = consumer_of("collect"), f"/api/obj/analysis/{analysis_id}"

    with pytest.raises(ProductsFailed):
        deliver(consumer, json.dumps(message), 1)

    assert scene.user.get(f"{path}/results").data == {"z": 0.5, "chi2": None}
    assert scene.user.get(f"{path}/plots/0").body == PNG
    assert len(scene.user.get(f"/api/sources/{scene.obj_id}/annotations").data) == 1
    assert REASONS["die"] in scene.user.get(f"{path}/corner").error[1]
    if is_given_up:
        give_up(analysis_id, "collecting it failed again and again")
    else:
        deliver(consumer, json.dumps(message), 3)
    assert scene.user.get(f"{path}/results").data == {"z": 0.5, "chi2": None}
    assert scene.user.get(f"{path}/plots/0").body == PNG
    code, reason = scene.user.get(f"{path}/corner").error
    assert code == 404
    assert ("again and again" if is_given_up else REASONS["die"]) in reason


@pytest.mark.parametrize("broken", ["die_of_many_parameters"], indirect=True)
def test_what_was_too_much_for_the_function_is_drawn_with_fewer_parameters(scene, broken):
    analysis_id = scene.start()
    drain()
    samples = {f"p{number}": [float(number * step**2 % 17) for step in range(30)] for number in range(1, 15)}
    analysis = {"posterior_samples": samples}
    scene.answer(scene.service.received[0].token, {"status": "success", "analysis": analysis})
    [message] = take("collect")
    consumer = consumer_of("collect")

    for receives in (1, 2):
        with pytest.raises(ProductsFailed):
            deliver(consumer, json.dumps(message), receives)
    deliver(consumer, json.dumps(message), 3)

    assert scene.user.get(f"/api/obj/analysis/{analysis_id}/corner").body.startswith(b"\x89PNG")


def test_results_that_are_asked_for_early_do_not_wait_for_the_corner_plot(scene):
    analysis_id = scene.start()
    drain()
    scene.answer(scene.service.received[0].token, {"status": "success", "analysis": SUCCESS["analysis"] | POSTERIOR})
    path = f"/api/obj/analysis/{analysis_id}"

    assert scene.user.get(f"{path}/results").data == {"z": 0.5, "chi2": None}

    assert [key for key in stored(f"products/{analysis_id}/") if "corner" in key] == []
    drain()
    assert f"products/{analysis_id}/corner.png" in stored(f"products/{analysis_id}/")
    assert scene.user.get(f"{path}/corner").body.startswith(b"\x89PNG")


@pytest.mark.parametrize("said", [{"errorType": ["Unreadable"], "errorMessage": {}}, [], "text", None])
def test_whatever_a_failed_function_says_is_a_failure(monkeypatch, said):
    answer = {"FunctionError": "Unhandled", "Payload": io.BytesIO(json.dumps(said).encode())}
    monkeypatch.setattr(aws, "functions", lambda _seconds: SimpleNamespace(invoke=lambda **_: answer))
    with pytest.raises(aws.FunctionFailed) as failure:
        aws.invoke("products", {})
    assert failure.value.kind in {"", "['Unreadable']"}
