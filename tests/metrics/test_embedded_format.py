"""What happens to analyses leaves lines from which CloudWatch makes metrics, without a call."""

import os

from chalicelib.metrics.names import Count, Seconds
from tests.support.functions import work_off
from tests.support.service import Reaction
from tests.support.worker import drain

ONE_OF_EACH = ("Accepted", "Dispatched", "Ended", "SecondsQueued", "SecondsPending", "CollectionLag")


def metrics(lines):
    return [line for line in lines if "_aws" in line]


def named(lines, name):
    return [line for line in metrics(lines) if name in line]


def test_an_analysis_is_counted_and_timed_from_start_to_products(scene, lines):
    run_id = scene.start()
    work_off()
    scene.answer(scene.service.received[-1].token)
    work_off()

    for name in ONE_OF_EACH:
        assert len(named(lines, name)) == 1, (name, metrics(lines))
        [line] = named(lines, name)
        assert line["Service"] == str(scene.service_id)
        assert line["Site"] == os.environ["SIDEROSTAT_PREFIX"]
    assert named(lines, "Ended")[0]["State"] == "completed"
    assert {line["run"] for line in named(lines, "Dispatched") + named(lines, "Ended")} == {run_id}


def test_each_line_says_what_it_holds_as_cloudwatch_reads_it(scene, lines):
    scene.start()
    work_off()

    assert metrics(lines)
    for line in metrics(lines):
        [described] = line["_aws"]["CloudWatchMetrics"]
        [metric] = described["Metrics"]
        assert described["Namespace"] == "Siderostat"
        assert isinstance(line["_aws"]["Timestamp"], int)
        assert isinstance(line[metric["Name"]], int | float)
        assert metric["Unit"] in {"Count", "Seconds"}
        for dimensions in described["Dimensions"]:
            assert all(isinstance(line[name], str) for name in dimensions)


def test_a_dispatch_that_is_tried_again_is_counted(scene, lines):
    scene.service.reaction = Reaction(status=503)
    scene.start()
    drain()

    assert named(lines, "Retried")
    assert not named(lines, "Dispatched")


def test_products_that_cannot_be_read_are_counted(scene, lines):
    scene.start()
    work_off()
    broken = {"results": {"format": "joblib", "data": "bm8gam9ibGli"}}
    scene.answer(scene.service.received[-1].token, {"status": "success", "message": "m", "analysis": broken})
    work_off()

    assert [line["ProductsFailed"] for line in named(lines, "ProductsFailed")] == [1]


def test_a_refused_address_is_counted(scene, lines):
    wanted = {
        "name": "inside",
        "url": "http://10.0.0.1/x",
        "authentication_type": "none",
        "analysis_type": "meta_analysis",
    }

    assert scene.admin.post("/api/analysis_service", wanted).status == 400
    assert len(named(lines, "RefusedAddresses")) == 1


def test_every_metric_has_a_name_that_says_what_it_is():
    assert {*Count, *Seconds} == {
        *ONE_OF_EACH,
        *("Retried", "ProductsFailed", "RefusedAddresses", "EventsDelivered", "EventsNotTaken"),
    }


def test_requests_are_not_metrics_of_ours(scene, lines):
    scene.user.get("/api/groups")

    assert metrics(lines) == []
