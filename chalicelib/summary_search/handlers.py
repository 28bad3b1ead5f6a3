"""What the queue of embeddings calls. Chalice deploys this with this module as entry point: app.py is not imported."""

from typing import Any

from chalice.app import SQSEvent

from chalicelib.aws import queue_arn
from chalicelib.queue_events import Answer, begin, each_message
from chalicelib.summary_search.backfill import go_on
from chalicelib.summary_search.embed import embed
from chalicelib.summary_search.question import embed_question

blueprint = begin(__name__)


@blueprint.on_sqs_message(queue_arn=queue_arn("EmbedQueue"), name="embed", batch_size=1)
def on_embed(event: SQSEvent) -> Answer:
    """Keep the vectors of summaries in step with them."""
    return each_message(event, lambda wanted, _: on_embed_message(wanted))


def on_embed_message(wanted: dict[str, Any]) -> None:
    """Embed one summary, one question, or the next ones of those that were there before."""
    if "backfill" in wanted:
        go_on()
    elif "question" in wanted:
        embed_question(wanted["question"], wanted["user_id"], wanted["text"], wanted["until"])
    else:
        embed(wanted["obj_id"])
