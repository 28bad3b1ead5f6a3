"""What queues and the clock call. Chalice deploys these with this module as entry point: app.py is not imported."""

import json
from typing import Any

from chalice.app import Blueprint, CloudWatchEvent, SQSEvent

from chalicelib.analyses import defaults, deletion
from chalicelib.analyses.collect import collect
from chalicelib.analyses.dispatch import dispatch
from chalicelib.analyses.sweep import sweep
from chalicelib.http import logs

blueprint = Blueprint(__name__)
logs.configure()


def _arn(queue: str) -> dict[str, list[str]]:
    return {"Fn::GetAtt": [queue, "Arn"]}


@blueprint.on_sqs_message(queue_arn=_arn("DispatchQueue"), name="dispatch", batch_size=1)
def on_dispatch(event: SQSEvent) -> None:
    """Send runs to their services."""
    for message in event:
        wanted = json.loads(message.body)
        dispatch(wanted["run"], wanted["attempt"], wanted["timeout"])


@blueprint.on_sqs_message(queue_arn=_arn("CollectQueue"), name="collect", batch_size=1)
def on_collect(event: SQSEvent) -> None:
    """Store the products of accepted results."""
    for message in event:
        collect(json.loads(message.body)["run"], attempt=_receives(message.to_dict()))


@blueprint.on_sqs_message(queue_arn=_arn("CleanupQueue"), name="cleanup", batch_size=1)
def on_cleanup(event: SQSEvent) -> None:
    """Remove what deleted runs and services left."""
    for message in event:
        wanted = json.loads(message.body)
        if wanted["kind"] == "run":
            deletion.clean(wanted["run"])
        else:
            deletion.delete_runs_of_service(wanted["service_id"])


@blueprint.on_sqs_message(queue_arn=_arn("TriggersQueue"), name="triggers", batch_size=1)
def on_trigger(event: SQSEvent) -> None:
    """Start the default analyses of sources that were saved or classified."""
    for message in event:
        defaults.on_event(json.loads(message.body))


@blueprint.schedule("rate(1 minute)", name="sweep")
def on_clock(_event: CloudWatchEvent) -> None:
    """Handle what is due."""
    sweep()


def _receives(record: dict[str, Any]) -> int:
    return int(record.get("attributes", {}).get("ApproximateReceiveCount", 1))
