"""Writing a summary and delivering it; whatever fails is tried again from the queue, until the answer is too late."""

import json
import random
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib import clock
from chalicelib.http.logs import LOGGER
from chalicelib.outgoing.post import Outcome, post_json
from chalicelib.settings import settings
from chalicelib.summaries import tasks
from chalicelib.summaries.facts import facts_of
from chalicelib.summaries.failures import SummaryFailed, TryLater
from chalicelib.summaries.prompt import prompt_of
from chalicelib.summaries.tasks import Secrets, Task

if TYPE_CHECKING:
    from chalicelib.summaries.chat import Completion

MOST_ATTEMPTS = 8
LAST_RECEIPT = 5
"""How often the queue hands out a message: `maxReceiveCount` in infra/resources.yaml."""

LONGEST_DELAY = 900.0
"""Seconds: the longest delay of an SQS message."""

_MARGIN = timedelta(seconds=15)
"""What delivering takes at the end."""

_random = random.SystemRandom()


def summarize(task_id: int, attempt: int) -> None:
    """Write the summary of a task and post it, or why there is none, to the callback.

    Parameters
    ----------
    task_id : int
        A task whose answer was delivered is dropped.
    attempt : int
        From 1.
    """
    task = tasks.load(task_id)
    if task is None:
        return
    if clock.now() >= task.deadline:
        LOGGER.warning("a summary came too late", extra={"task": task.id})
        tasks.remove(task)
        return
    secrets = tasks.secrets_of(task)
    try:
        answer = task.answer or _success(task, secrets)
    except TryLater as failure:
        if _tried_later(task, attempt, failure.retry_after_seconds):
            return
        answer = _failure(f"{failure.message} It was tried {attempt} times.", secrets)
    except SummaryFailed as failure:
        answer = _failure(failure.message, secrets)
    _deliver(task, attempt, answer, secrets)


def give_up(task_id: int, attempt: int) -> None:
    """Post that there is no summary, because the functions that were to write it died."""
    task = tasks.load(task_id)
    if task is None:
        return
    secrets = tasks.secrets_of(task)
    answer = task.answer or _failure("Writing the summary failed again and again. Please try again later.", secrets)
    _deliver(task, attempt, answer, secrets)


def _success(task: Task, secrets: Secrets) -> Mapping[str, Any]:
    # the package takes a second to import, and no other function needs it
    from chalicelib.summaries.chat import complete  # noqa: PLC0415

    facts = facts_of(task.obj_id, task.inputs)
    if secrets.api_key is None:
        raise SummaryFailed(
            "There is no API key for a language model. Set yours in your preferences (summary.OpenAI: apikey, and "
            "active true), or ask your administrator to set the site's and to trust this service."
        )
    prompt = prompt_of(facts, task.parameters["prompt"], settings().summary_input_tokens)
    left = (task.deadline - clock.now() - _MARGIN).total_seconds()
    if left <= 0:
        raise SummaryFailed("There was not enough time left to ask a language model.")
    completion = complete(prompt, task.parameters, secrets.api_key, min(left, settings().openai_seconds))
    return {
        "status": "success",
        "message": _message(completion, prompt.comments_left_out),
        "analysis": {
            "results": {"format": "json", "data": {"summary": completion.text, "model": completion.model}},
        },
    }


def _message(completion: "Completion", comments_left_out: int) -> str:
    """Say who wrote a summary, and what was different from what was asked for."""
    sentences = [f"Summarized by {completion.model}."]
    if comments_left_out:
        sentences.append(f"The {comments_left_out} oldest comments did not fit and were left out.")
    if completion.dropped:
        sentences.append(f"The model does not take {', '.join(completion.dropped)}.")
    return " ".join(sentences)


def _failure(message: str, secrets: Secrets) -> Mapping[str, Any]:
    shown = message.replace(secrets.api_key, "[secret]") if secrets.api_key else message
    return {"status": "failure", "message": shown, "analysis": {}}


def _deliver(task: Task, attempt: int, answer: Mapping[str, Any], secrets: Secrets) -> None:
    """Post an answer; what was not acknowledged is posted again, for a callback takes only the first."""
    outcome = post_json(
        secrets.callback_url,
        json.dumps(answer).encode(),
        {},
        None,
        allowed_hosts=settings().allowed_hosts,
    )
    _log(task, answer, outcome)
    if outcome.kind in {"retry", "unknown"}:
        tasks.keep_answer(task, answer)
        if _tried_later(task, attempt, outcome.retry_after_seconds):
            return
    tasks.remove(task)


def _tried_later(task: Task, attempt: int, retry_after_seconds: float | None) -> bool:
    """Send a task again later, and say so; not if it has been tried often enough or would come too late.

    Exponential with full jitter, as the dispatcher does it, and never before the server wishes.
    """
    ceiling = min(2.0 ** (attempt + 2), LONGEST_DELAY)
    delay = max(1 + _random.random() * (ceiling - 1), retry_after_seconds or 0.0)
    in_time = clock.now() + timedelta(seconds=delay) + _MARGIN < task.deadline
    if attempt >= MOST_ATTEMPTS or delay > LONGEST_DELAY or not in_time:
        return False
    tasks.send(task.id, attempt=attempt + 1, delay_seconds=round(delay))
    return True


def _log(task: Task, answer: Mapping[str, Any], outcome: Outcome) -> None:
    LOGGER.info(
        "summarized",
        extra={
            "task": task.id,
            "status": answer["status"],
            "outcome": outcome.kind,
            "http_status": outcome.http_status,
            "milliseconds": outcome.milliseconds,
        },
    )
