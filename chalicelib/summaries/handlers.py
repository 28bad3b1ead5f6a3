"""What the summarizer's queue calls. Chalice deploys this with this module as entry point: app.py is not imported."""

from typing import Any

from chalice.app import SQSEvent

from chalicelib.aws import queue_arn
from chalicelib.queue_events import Answer, begin, each_message
from chalicelib.summaries.summarize import LAST_RECEIPT, give_up, summarize

blueprint = begin(__name__)


@blueprint.on_sqs_message(queue_arn=queue_arn("SummarizeQueue"), name="summarize", batch_size=1)
def on_summarize(event: SQSEvent) -> Answer:
    """Write summaries."""
    return each_message(event, _summarize)


def _summarize(wanted: dict[str, Any], receives: int) -> None:
    write = summarize if receives < LAST_RECEIPT else give_up
    write(wanted["task"], wanted["attempt"])
