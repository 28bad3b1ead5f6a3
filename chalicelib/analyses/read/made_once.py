"""A product that is made when somebody asks for it: the object itself, why there is none, or since when it is made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chalicelib import clock
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.results import products_function
from chalicelib.analyses.results.products_function import ProductsFailed
from chalicelib.analyses.run import objects
from chalicelib.http.errors import NotFound, Unavailable

PROBLEM = "json"
"""Ending of the object that says why there is none."""

_RETRY_SECONDS = 5
_MAKING = timedelta(seconds=190)
"""Longer than the products function waits for its turn and runs."""

_TRIES = 2
_FORGOTTEN = timedelta(hours=1)
"""After which what could not be made is tried again."""

_TRY = "drawing-"

Product = Mapping[str, Any]


@dataclass
class MadeOnce:
    """One product of a run, each of its states an object in S3 whose key begins with `below`.

    `name` is that of its row; `ending`, `content_type` are of the object; `what` is it in a sentence, `being_made` what
    is done with it, `advice` what to do if it takes too long. `is_collectors`: the collector makes it, too.
    """

    run: Run
    below: str
    name: str
    ending: str
    content_type: str
    what: str
    being_made: str
    advice: str
    is_collectors: bool = False
    tries: int = 0

    def stored(self) -> Product | None:
        """Return the product if there is one, or the row that says why not; raise Unavailable while it is made.

        Raises
        ------
        NotFound
            It takes too long.
        """
        found = {one.key.removeprefix(self.below): one for one in objects.listed(self.below)}
        recent = {name: one for name, one in found.items() if clock.now() - one.modified < _FORGOTTEN}
        if made := found.get(self.ending):
            kind = self.content_type
            return {"name": self.name, "key": made.key, "size": made.size, "content_type": kind, "error": None}
        if problem := recent.get(PROBLEM):
            try:
                return products_function.read_row(self.run, problem.key)
            except ProductsFailed as error:
                raise self.failed(error) from None
        tries = [one.modified for name, one in recent.items() if name.startswith(_TRY)]
        if tries and clock.now() - max(tries) < _MAKING:
            raise self.still_made()
        if len(tries) >= _TRIES and not self.is_collectors:
            raise NotFound(f"{self.what} could not be {self.being_made} in time: {self.advice}.")
        self.tries = len(tries)
        return None

    def begun(self) -> Unavailable:
        """Note that it is being made, and return what whoever asks is told."""
        objects.mark(f"{self.below}{_TRY}{self.tries + 1}")
        return self.still_made()

    def still_made(self) -> Unavailable:
        """Return what is said while it is made."""
        return Unavailable(
            f"{self.what} is being {self.being_made}: ask again in some seconds.", retry_after=_RETRY_SECONDS
        )

    def failed(self, error: ProductsFailed) -> NotFound:
        """Return what is said if it cannot be made."""
        return NotFound(f"{self.what} could not be {self.being_made}: {error}")
