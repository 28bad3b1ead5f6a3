"""What the queue of events calls. Chalice deploys this with this module as entry point: app.py is not imported."""

from typing import Any

from chalice.app import SQSEvent

from chalicelib.aws import queue_arn
from chalicelib.events import runs, services
from chalicelib.events.deliver import deliver
from chalicelib.events.look import look
from chalicelib.queue_events import Answer, begin, each_message

blueprint = begin(__name__)


@blueprint.on_sqs_message(queue_arn=queue_arn("EventsQueue"), name="events", batch_size=1)
def on_events(event: SQSEvent) -> Answer:
    """Tell subscribers what happened."""
    return each_message(event, lambda wanted, _: on_event_message(wanted))


def on_event_message(wanted: dict[str, Any]) -> None:
    """Send one delivery, record those of what happened, or look for what was lost."""
    if "subscription" in wanted:
        deliver(wanted["subscription"], wanted["delivery"], wanted["attempt"])
    elif "run" in wanted:
        runs.tell_of([wanted["run"]])
    elif "batch" in wanted:
        runs.tell_of_batch(wanted["batch"])
    elif "service" in wanted:
        services.tell_of(wanted["service"])
    else:
        look()
