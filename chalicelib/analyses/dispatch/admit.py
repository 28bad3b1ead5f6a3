"""Whether a claimed run is sent now: not to a service that is gone, paused, or has as many runs as it may have."""

from chalicelib.analyses.dispatch import pauses, waiting
from chalicelib.analyses.items.health import Health
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.results.acceptance import end
from chalicelib.analyses.run import max_in_flight
from chalicelib.analyses.run.deletion import delete
from chalicelib.analyses.states import State
from chalicelib.services.items.service import Service


def is_admitted(run: Run, service: Service, health: Health | None) -> bool:
    """Say whether a run is sent now; if not, it has ended or waits.

    Raises
    ------
    Overtaken, RunMovedOn
        The run was sent again, or has ended.
    """
    if service.deleted_at:
        delete(run)  # it was started while the service was deleted
        return False
    if not service.enabled:
        end(run, State.FAILURE, "The analysis service was disabled before the analysis could be sent.")
        return False
    until = pauses.wait_until(health)
    if health is not None and until is not None:
        if until > run.send_before:
            reason = waiting.pause_reason(health)
            end(run, State.FAILURE, f"The analysis could not be sent in time: {reason}")
        else:
            waiting.wait_for_end_of_pause(run, health, until)
        return False
    if service.max_in_flight is not None and not max_in_flight.take(run, service.max_in_flight):
        waiting.wait_for_place(run, service.max_in_flight)
        pauses.end_trial(health)
        return False
    return True
