"""Stands between our code and the world: sees every AWS call and outgoing request, and can end the process there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import requests
from botocore.client import BaseClient

Step = str
"""An AWS operation such as "PutItem", or "POST" for a request to a service."""


class Died(BaseException):
    """The process ends here: no code of ours may see it coming."""


class Wire:
    """What passes while `watching`.

    Parameters
    ----------
    look : callable
        Called after every step.
    """

    def __init__(self, look: Callable[[], None]) -> None:
        self.steps: list[Step] = []
        self._look = look
        self._point = -1
        self._before = True
        self._dead = False

    @contextmanager
    def watching(self) -> Iterator[list[Step]]:
        """Record the steps of what runs in here."""
        self.steps = []
        call, send = BaseClient._make_api_call, requests.Session.send

        def watched_call(client, operation, parameters):
            return self._pass(operation, lambda: call(client, operation, parameters))

        def watched_send(session, request, **options):
            return self._pass("POST", lambda: send(session, request, **options))

        BaseClient._make_api_call, requests.Session.send = watched_call, watched_send
        try:
            yield self.steps
        finally:
            BaseClient._make_api_call, requests.Session.send = call, send

    @contextmanager
    def dying(self, point: int, *, before: bool) -> Iterator[list[Step]]:
        """End what runs in here at its n-th step, from 0: before the step takes effect, or when it has."""
        self._point, self._before, self._dead = point, before, False
        try:
            with self.watching() as steps:
                yield steps
        finally:
            self._point, self._dead = -1, False

    def _pass(self, step: Step, take: Callable[[], object]) -> object:
        if self._dead:
            raise Died  # not even what stands in a `finally` is done
        here = len(self.steps) == self._point
        self.steps.append(step)
        self._dead = here
        if here and self._before:
            raise Died
        answer = take()
        self._look()
        if here:
            raise Died
        return answer
