"""Many who wait for the end of a run, on the stack as people run it: the others are served meanwhile."""

import threading
import time

from chalicelib.analyses.read.wait_for_end import MOST_WAITING
from tests.end_to_end.test_way_of_an_analysis import post_back
from tests.support.parallel import at_once


def test_others_are_served_while_more_wait_than_may(running, source, service, register):
    service_id = register(service.url)
    analysis_id = running.data("POST", f"/api/obj/{source}/analysis/{service_id}")["id"]
    while not service.received:
        time.sleep(0.05)
    asking, answers = MOST_WAITING + 8, []

    def wait(_):
        state = running.data("GET", f"/api/obj/analysis/{analysis_id}?wait=25")["status"]
        answers.append(state)

    waiting = threading.Thread(target=at_once, args=(wait, range(asking)))
    began = time.monotonic()
    waiting.start()
    while len(answers) < asking - MOST_WAITING:  # those are not let wait
        assert time.monotonic() < began + 15
        time.sleep(0.1)
    for _ in range(5):
        asked = time.monotonic()
        assert running.data("GET", f"/api/obj/analysis/{analysis_id}")["status"] == "pending"
        assert time.monotonic() < asked + 5
    assert answers == ["pending"] * (asking - MOST_WAITING)
    ended = time.monotonic()
    assert post_back(service.received[0]).status_code == 200
    waiting.join(20)
    assert answers[-MOST_WAITING:] == ["completed"] * MOST_WAITING
    assert time.monotonic() < ended + 10
