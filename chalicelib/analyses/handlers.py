"""What queues and the clock call. Chalice deploys these with this module as entry point: app.py is not imported."""

import json
from typing import Any

from chalice.app import Blueprint, CloudWatchEvent, SQSEvent

from chalicelib import clients
from chalicelib.analyses.dispatch import waiting
from chalicelib.analyses.dispatch.dispatch import dispatch
from chalicelib.analyses.results.collect import collect
from chalicelib.analyses.start import batch, default_runs
from chalicelib.analyses.upkeep import cleanup, dead_letters
from chalicelib.analyses.upkeep.sweep import sweep
from chalicelib.aws import queue_arn, receives_of
from chalicelib.http import logs
from chalicelib.settings import settings

blueprint = Blueprint(__name__)
logs.configure()
if settings().lambda_name:
    clients.prepare()


@blueprint.on_sqs_message(queue_arn=queue_arn("DispatchQueue"), name="dispatch", batch_size=1)
def on_dispatch(event: SQSEvent) -> None:
    """Send runs to their services."""
    for message in event:
        on_dispatch_message(json.loads(message.body))


def on_dispatch_message(wanted: dict[str, Any]) -> None:
    """Send one run, or have the next ones sent that wait for a service."""
    if "wake" in wanted:
        waiting.wake(wanted["wake"])
    else:
        dispatch(wanted["run"], wanted["attempt"], wanted["timeout"])


@blueprint.on_sqs_message(queue_arn=queue_arn("CollectQueue"), name="collect", batch_size=1)
def on_collect(event: SQSEvent) -> None:
    """Store the products of accepted results."""
    for message in event:
        collect(json.loads(message.body)["run"], attempt=receives_of(message.to_dict()))


@blueprint.on_sqs_message(queue_arn=queue_arn("CleanupQueue"), name="cleanup", batch_size=1)
def on_cleanup(event: SQSEvent) -> None:
    """Remove what deleted runs and services left."""
    for message in event:
        wanted = json.loads(message.body)
        if wanted["kind"] == "run":
            cleanup.clean(wanted["run"])
        else:
            cleanup.delete_runs_of_service(wanted["service_id"], is_last=wanted.get("is_last", False))


@blueprint.on_sqs_message(queue_arn=queue_arn("BatchQueue"), name="batch", batch_size=1)
def on_batch(event: SQSEvent) -> None:
    """Start the analyses of batches."""
    for message in event:
        batch.on_message(json.loads(message.body))


@blueprint.on_sqs_message(queue_arn=queue_arn("TriggersQueue"), name="triggers", batch_size=1)
def on_trigger(event: SQSEvent) -> None:
    """Start the default analyses of sources that were saved or classified."""
    for message in event:
        default_runs.on_event(json.loads(message.body))


@blueprint.schedule("rate(1 minute)", name="sweep")
def on_clock(_event: CloudWatchEvent) -> None:
    """Handle what is due, and what no function could work on."""
    dead_letters.consume()
    sweep()
