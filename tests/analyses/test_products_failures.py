"""What becomes of an analysis whose products cannot be made: hostile bytes cost their products and nothing else."""

import json
import os

import pytest

from chalicelib import aws
from chalicelib.analyses.results.products_function import ProductsFailed
from infra.local.products.function import ProductsFunction
from tests.support.functions import consumer_of, deliver
from tests.support.scene import SUCCESS
from tests.support.worker import drain, take


@pytest.fixture
def broken(request, monkeypatch):
    """A products function that runs something else instead."""
    with ProductsFunction(
        os.environ["SIDEROSTAT_PRODUCTS_FUNCTION"], handler=f"tests.infra.handlers:{request.param}", seconds=1
    ) as function:
        aws.forget_clients()
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", function.url)
        yield request.param
    monkeypatch.undo()
    aws.forget_clients()


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
