"""What the queue of embeddings calls. Chalice deploys this with this module as entry point: app.py is not imported."""

from chalice.app import Blueprint, SQSEvent

from chalicelib.aws import queue_arn
from chalicelib.http import logs
from chalicelib.queue_events import Answer, each_message
from chalicelib.summary_search.embed import embed

blueprint = Blueprint(__name__)
logs.configure()


@blueprint.on_sqs_message(queue_arn=queue_arn("EmbedQueue"), name="embed", batch_size=1)
def on_embed(event: SQSEvent) -> Answer:
    """Keep the vectors of summaries in step with them."""
    return each_message(event, lambda wanted, _: embed(wanted["obj_id"]))
