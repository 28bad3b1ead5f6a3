"""What a source includes of this room."""

from chalicelib.accounts.caller import Caller
from chalicelib.sources.includes import INCLUDES


def register() -> None:
    """Let sources include their analyses."""
    INCLUDES["analyses"] = _analyses


def _analyses(caller: Caller, obj_id: str) -> object:
    from chalicelib.analyses.read.listing import included  # noqa: PLC0415 - not before somebody asks for them

    return included(caller, obj_id)
