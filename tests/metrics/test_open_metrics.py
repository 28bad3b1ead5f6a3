"""`GET /api/metrics`: for administrators, over all processes of one machine."""

import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from chalicelib.settings import settings
from tests.support.functions import work_off

ROOT = Path(__file__).parents[2]
COUNT = (
    "from chalicelib.metrics.measure import count; from chalicelib.metrics.names import Count; count(Count.ACCEPTED, 3)"
)


def families(text):
    return {family.name: family for family in text_string_to_metric_families(text)}


def test_administrators_read_what_was_counted(scene):
    before = read(scene.admin)
    scene.start()
    work_off()

    after = read(scene.admin)
    assert after["siderostat_accepted_total"] == before["siderostat_accepted_total"] + 1
    assert after["siderostat_dispatched_total"] == before["siderostat_dispatched_total"] + 1
    assert after["siderostat_seconds_queued_count"] == before["siderostat_seconds_queued_count"] + 1


def read(admin):
    answer = admin.get("/api/metrics")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
    found = families(answer.body.decode())
    return {sample.name: sample.value for family in found.values() for sample in family.samples if not sample.labels}


def test_all_metrics_are_there_from_the_start(scene):
    text = scene.admin.get("/api/metrics").body.decode()

    assert text.endswith("# EOF\n")
    assert set(families(text)) >= {
        f"siderostat_{name}"
        for name in (
            "accepted",
            "dispatched",
            "retried",
            "ended",
            "products_failed",
            "refused_addresses",
            "seconds_queued",
            "seconds_pending",
            "collection_lag",
        )
    }


def test_nobody_else_reads_them(scene, anonymous):
    assert scene.user.get("/api/metrics").status == 401
    assert anonymous.get("/api/metrics").status == 401


def test_on_lambda_they_are_in_cloudwatch(scene, monkeypatch):
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "siderostat-dev-api")
    settings.cache_clear()
    try:
        assert scene.admin.get("/api/metrics").error[0] == 404
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def test_several_processes_are_added_up(tmp_path):
    environment = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "SIDEROSTAT_LOG_LEVEL": "WARNING", "PATH": ""}
    for _ in range(2):
        subprocess.run([sys.executable, "-c", COUNT], cwd=ROOT, env=environment, check=True)
    script = "from chalicelib.metrics.open_metrics import exposition; print(exposition().decode(), end='')"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )

    [sample] = families(done.stdout)["siderostat_accepted"].samples
    assert sample.value == pytest.approx(6)
