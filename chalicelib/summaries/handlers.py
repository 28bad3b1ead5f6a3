"""What the summarizer's queue calls. Chalice deploys this with this module as entry point: app.py is not imported."""

import json

from chalice.app import Blueprint, SQSEvent

from chalicelib.aws import queue_arn
from chalicelib.http import logs
from chalicelib.summaries.summarize import summarize

blueprint = Blueprint(__name__)
logs.configure()


@blueprint.on_sqs_message(queue_arn=queue_arn("SummarizeQueue"), name="summarize", batch_size=1)
def on_summarize(event: SQSEvent) -> None:
    """Write summaries."""
    for message in event:
        wanted = json.loads(message.body)
        summarize(wanted["task"], wanted["attempt"])
