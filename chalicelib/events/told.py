"""What a subscriber is told of an event: ids, a state and links, if it may read that at this moment."""

from typing import Any, NamedTuple

from chalicelib.accounts.caller import Caller
from chalicelib.analyses.run.access import readable
from chalicelib.analyses.start.batch_progress import progress
from chalicelib.events.items.subscription import Subscription
from chalicelib.events.kinds import OF_RUNS, OF_SERVICES, Event, Kind
from chalicelib.http.errors import Forbidden
from chalicelib.services.access import readable_service
from chalicelib.settings import settings


class Told(NamedTuple):
    """What is sent: data for programs, and words with a link for people."""

    data: dict[str, Any]
    subject: str
    """What it is about, such as "SN 2026abc by sncosmo"."""
    page: str
    """Path of the page that shows it."""


def told(subscription: Subscription, author: Caller, event: Event) -> Told | None:
    """Return what the subscriber is told, None if its author may not read that, or not by one of its groups."""
    try:
        if event.kind in OF_RUNS:
            return _of_run(subscription, author, event.subject_id)
        if event.kind in OF_SERVICES:
            return _of_service(subscription, author, event)
        if event.kind == Kind.BATCH_FINISHED:
            return _of_batch(author, event.subject_id)
    except Forbidden:
        return None
    return _of_test(subscription)


def _of_run(subscription: Subscription, author: Caller, run_id: int) -> Told | None:
    run, service = readable(author, run_id)
    shared = (frozenset(run.group_ids) | frozenset(run.listed_group_ids)) & subscription.group_ids
    if not shared or not author.reaches(shared):
        return None
    data: dict[str, Any] = {"analysis_id": run.id, "obj_id": run.obj_id, "service_id": run.service_id}
    if run.batch_id is not None:
        data["batch_id"] = run.batch_id
    links = _links(f"/api/obj/analysis/{run.id}", f"/analyses/{run.id}")
    by = f" by {service.display_name or service.name}" if service is not None else ""
    return Told({**data, "state": run.status, "links": links}, f"{run.obj_id}{by}", f"/analyses/{run.id}")


def _of_service(subscription: Subscription, author: Caller, event: Event) -> Told | None:
    service = readable_service(author, event.subject_id)
    shared = service.groups & subscription.group_ids
    if not shared or not author.reaches(shared):
        return None
    state, number = event.kind.rpartition(".")[2], service.service_id
    links = _links(f"/api/analysis_service/{number}", f"/services/{number}")
    return Told({"service_id": number, "state": state, "links": links}, service.name, f"/services/{number}")


def _of_batch(author: Caller, batch_id: int) -> Told:
    found = progress(author, batch_id)
    counts = ", ".join(f"{count} {state}" for state, count in sorted(found["by_state"].items()))
    page = f"/requests?batchID={batch_id}"
    data = {
        "batch_id": batch_id,
        "service_id": found["analysis_service_id"],
        "state": "finished",
        "counts": found["by_state"],
        "refused": found["refused"],
        "links": _links(f"/api/analysis_batch/{batch_id}", page),
    }
    return Told(data, f"batch of {found['total']} ({counts or 'nothing was started'})", page)


def _of_test(subscription: Subscription) -> Told:
    links = _links(f"/api/event_subscriptions/{subscription.id}", "/profile")
    return Told({"subscription_id": subscription.id, "state": "test", "links": links}, "this subscription", "/profile")


def _links(api: str, page: str) -> dict[str, str]:
    return {"api": settings().public_url + api, "page": settings().public_url + page}
