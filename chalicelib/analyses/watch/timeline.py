"""All that happened to a run, oldest first, as sentences."""

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib import clock
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.users.users import user_record
from chalicelib.analyses.items.relayed import Relayed
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.read.attempts import attempts_of
from chalicelib.analyses.states import ENDED, State
from chalicelib.services.items.service import Service

Event = dict[str, Any]

_ENDS = {
    State.COMPLETED: "completed: the result was accepted.",
    State.FAILURE: "failed.",
    State.TIMED_OUT: "timed out: its service stayed silent for too long.",
    State.CANCELLED: "was cancelled.",
}


def timeline(caller: Caller, run: Run, service: Service | None) -> list[Event]:
    """Return what happened to a run that the caller may read.

    Whoever reads it learns when it was sent and what HTTP status came back; the words of the service are for its
    author and administrators, as in `attempts`.
    """
    name = "The service" if service is None else service.display_name or service.name
    is_own = caller.is_admin or caller.user_id == run.author_id
    found = [_started(run), *(_attempt(one, name, is_own=is_own) for one in attempts_of(run))]
    found += [*_ended(run, is_own=is_own), *_collected(run), *(_effect(one) for one in run.effects or [])]
    found += _relayed(run, is_own=is_own)
    return sorted(found, key=lambda event: str(event["at"]))


def _event(at: object, event: str, text: str, **facts: Any) -> Event:  # noqa: ANN401 - numbers and texts
    moment = at if isinstance(at, str) else clock.iso(at)  # type: ignore[arg-type]  # a time
    return {"at": moment, "event": event, "text": text, **facts}


def _started(run: Run) -> Event:
    author = user_record(run.author_id)
    by = "" if author is None else f" by {author['username']}"
    batch = "" if run.batch_id is None else f", in batch {run.batch_id}"
    return _event(run.created_at, "started", f"Started{by}{batch}.")


def _attempt(one: Mapping[str, Any], name: str, *, is_own: bool) -> Event:
    status, outcome = one["http_status"], str(one["outcome"])
    answered = f"answered {status}" if status is not None else "could not be reached"
    again = "" if one["next_try"] is None else f"; next try at {str(one['next_try'])[:19]} UTC"
    texts = {
        "taken": f"{name} took it: it {answered}.",
        "refused": f"{name} refused it: it {answered}.",
        "retry": f"{name} {answered}{again}.",
        "unknown": f"{name} did not acknowledge it in time; it may be running.",
        "interrupted": f"The dispatcher was interrupted{again}.",
        "too_large": f"{name} posted a result that is too large to be posted: it must upload it.",
    }
    facts = {key: one[key] for key in ("attempt", "http_status", "milliseconds", "next_try")}
    words = {"message": one["message"]} if is_own else {}
    return _event(one["at"], outcome, texts[outcome], **facts, **words)


def _ended(run: Run, *, is_own: bool) -> Iterator[Event]:
    if run.state in ENDED:
        words = {"message": run.status_message} if is_own and run.status_message else {}
        yield _event(run.last_activity, str(run.state), f"The analysis {_ENDS[run.state]}", **words)


def _collected(run: Run) -> Iterator[Event]:
    if run.collected_at is None:
        return
    failed = [product for product in run.products or [] if product["error"] is not None]
    yield _event(run.collected_at, "collected", "Its products are stored and can be read.")
    for product in failed:
        yield _event(run.collected_at, "product_failed", f"{product['name']} cannot be read: {product['error']}")


def _relayed(run: Run, *, is_own: bool) -> Iterator[Event]:
    """Yield where a run came from that came through a relay, and each try to forward its end."""
    owed = None if run.relay_id is None else Relayed.find(run.id)
    if owed is None:
        return
    yield _event(owed.received_at, "relayed", f"{owed.origin} asked for it through relay {owed.relay_id}.")
    for one in owed.attempts or []:
        answered = "could not be reached" if one["http_status"] is None else f"answered {one['http_status']}"
        again = "" if one["next_try"] is None else f"; next try at {str(one['next_try'])[:19]} UTC"
        words = {"message": one["text"]} if is_own else {}
        facts = {key: one[key] for key in ("http_status", "next_try")}
        yield _event(one["at"], "forwarded", f"Forwarding its end: {owed.origin} {answered}{again}.", **facts, **words)


def _effect(one: Mapping[str, Any]) -> Event:
    name = "" if one.get("name") is None else f" {one['name']}"
    if one["applied"]:
        return _event(one["at"], "applied", f"The {one['kind']}{name} was written onto the source.")
    reason = f": {one['reason']}" if one.get("reason") else "."
    return _event(one["at"], "not_applied", f"The {one['kind']}{name} was not written onto the source{reason}")
