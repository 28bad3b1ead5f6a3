"""The whole way over HTTP, with a service that behaves as services do."""

import json
import threading
import time

import requests

from tests.support.parallel import at_once
from tests.support.scene import PNG, SUCCESS
from tests.support.service import Reaction


def post_back(got, body=SUCCESS):
    content = json.dumps(body)  # with a bare NaN, as services in the wild write it
    return requests.post(got.document["callback_url"], data=content, timeout=30)


def post_soon(got, body=SUCCESS):
    """Answer the dispatch first and post the result a moment later, as most services do."""

    def later():
        time.sleep(0.2)
        post_back(got, body)

    threading.Thread(target=later).start()
    return Reaction()


def test_an_analysis_makes_its_whole_way(running, source, service, register):
    service.react = post_soon
    service_id = register(service.url)
    analysis_id = running.data("POST", f"/api/obj/{source}/analysis/{service_id}", {"show_plots": True})["id"]
    record = running.wait(analysis_id)
    assert (record["status"], record["status_message"]) == ("completed", "fit converged")
    plot = running.call("GET", f"/api/obj/analysis/{analysis_id}/plots/0", stream=True)
    assert plot.headers["Content-Type"] == "image/png"
    assert b"".join(plot.iter_content(8)) == PNG
    assert running.data("GET", f"/api/obj/analysis/{analysis_id}/results") == {"z": 0.5, "chi2": None}
    (got,) = service.received
    assert got.document["inputs"]["photometry"].count("\n") == 4


def test_a_service_that_is_faster_than_its_own_acknowledgement_never_loses_its_result(
    running, source, service, register
):
    service.react = lambda got: (post_back(got), Reaction())[1]
    service_id = register(service.url)
    ids = [running.data("POST", f"/api/obj/{source}/analysis/{service_id}")["id"] for _ in range(50)]
    assert [running.wait(analysis_id, 60)["status"] for analysis_id in ids] == ["completed"] * 50


def test_of_32_posts_at_once_on_one_token_one_counts(running, source, service, register):
    service_id = register(service.url)
    analysis_id = running.data("POST", f"/api/obj/{source}/analysis/{service_id}")["id"]
    while not service.received:
        time.sleep(0.05)
    url = service.received[0].document["callback_url"]

    def post(number):
        analysis = {"results": {"writer": number, "padding": "x" * 1000 * number}}
        body = {"status": "success", "message": f"from {number}", "analysis": analysis}
        return requests.post(url, json=body, timeout=60).status_code

    codes = at_once(post, range(32))
    assert sorted(codes) == [200] + [403] * 31
    winner = codes.index(200)
    assert running.wait(analysis_id)["status_message"] == f"from {winner}"
    data = running.data("GET", f"/api/obj/analysis/{analysis_id}?includeAnalysisData=true")["data"]
    assert data["results"] == {"writer": winner, "padding": "x" * 1000 * winner}


def test_a_service_that_is_down_makes_the_analysis_wait_and_not_the_caller(running, source, service, register):
    service.reaction = Reaction(503, b"maintenance")
    service_id = register(service.url)
    started = time.monotonic()
    analysis_id = running.data("POST", f"/api/obj/{source}/analysis/{service_id}")["id"]
    assert time.monotonic() - started < 10
    while not service.received:
        time.sleep(0.05)
    service.react = post_soon
    assert running.wait(analysis_id, 60)["status"] == "completed"
