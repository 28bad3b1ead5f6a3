"""What queues and the clock call. Chalice deploys these with this module as entry point: app.py is not imported."""

from typing import Any

from chalice.app import CloudWatchEvent, SQSEvent

from chalicelib import clock
from chalicelib.analyses.dispatch import waiting
from chalicelib.analyses.dispatch.dispatch import dispatch
from chalicelib.analyses.results.collect import collect
from chalicelib.analyses.run import listeners
from chalicelib.analyses.start import batch, default_runs
from chalicelib.analyses.upkeep import cleanup, dead_letters
from chalicelib.analyses.upkeep.sweep import sweep
from chalicelib.aws import queue_arn
from chalicelib.queue_events import Answer, begin, by_whomever, each_message, tick

blueprint = begin(__name__)


@blueprint.on_sqs_message(queue_arn=queue_arn("DispatchQueue"), name="dispatch", batch_size=1)
def on_dispatch(event: SQSEvent) -> Answer:
    """Send runs to their services."""
    return each_message(event, lambda wanted, _: on_dispatch_message(wanted))


def on_dispatch_message(wanted: dict[str, Any]) -> None:
    """Send one run, or have the next ones sent that wait for a service."""
    if "wake" in wanted:
        waiting.wake(wanted["wake"])
    else:
        bound = wanted.get("answer_by")
        dispatch(wanted["run"], wanted["attempt"], wanted["timeout"], None if bound is None else clock.parse(bound))


@blueprint.on_sqs_message(queue_arn=queue_arn("CollectQueue"), name="collect", batch_size=1)
def on_collect(event: SQSEvent) -> Answer:
    """Store the products of accepted results."""
    return each_message(event, lambda wanted, receives: _collect(wanted["run"], receives))


def _collect(run_id: int, receives: int) -> None:
    collect(run_id, attempt=receives)


@blueprint.on_sqs_message(queue_arn=queue_arn("CleanupQueue"), name="cleanup", batch_size=1)
def on_cleanup(event: SQSEvent) -> Answer:
    """Remove what deleted runs and services left."""
    return each_message(event, lambda wanted, _: _clean(wanted))


def _clean(wanted: dict[str, Any]) -> None:
    if wanted["kind"] == "run":
        cleanup.clean(wanted["run"])
    else:
        cleanup.delete_runs_of_service(wanted["service_id"], is_last=wanted.get("is_last", False))


@blueprint.on_sqs_message(queue_arn=queue_arn("BatchQueue"), name="batch", batch_size=1)
def on_batch(event: SQSEvent) -> Answer:
    """Start the analyses of batches."""
    return each_message(event, lambda wanted, _: batch.on_message(wanted))


@blueprint.on_sqs_message(queue_arn=queue_arn("TriggersQueue"), name="triggers", batch_size=1)
def on_trigger(event: SQSEvent) -> Answer:
    """Start the default analyses of sources that were saved or classified."""
    return each_message(event, lambda wanted, _: default_runs.on_event(wanted))


@by_whomever
@blueprint.schedule("rate(1 minute)", name="sweep")
def on_clock(event: CloudWatchEvent) -> None:
    """Handle what is due, and what no function could work on."""
    tick(event, _upkeep)


def _upkeep() -> None:
    dead_letters.consume()
    sweep()
    listeners.tell({"look": True})
