"""What the summarizer's queue calls. Chalice deploys this with this module as entry point: app.py is not imported."""

import json

from chalice.app import Blueprint, SQSEvent

from chalicelib.aws import queue_arn, receives_of
from chalicelib.http import logs
from chalicelib.summaries.summarize import LAST_RECEIPT, give_up, summarize

blueprint = Blueprint(__name__)
logs.configure()


@blueprint.on_sqs_message(queue_arn=queue_arn("SummarizeQueue"), name="summarize", batch_size=1)
def on_summarize(event: SQSEvent) -> None:
    """Write summaries."""
    for message in event:
        wanted = json.loads(message.body)
        if receives_of(message.to_dict()) < LAST_RECEIPT:
            summarize(wanted["task"], wanted["attempt"])
        else:
            give_up(wanted["task"], wanted["attempt"])
