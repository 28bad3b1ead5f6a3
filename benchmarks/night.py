"""A night of alerts, second by second: what waits where, how many functions run at once, what throttles.

`python -m benchmarks.night [--plot FILE]`. A fluid model: each second every step works off as much as its share of the
account's concurrency lets it, first those who are waited for.
"""

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

NIGHT_SECONDS = 10 * 3600
VISIT_SECONDS = 37
"""An exposure of the Rubin Observatory, whose alerts come together."""

Array = np.ndarray


@dataclass(frozen=True)
class Site:
    """Limits, and how long each function runs, in s."""

    account: int = 1000
    dispatch: int = 200
    collect: int = 200
    api_seconds: float = 0.15
    dispatch_seconds: float = 1.0
    collect_seconds: float = 3.5
    products_seconds: float = 3.0


@dataclass(frozen=True)
class Night:
    """What comes."""

    alerts: float = 10e6
    analysed: float = 0.1
    slow_share: float = 0.05
    slow_seconds: float = 25.0
    """Share of the services that take this long to acknowledge a dispatch."""
    service_seconds: float = 90.0
    """From there to a result, on average."""


@dataclass(frozen=True)
class Course:
    """What was, each second."""

    waiting_dispatch: Array
    waiting_collect: Array
    functions: Array
    throttled: Array


def simulate(night: Night, site: Site) -> Course:
    """Let a night pass, and the hours after it until nothing waits."""
    seconds = 2 * NIGHT_SECONDS
    arriving = _arrivals(night, seconds).tolist()
    dispatch_seconds = (1 - night.slow_share) * site.dispatch_seconds + night.slow_share * night.slow_seconds
    results = np.zeros(seconds)
    delays = _delays(night)
    course = Course(*(np.zeros(seconds) for _ in range(4)))
    to_send = to_collect = 0.0
    for second, started in enumerate(arriving):
        returned = float(results[second])
        to_send += started
        to_collect += returned
        wanted_api = site.api_seconds * (started + returned)
        free = max(0.0, site.account - wanted_api)
        sending = min(to_send * dispatch_seconds, site.dispatch, free)
        free -= sending
        # a collector waits for the products function: two of the account's functions at once
        both = 1 + site.products_seconds / site.collect_seconds
        wanted = min(to_collect * site.collect_seconds, site.collect)
        collecting = min(wanted, free / both)
        sent, collected = sending / dispatch_seconds, collecting / site.collect_seconds
        to_send, to_collect = to_send - sent, to_collect - collected
        if sent:  # in most seconds of a quiet night nothing is
            end = min(len(delays), seconds - second)
            results[second : second + end] += sent * delays[:end]
        course.waiting_dispatch[second], course.waiting_collect[second] = to_send, to_collect
        course.functions[second] = min(wanted_api, site.account) + sending + collecting * both
        course.throttled[second] = max(0.0, wanted_api - site.account) + max(0.0, wanted - collecting)
    return course


def _arrivals(night: Night, seconds: int) -> Array:
    """Analyses that start each second: the alerts of a visit come within ten seconds."""
    visits = NIGHT_SECONDS // VISIT_SECONDS
    arriving = np.zeros(seconds)
    for visit in range(visits):
        first = visit * VISIT_SECONDS
        arriving[first : first + 10] += night.alerts * night.analysed / visits / 10
    return arriving


def _delays(night: Night) -> Array:
    """Share of the results that come so many seconds after the dispatch: exponential, the tail within twelve means."""
    after = np.arange(1, round(12 * night.service_seconds))
    shares = np.exp(-after / night.service_seconds)
    return shares / shares.sum()


def lag_minutes(waiting: Array) -> float:
    """Minutes after the end of the night until nothing waits."""
    busy = np.nonzero(waiting > 1)[0]
    return max(0.0, (int(busy[-1]) - NIGHT_SECONDS) / 60) if len(busy) else 0.0


CASES = {
    "as deployed, account quota 1000": (Night(), Site()),
    "collect 50 at once": (Night(), Site(collect=50)),
    "a new account: quota 10": (Night(), Site(account=10)),
    "half of the dispatches slow": (Night(slow_share=0.5), Site()),
    "ten times the alerts, dispatch 2000, collect 2000, quota 10 000": (
        replace(Night(), alerts=100e6),
        Site(account=10_000, dispatch=2000, collect=2000),
    ),
}


def main() -> None:
    """Print a table, and draw the night if asked to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.night")
    parser.add_argument("--plot", type=Path)
    plot = parser.parse_args().plot
    courses = {name: simulate(*case) for name, case in CASES.items()}
    print("\n".join(table(courses)))
    if plot:
        draw(courses, plot)


def table(courses: dict[str, Course]) -> list[str]:
    """Return the rows of docs/scaling.md."""
    rows = ["| case | most functions at once | most waiting to be sent, | to be collected | done after dawn, min |"]
    rows.append("|---|---|---|---|---|")
    for name, each in courses.items():
        after = max(lag_minutes(each.waiting_dispatch), lag_minutes(each.waiting_collect))
        late = "not within ten hours" if after >= NIGHT_SECONDS / 60 - 1 else f"{after:.0f}"
        figures = (each.functions.max(), each.waiting_dispatch.max(), each.waiting_collect.max())
        rows.append(f"| {name} | {' | '.join(f'{figure:,.0f}'.replace(',', ' ') for figure in figures)} | {late} |")
    return rows


def draw(courses: dict[str, Course], file: Path) -> None:
    """Draw what waits and how many functions run, by hour."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - for the plot alone

    figure = Figure(figsize=(9, 6), layout="constrained")
    above, below = figure.subplots(2, sharex=True)
    for name, each in courses.items():
        hours = np.arange(len(each.functions))[::60] / 3600
        above.plot(hours, _smooth(each.waiting_dispatch + each.waiting_collect)[::60], label=name)
        below.plot(hours, _smooth(each.functions)[::60])
    above.set(yscale="symlog", ylabel="analyses that wait")
    below.set(yscale="symlog", ylabel="functions at once", xlabel="hours after dusk")
    above.legend(fontsize="small", loc="lower right")
    figure.savefig(file, dpi=110)


def _smooth(values: Array) -> Array:
    return np.convolve(values, np.ones(VISIT_SECONDS) / VISIT_SECONDS, mode="same")


if __name__ == "__main__":
    main()
