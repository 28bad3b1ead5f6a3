"""The Idempotency-Key header: a request that is sent again within a day is answered as before, and done once."""

import hashlib
import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from chalicelib import clock, transactions
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.items.answered_request import AnsweredRequest
from chalicelib.http.endpoint import Incoming
from chalicelib.http.envelope import Reply, success
from chalicelib.http.errors import ApiError, BadRequest, Conflict
from chalicelib.http.reading import json_object
from chalicelib.ids import new_id

HEADER = "idempotency-key"
SECONDS = 24 * 3600
REPLAYED = {"Idempotent-Replayed": "true"}

_LOCK = timedelta(seconds=35)
"""Longer than the API function may run (29 s): a lock that has passed belonged to one that died."""

_WAIT_SECONDS = 15.0
_POLL_SECONDS = 0.1
_MOST_CHARACTERS = 255


def once(
    caller: Caller,
    incoming: Incoming,
    act: Callable[[int], dict[str, Any]],
    reserve: Callable[[], int] = new_id,
) -> Reply:
    """Do what a request asks for, or answer as when it came first.

    Parameters
    ----------
    caller : Caller
        Keys of different users have nothing to do with each other.
    incoming : Incoming
        The key counts for its path; without a key the request is simply done.
    act : callable
        Gets the id that what it makes must have, and must do nothing twice for one id. Returns the data to answer.
    reserve : callable
        Returns the id.

    Raises
    ------
    Conflict
        The key came with another body before, or the first request is still being worked on.
    BadRequest
        The key is empty or too long.
    """
    key = incoming.headers.get(HEADER)
    if key is None:
        return success(act(reserve()))
    request = _claimed(caller, incoming, key, reserve)
    if request.answer is not None:
        return success(request.answer, REPLAYED)
    try:
        answer = act(request.reserved_id)
    except ApiError:
        _forget(request)  # nothing was done, and it may work the next time
        raise
    except BaseException:
        _unlock(request)
        raise
    request.update(actions=[AnsweredRequest.answer.set(answer)])
    return success(answer)


def _claimed(caller: Caller, incoming: Incoming, key: str, reserve: Callable[[], int]) -> AnsweredRequest:
    """Return the record of a request, either answered or ours to work on."""
    if not key.strip() or len(key) > _MOST_CHARACTERS:
        raise BadRequest(f"The Idempotency-Key must have 1 to {_MOST_CHARACTERS} characters.")
    digest = hashlib.sha256(json.dumps([incoming.path, key]).encode()).hexdigest()
    body = json.dumps(json_object(incoming.body), sort_keys=True)
    wanted = AnsweredRequest(
        *AnsweredRequest.key(caller.user_id, digest),
        body_hash=hashlib.sha256(body.encode()).hexdigest(),
        reserved_id=reserve(),
        locked_until=clock.now() + _LOCK,
        expires=int(time.time()) + SECONDS,
    )
    end = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < end:
        if _is_first(wanted):
            return wanted
        found = _stored(wanted)
        if found is None:
            continue
        if found.body_hash != wanted.body_hash:
            raise Conflict("This Idempotency-Key was used with another body. Use a new key for a new request.")
        if found.answer is not None or _take_over(found):
            return found
        time.sleep(_POLL_SECONDS)
    raise Conflict("The first request with this Idempotency-Key is still being worked on. Send it again in a moment.")


def _is_first(wanted: AnsweredRequest) -> bool:
    unknown = AnsweredRequest.pk.does_not_exist() | (AnsweredRequest.expires < int(time.time()))
    return transactions.holds(lambda: wanted.save(condition=unknown))


def _stored(wanted: AnsweredRequest) -> AnsweredRequest | None:
    try:
        return AnsweredRequest.get(wanted.pk, wanted.sk, consistent_read=True)
    except AnsweredRequest.DoesNotExist:
        return None


def _take_over(found: AnsweredRequest) -> bool:
    """Go on with a request whose function died."""
    now = clock.now()
    if found.locked_until > now:
        return False
    same = (AnsweredRequest.locked_until == found.locked_until) & AnsweredRequest.answer.does_not_exist()
    locked: list[Any] = [AnsweredRequest.locked_until.set(now + _LOCK)]
    return transactions.holds(lambda: found.update(actions=locked, condition=same))


def _forget(request: AnsweredRequest) -> None:
    transactions.holds(lambda: request.delete(condition=AnsweredRequest.answer.does_not_exist()))


def _unlock(request: AnsweredRequest) -> None:
    request.update(actions=[AnsweredRequest.locked_until.set(clock.now())])
