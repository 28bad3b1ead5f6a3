"""`/api/sources/<id>/phot_stat`."""

from typing import TYPE_CHECKING, Any

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.http.late import Late
from chalicelib.sources.phot_stats.stored import stat_record
from chalicelib.sources.routes.blueprint import blueprint
from chalicelib.sources.source.access import readable_source

if TYPE_CHECKING:
    from chalicelib.sources.phot_stats import answer
else:
    answer = Late("chalicelib.sources.phot_stats.answer")


@endpoint(blueprint, "GET", "/api/sources/{obj_id}/phot_stat", answers=lambda: answer.PhotStat)
def get_phot_stat(caller: Caller, obj_id: str) -> dict[str, Any]:
    """Read the statistics of all of a source's photometry."""
    readable_source(caller, obj_id)
    return stat_record(obj_id)
