"""Endpoints by which an author follows, cancels and repeats an analysis, and everybody sees how a service does."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.accounts.idempotency import once
from chalicelib.accounts.permissions import RUN_ANALYSES
from chalicelib.analyses.bodies import ChangedAnalysis
from chalicelib.analyses.read import health
from chalicelib.analyses.read.attempts import attempts_of
from chalicelib.analyses.read.sent_inputs import sent_inputs
from chalicelib.analyses.routes.blueprint import answers, blueprint
from chalicelib.analyses.run.access import of_author, readable
from chalicelib.analyses.start.retry import retry
from chalicelib.analyses.start.store_run import id_of
from chalicelib.analyses.upkeep.cancel import cancel
from chalicelib.analyses.watch.timeline import timeline
from chalicelib.http.endpoint import Incoming
from chalicelib.http.envelope import Reply
from chalicelib.http.errors import NotFound
from chalicelib.http.late import record
from chalicelib.http.parsing import Id, Query, listed

_ANALYSIS = "/api/obj/analysis/{analysis_id}"


@endpoint(blueprint, "POST", f"{_ANALYSIS}/cancel", permission=RUN_ANALYSES)
def cancel_analysis(caller: Caller, analysis_id: int) -> None:
    """End an analysis of one's own that has not ended; what its service may still send is refused."""
    cancel(caller, analysis_id)


@endpoint(
    blueprint, "POST", f"{_ANALYSIS}/retry", permission=RUN_ANALYSES, answers=lambda: record.NewId, repeatable=True
)
def retry_analysis(caller: Caller, analysis_id: int, body: ChangedAnalysis, incoming: Incoming) -> Reply:
    """Start a new analysis with the parameters and the inputs of one of one's own that has ended.

    With other parameters or input filters the inputs are gathered anew, from the data as they are now.
    """

    def repeated(run_id: int) -> dict[str, Any]:
        return {"id": id_of(lambda: retry(caller, analysis_id, run_id, body))}

    return once(caller, incoming, repeated)


@endpoint(blueprint, "GET", f"{_ANALYSIS}/attempts", answers=lambda: list[answers.Attempt])
def read_attempts(caller: Caller, analysis_id: int) -> list[dict[str, Any]]:
    """List how an analysis of one's own was sent, the latest 30 times, and what came back too large, oldest first."""
    return attempts_of(of_author(caller, analysis_id))


@endpoint(blueprint, "GET", f"{_ANALYSIS}/timeline", answers=lambda: list[answers.Happening])
def read_timeline(caller: Caller, analysis_id: int) -> list[dict[str, Any]]:
    """List all that happened to an analysis, oldest first; the service's own words are for its author."""
    return timeline(caller, *readable(caller, analysis_id))


@endpoint(blueprint, "GET", f"{_ANALYSIS}/inputs", answers=lambda: answers.SentInputs, raises=(NotFound,))
def read_inputs(caller: Caller, analysis_id: int) -> Reply:
    """Read what the service was sent for an analysis of one's own."""
    return sent_inputs(of_author(caller, analysis_id))


@endpoint(blueprint, "GET", f"{_ANALYSIS}/effects", answers=lambda: answers.Effects)
def read_effects(caller: Caller, analysis_id: int) -> dict[str, Any]:
    """Read what was applied to the source of what an analysis of one's own returned, and why the rest was not."""
    run = of_author(caller, analysis_id)
    return {"collected_at": run.collected_at, "effects": run.effects or []}


class HealthQuery(Query):
    """Which services."""

    ids: Annotated[
        tuple[Id, ...], BeforeValidator(listed), Field(max_length=health.MOST_SERVICES, description="by commas")
    ]


@endpoint(blueprint, "GET", "/api/analysis_health", answers=lambda: dict[str, answers.ServiceHealth], compressed=True)
def read_healths(caller: Caller, query: HealthQuery) -> dict[str, Any]:
    """See how several services have been doing, by their ids, over the newest 50 analyses of each.

    Services that the caller does not reach are left out.
    """
    return health.healths(caller, query.ids)


@endpoint(blueprint, "GET", "/api/analysis_service/{service_id}/health", answers=lambda: answers.ServiceHealth)
def read_health(caller: Caller, service_id: int) -> dict[str, Any]:
    """See how a service has been doing over its newest analyses, and whether it is paused."""
    return health.health(caller, service_id)
