"""Messages that no function could work on: what they were about is ended with the reason, and they are kept.

They lie below `dead/` for 90 days; `put_back` tries them again (`python -m infra.redrive`).
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

from chalicelib import aws
from chalicelib.accounts.identity import caller_of_user
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.results import collect
from chalicelib.analyses.results.acceptance import end
from chalicelib.analyses.run import objects
from chalicelib.analyses.run.transitions import Overtaken
from chalicelib.analyses.start import batch
from chalicelib.analyses.start.retry import retry
from chalicelib.analyses.states import State
from chalicelib.http.errors import BadRequest
from chalicelib.http.logs import LOGGER
from chalicelib.ids import new_id

PREFIX = "dead/"
_ROUNDS = 10
"""Of ten messages each, that one call takes from one queue."""

_PAUSE_SECONDS = 900
_UNREADABLE = "unreadable"
"""Under which the text of a message is kept that is not a JSON object."""

Content = dict[str, Any]


def consume() -> int:
    """Work off the dead-letter queues and return how many messages there were.

    A message that cannot even be worked on here stays in its queue and comes again.
    """
    return sum(_consume(queue) for queue in ENDINGS)


def kept(queue: str | None = None) -> Iterator[str]:
    """List the keys of what is kept, of one queue or of all."""
    return objects.keys_below(PREFIX if queue is None else f"{PREFIX}{queue}/")


def put_back(key: str) -> str:
    """Try again what a kept message was about, and forget the message; return what was done.

    Raises
    ------
    ApiError
        The analysis may not be started again.
    """
    _, queue, _ = key.split("/")
    content = objects.get_json(key)
    if _UNREADABLE in content:
        raise BadRequest("the message cannot be read")
    done = _PUT_BACK.get(queue, _send)(queue, content)
    objects.remove(key)
    return done


def _consume(queue: str) -> int:
    count = 0
    for _ in range(_ROUNDS):
        messages = aws.receive(f"{queue}-dead")
        if not messages:
            break
        count += len(messages)
        for message in messages:
            try:
                _bury(queue, message)
            except Exception:  # noqa: BLE001 - it comes again, and must not keep the others
                LOGGER.exception("a dead letter could not be worked on", extra={"queue": queue, "id": message.id})
    return count


def _bury(queue: str, message: aws.Message) -> None:
    content = _content(message.body)
    LOGGER.error("a message was given up", extra={"queue": queue, "content": content})
    if _UNREADABLE not in content:
        ENDINGS[queue](content)
    objects.put_json(f"{PREFIX}{queue}/{message.id}.json.gz", content)
    aws.delete_message(f"{queue}-dead", message)


def _content(body: str) -> Content:
    try:
        content = json.loads(body)
    except ValueError:
        content = None
    return content if isinstance(content, dict) else {_UNREADABLE: body}


def _end_dispatch(content: Content) -> None:
    run = Run.find(content["run"]) if "run" in content else None
    if run is None or run.state is not State.QUEUED or run.attempt != content.get("attempt"):
        return  # it goes on without this message
    reason = "The analysis could not be sent: the dispatcher failed again and again. An operator was told."
    try:
        end(run, State.FAILURE, reason, condition=Run.attempt == run.attempt)
    except Overtaken:
        LOGGER.info("the run of a dead letter went on", extra={"run": run.id})


def _end_collection(content: Content) -> None:
    try:
        collect.give_up(content["run"], "collecting it failed again and again")
    except Overtaken:
        LOGGER.info("the run of a dead letter was collected after all", extra={"run": content["run"]})


def _end_batch(content: Content) -> None:
    if "chunk" in content:
        batch.give_up(content["batch"], content["chunk"], "Starting it failed again and again. An operator was told.")


def _end_cleanup(content: Content) -> None:
    if content.get("kind") == "service":  # the sweep finds deleted runs, but not those that are yet to be deleted
        aws.send("cleanup", content, delay_seconds=_PAUSE_SECONDS)


def _nothing(_content: Content) -> None:
    """Nobody waits for it: it was logged, and is kept."""


ENDINGS: dict[str, Callable[[Content], None]] = {
    "dispatch": _end_dispatch,
    "collect": _end_collection,
    "batch": _end_batch,
    "cleanup": _end_cleanup,
    "triggers": _nothing,
    "summarize": _nothing,
    "relay": _nothing,
    "events": _nothing,
    "embed": _nothing,
}
"""What is done about a message of each queue."""


def _start_again(_queue: str, content: Content) -> str:
    run = Run.find(content["run"]) if "run" in content else None
    author = None if run is None else caller_of_user(run.author_id)
    if run is None or author is None or run.state is not State.FAILURE:
        return "nothing to do: the run is gone, or did not fail"
    return f"started run {retry(author, run.id, new_id()).id}, which repeats {run.id}"


def _collect_again(_queue: str, content: Content) -> str:
    collect.collect_again(content["run"])
    return f"run {content['run']} is collected again"


def _send(queue: str, content: Content) -> str:
    aws.send(queue, content)
    return f"sent to {queue} again: {json.dumps(content)}"


_PUT_BACK: dict[str, Callable[[str, Content], str]] = {"dispatch": _start_again, "collect": _collect_again}
