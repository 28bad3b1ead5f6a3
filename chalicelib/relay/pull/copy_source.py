"""Copying the source of a relayed run from its portal, so that the light curve stands beside the fit.

It never keeps a run waiting: what cannot be copied is recorded beside the run, with the reason.
"""

import time
from typing import Any

from chalicelib import clock
from chalicelib.accounts.caller import Caller
from chalicelib.analyses.items.relayed import Relayed
from chalicelib.analyses.run.sealed import opened
from chalicelib.http.errors import ApiError, Forbidden
from chalicelib.http.parsing import validated
from chalicelib.outgoing.get import NotRead
from chalicelib.relay.items.relay import Relay
from chalicelib.relay.pull.data import KINDS, Copying
from chalicelib.relay.pull.instruments import Instruments
from chalicelib.relay.pull.portal import Portal
from chalicelib.sources.items.source import Source
from chalicelib.sources.source.access import may_read
from chalicelib.sources.source.body import SourcePost
from chalicelib.sources.source.save import save_source

_FIELDS = ("ra", "dec", "redshift", "redshift_error", "redshift_origin")
_MOST_CHARACTERS = 500
_SECONDS = 120.0
"""For reading: the function may run for 180."""


def copy_source(run_id: int, relay_id: int) -> None:
    """Copy the source of a run, as far as it goes, and record what became of it."""
    relay, relayed = Relay.of_id(relay_id), Relayed.find(run_id)
    if relay is None or relayed is None or relay.pull_url is None:
        return
    copied: dict[str, int] = {}
    problems: dict[str, str] = {}
    portal = Portal(relay.pull_url, opened(relay_id, relay.pull_token), time.monotonic() + _SECONDS)
    caller = Caller(relay.author_id, f"relay {relay_id}", frozenset(), frozenset(relay.group_ids))
    try:
        copied["source"] = _copy_source(portal, caller, relayed.resource_id)
    except (ApiError, NotRead) as error:
        problems["source"] = _sentence(error)
    else:
        copying = Copying(portal, caller, relayed.resource_id, Instruments(portal))
        for kind, copy in KINDS.items():
            try:
                done = copy(copying)
            except (ApiError, NotRead) as error:
                problems[kind] = _sentence(error)
            else:
                copied[kind] = done.added
                problems |= {} if done.problem is None else {kind: done.problem}
    outcome: dict[str, Any] = {"at": clock.iso(clock.now()), "copied": copied, "problems": problems}
    Relayed(run_id).update(actions=[Relayed.pulled.set(outcome)])


def _copy_source(portal: Portal, caller: Caller, obj_id: str) -> int:
    """Save the source to the relay's groups; one that is here and others' is left alone. Return whether it was saved.

    Raises
    ------
    Forbidden
        It is here, and the relay's groups do not see it: a portal does not open it to them.
    """
    here = Source.find(obj_id)
    if here is not None and here.group_ids:
        if may_read(caller, here):
            return 0
        raise Forbidden("There is a source of this name here that other groups have. It is left as it is.")
    there = portal.read("sources", obj_id)
    if not isinstance(there, dict):
        raise NotRead("The portal did not answer with a source.")
    fields = {name: there[name] for name in _FIELDS if there.get(name) is not None}
    save_source(caller, validated(SourcePost, {**fields, "id": obj_id, "group_ids": sorted(caller.group_ids)}))
    return 1


def _sentence(error: ApiError | NotRead) -> str:
    return str(error)[:_MOST_CHARACTERS]
