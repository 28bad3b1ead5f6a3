"""Tells the higher rooms that a source was saved or classified, by a person and not by an analysis."""

from typing import Any, Literal

from chalicelib import aws
from chalicelib.ids import new_id

QUEUE = "triggers"


def announce(kind: Literal["saved", "classified"], obj_id: str, **facts: Any) -> None:  # noqa: ANN401 - JSON values
    """Send `{"kind", "event_id", "obj_id", …}` to the triggers queue.

    A message may arrive twice: its `event_id` is always the same then.
    """
    aws.send(QUEUE, {"kind": kind, "event_id": new_id(), "obj_id": obj_id, **facts})
