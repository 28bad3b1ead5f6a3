"""How many runs are in which state, over time."""

from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Literal

from chalicelib import clock
from chalicelib.accounts.caller import Caller
from chalicelib.analyses.states import ENDED, OPEN
from chalicelib.analyses.watch.facts import readable_facts
from chalicelib.analyses.watch.runs import bounds_of, listed_ids

Window = Literal["1h", "24h", "7d", "30d"]

MOST_COUNTED = 5_000

_BINS: dict[Window, tuple[int, timedelta]] = {
    "1h": (12, timedelta(minutes=5)),
    "24h": (24, timedelta(hours=1)),
    "7d": (28, timedelta(hours=6)),
    "30d": (30, timedelta(days=1)),
}
_STATES = tuple(str(state) for state in (*sorted(OPEN), *sorted(ENDED)))


def counts(caller: Caller, window: Window) -> dict[str, Any]:
    """Count the runs that the caller may read by their state of now and the time of their start.

    At most the newest `MOST_COUNTED`; of the others nothing is counted, and `complete` is false.
    """
    number, width = _BINS[window]
    now = clock.now()
    begin = now - number * width
    low, high = bounds_of(begin, None)
    ids = list(islice(listed_ids(caller, low, high), MOST_COUNTED + 1))
    bins = [_bin(begin + place * width, begin + (place + 1) * width) for place in range(number)]
    totals = dict.fromkeys(_STATES, 0)
    for facts in readable_facts(caller, ids[:MOST_COUNTED]):
        if facts.created_at < begin:
            continue
        place = min((facts.created_at - begin) // width, number - 1)
        bins[place][facts.state] += 1
        totals[facts.state] += 1
    return {"totals": totals, "bins": bins, "complete": len(ids) <= MOST_COUNTED}


def _bin(start: datetime, end: datetime) -> dict[str, Any]:
    return {"from": start, "to": end, **dict.fromkeys(_STATES, 0)}
