"""The handlers that the application registered for queues and schedules, as AWS would connect them."""

import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from chalice.app import Chalice, ScheduledEventConfig, ScheduleExpression, SQSEventConfig
from chalice.local import LambdaContext

from chalicelib.analyses import included
from chalicelib.rooms import HANDLERS
from infra.local.aws.resources import Properties, resolved, template

Handler = Callable[[dict[str, Any], Any], Any]

_CONFIG = Path(__file__).parents[3] / ".chalice" / "config.json"
_RATE = re.compile(r"rate\((\d+) (second|minute|hour|day)s?\)")
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
_DEFAULT_TIMEOUT = 60


@dataclass(frozen=True, slots=True)
class Function:
    """A handler under the name that it has on AWS."""

    name: str
    handler: Handler
    timeout: int

    def __call__(self, event: dict[str, Any]) -> object:
        """Invoke it as Lambda does."""
        return self.handler(event, LambdaContext(self.name, 256, max_runtime_ms=1000 * self.timeout))


@dataclass(frozen=True, slots=True)
class Consumer:
    """A function that is fed from a queue."""

    function: Function
    queue: str
    batch_size: int
    concurrency: int


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A function that is called again and again."""

    function: Function
    seconds: float


def handlers() -> Chalice:
    """Return an application with the handlers alone, for routes take longer to import than all of them.

    A process that has the whole application already gets that: Chalice registers what a blueprint has only once.
    """
    if "app" in sys.modules:
        whole: Chalice = sys.modules["app"].app
        return whole
    app = Chalice(app_name="siderostat", configure_logs=False)
    included.register()
    for module in HANDLERS:
        app.register_blueprint(import_module(module).blueprint)
    return app


def consumers(app: Chalice, prefix: str, most: int) -> list[Consumer]:
    """Return the consumers of queues.

    Parameters
    ----------
    app : Chalice
        The application.
    prefix : str
        First part of the queues' names.
    most : int
        Most invocations of one function at once.
    """
    resources = template()["Resources"]
    return [
        Consumer(
            _function(app, source.name),
            _queue_name(source, resources, prefix),
            source.batch_size,
            min(source.maximum_concurrency or most, most),
        )
        for source in app.event_sources
        if isinstance(source, SQSEventConfig)
    ]


def schedules(app: Chalice, at_most: float) -> list[Scheduled]:
    """Return what runs by the clock; nothing waits longer than `at_most` seconds."""
    return [
        Scheduled(_function(app, source.name), min(_seconds(source.schedule_expression), at_most))
        for source in app.event_sources
        if isinstance(source, ScheduledEventConfig)
    ]


def _function(app: Chalice, name: str) -> Function:
    functions = json.loads(_CONFIG.read_text())["stages"]["dev"]["lambda_functions"]
    return Function(name, app.handler_map[name], functions.get(name, {}).get("lambda_timeout", _DEFAULT_TIMEOUT))


def _queue_name(source: SQSEventConfig, resources: Properties, prefix: str) -> str:
    if source.queue:
        return str(source.queue)
    logical_name, _ = source.queue_arn["Fn::GetAtt"]
    name: str = resolved(resources[logical_name]["Properties"]["QueueName"], {"Prefix": prefix})
    return name


def _seconds(expression: str | ScheduleExpression) -> float:
    text = expression if isinstance(expression, str) else expression.to_string()
    match = _RATE.fullmatch(text)
    if match is None:
        raise ValueError(f"the local clock knows rates only, not {text!r}")
    return float(match[1]) * _SECONDS[match[2]]
