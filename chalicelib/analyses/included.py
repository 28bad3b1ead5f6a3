"""What sources include of this room, and are found by."""

from collections.abc import Mapping, Sequence

from chalicelib.accounts.caller import Caller
from chalicelib.sources.includes import INCLUDES, STATES


def register() -> None:
    """Let sources include their analyses, and be found by the newest of them."""
    INCLUDES["analyses"] = _analyses
    STATES["newest_analysis"] = _newest


def _analyses(caller: Caller, obj_id: str) -> object:
    from chalicelib.analyses.read.listing import included  # noqa: PLC0415 - not before somebody asks for them

    return included(caller, obj_id)


def _newest(caller: Caller, obj_ids: Sequence[str]) -> Mapping[str, str]:
    from chalicelib.analyses.watch.newest_states import newest_states  # noqa: PLC0415 - as above

    return newest_states(caller, obj_ids)
