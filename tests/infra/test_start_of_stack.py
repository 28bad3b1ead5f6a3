"""What the local stack does before it answers: nothing that can wait, and nothing twice."""

import os
import subprocess
import sys

import boto3
import pytest

from app import app
from chalicelib import rooms
from infra.local.aws import own_resources, resources
from infra.local.aws.embedded_aws import EmbeddedAws
from infra.package.template import ROOT
from tests.support.first_answer import told

NOT_BEFORE_PROCESSES_ARE_STARTED = {"boto3", "botocore", "chalice", "http.server", "pynamodb", "requests", "yaml"}

SUPERVISOR = """
import json, sys
import infra.local.__main__, infra.local.stack
print(json.dumps(sorted(sys.modules)))
"""

WORKER = """
import json, sys
from infra.local.worker.event_sources import consumers, handlers, schedules
app = handlers()
print(json.dumps({
    "modules": sorted(sys.modules),
    "consumers": [repr((one.function.name, one.queue, one.concurrency)) for one in consumers(app, "p", 4)],
    "schedules": [repr((one.function.name, one.seconds)) for one in schedules(app, 5)],
}))
"""


SHARED = """
import json, sys
from infra.local import shared_imports
shared_imports.of_all()
shared_imports.of_the_application()
print(json.dumps(sys.modules["app"].__file__))
"""


def run(text, folder=ROOT, **variables):
    done = subprocess.run(
        (sys.executable, "-c", text),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    return told(done.stdout)


def test_the_supervisor_starts_the_others_before_anything_that_takes_long_is_imported():
    assert not NOT_BEFORE_PROCESSES_ARE_STARTED & set(run(SUPERVISOR))


def test_the_worker_has_all_handlers_of_the_application_and_imports_no_routes():
    worker = run(WORKER)

    assert [name for name in worker["modules"] if ".routes" in name] == []
    assert len(worker["consumers"]) + len(worker["schedules"]) == len(app.event_sources)
    assert len(worker["consumers"]) > len(rooms.HANDLERS)
    assert worker["schedules"] == [repr(("sweep", 5))]


def test_a_worker_that_is_forked_with_the_application_has_the_same_handlers():
    alone, forked = run(WORKER), run("import app" + WORKER)

    assert forked["consumers"] == alone["consumers"]
    assert forked["schedules"] == alone["schedules"]


def test_a_stack_that_is_started_in_the_folder_of_another_application_imports_ours(tmp_path):
    (tmp_path / "app.py").write_text("raise ValueError")

    assert run(SHARED, tmp_path) == str(ROOT / "app.py")


def test_clients_that_cannot_be_made_are_left_to_the_processes_which_say_so():
    assert run(SHARED, AWS_PROFILE="unknown") == str(ROOT / "app.py")


@pytest.fixture
def aws(monkeypatch):
    """An AWS of its own, which has nothing yet, under a prefix that no other test uses."""
    with EmbeddedAws() as running:
        monkeypatch.setenv("AWS_ENDPOINT_URL", running.url)
        monkeypatch.setenv("SIDEROSTAT_PREFIX", "first")
        yield running


def test_the_embedded_aws_creates_what_a_site_needs_and_a_folder_remembers_it(aws, tmp_path, monkeypatch):
    own_resources.create(aws, tmp_path)
    tables = [name for name in boto3.client("dynamodb").list_tables()["TableNames"] if name.startswith("first-")]
    assert len(tables) == 4

    monkeypatch.setattr(own_resources, "create_missing", lambda *_, **__: pytest.fail("it was created before"))
    own_resources.create(aws, tmp_path)


def test_a_folder_of_another_template_is_looked_through_again(aws, tmp_path, monkeypatch):
    (tmp_path / "resources").write_text("another template's\n")
    created = []

    monkeypatch.setattr(own_resources, "create_missing", lambda *given, **_: created.append(given))
    own_resources.create(aws, tmp_path)

    assert [prefix for prefix, *_ in created] == ["first"]


def test_one_client_of_each_service_is_made_for_all_resources(aws, monkeypatch):
    made, make = [], boto3.client
    monkeypatch.setattr(boto3, "client", lambda service: made.append(service) or make(service))

    assert len(resources.create_missing("second", "123456789012", "us-east-1")) > 20
    assert sorted(made) == ["dynamodb", "kms", "s3", "secretsmanager", "sqs"]
