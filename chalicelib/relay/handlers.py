"""What the relay's queue calls. Chalice deploys this with this module as entry point: app.py is not imported."""

from typing import Any

from chalice.app import SQSEvent

from chalicelib.aws import queue_arn
from chalicelib.queue_events import Answer, begin, each_message
from chalicelib.relay.forward import forward
from chalicelib.relay.pull.copy_source import copy_source

blueprint = begin(__name__)


@blueprint.on_sqs_message(queue_arn=queue_arn("RelayQueue"), name="relay", batch_size=1)
def on_relay(event: SQSEvent) -> Answer:
    """Forward the ends of runs to the portals that asked for them."""
    return each_message(event, lambda wanted, _: on_relay_message(wanted))


def on_relay_message(wanted: dict[str, Any]) -> None:
    """Forward one end, or copy the source of a run."""
    if "pull" in wanted:
        copy_source(wanted["run"], wanted["pull"])
    else:
        forward(wanted["run"])
