"""What each operation costs: AWS calls, DynamoDB's read and write units, and the time beside the others of one run."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from benchmarks.world import World
from chalicelib.analyses.dispatch.dispatch import dispatch
from chalicelib.analyses.results.collect import collect
from tests.support.capacity import metered
from tests.support.scene import Scene
from tests.support.worker import drain, take

_TIMES = 3


@dataclass(frozen=True)
class Cost:
    """One operation at one size."""

    calls: int
    reads: float
    writes: float
    seconds: float

    def text(self, unit: float) -> str:
        """Return what stands in the table; times are multiples of `unit`."""
        return f"{self.calls} calls, {self.reads:g} RCU, {self.writes:g} WCU, time {self.seconds / unit:.1f}"


def measured(operation: Callable[[], Any], times: int = _TIMES) -> Cost:
    """Measure an operation: capacity once, the time as the median of several."""
    seconds = [_seconds(operation) for _ in range(times)]
    with metered() as meter:
        last = _seconds(operation)
    return Cost(len(meter.calls), meter.reads, meter.writes, statistics.median(seconds or [last]))


def _seconds(operation: Callable[[], Any]) -> float:
    start = time.perf_counter()
    operation()
    return time.perf_counter() - start


def costs_beside(world: World, number: int) -> dict[str, Cost]:
    """Measure with so many analyses and groups around."""
    world.fill(number)
    scene, user = world.scene, world.scene.user
    newest = _finished(scene)
    reads = {
        "read an analysis": f"/api/obj/analysis/{newest}",
        "its results": f"/api/obj/analysis/{newest}/results",
        "analyses of an object, the others' unseen": f"/api/obj/{scene.obj_id}/analysis",
        "analyses of an object, all one's own: a page": f"/api/obj/{world.crowded_id}/analysis",
        "analyses of all objects: a page": "/api/obj/analysis",
        "source with its analyses, the others' unseen": f"/api/sources/{scene.obj_id}?includeAnalyses=true",
        "list of sources": "/api/sources",
        "list of services": "/api/analysis_service",
        "list of groups": "/api/groups",
    }
    return _way(scene) | {name: measured(lambda path=path: user.get(path)) for name, path in reads.items()}


def _finished(scene: Scene) -> int:
    analysis_id = scene.start()
    drain()
    scene.answer(scene.service.received[-1].token)
    drain()
    return analysis_id


def _way(scene: Scene) -> dict[str, Cost]:
    """Measure the steps of an analysis, each with a new one; what it leaves is deleted for the next size."""
    ids: list[int] = []
    start = measured(lambda: ids.append(scene.start()))
    messages = iter(take("dispatch"))

    def send() -> None:
        message = next(messages)
        dispatch(message["run"], message["attempt"], message["timeout"])

    sent = measured(send)
    tokens = iter([got.token for got in scene.service.received[-len(ids) :]])
    answered = measured(lambda: scene.answer(next(tokens)))
    collects = iter(take("collect"))
    collected = measured(lambda: collect(next(collects)["run"]))
    for analysis_id in ids[1:]:
        scene.user.delete(f"/api/obj/analysis/{analysis_id}")
    deleted = measured(lambda: scene.user.delete(f"/api/obj/analysis/{ids[0]}"), times=0)
    drain()
    return {"start": start, "dispatch": sent, "webhook": answered, "collect": collected, "delete": deleted}


def photometry_costs(world: World, number: int) -> dict[str, Cost]:
    """Measure a source with so many points, from their upload on."""
    obj_id = f"points-{number}"
    scene = replace(world.scene, obj_id=obj_id)
    scene.user.post("/api/sources", {"id": obj_id, "ra": 1.0, "dec": 2.0, "group_ids": [scene.group_id]})
    post = measured(lambda: _post(scene, number), times=0)
    return {
        "post them in one call": post,
        "post one more": measured(lambda: _post(scene, 1, first=10**5), times=0),
        "read them": measured(lambda: scene.user.get(f"/api/sources/{obj_id}/photometry")),
        "read the source": measured(lambda: scene.user.get(f"/api/sources/{obj_id}")),
        "phot_stat": measured(lambda: scene.user.get(f"/api/sources/{obj_id}/phot_stat")),
        **_way(scene),
    }


def _post(scene: Scene, number: int, first: int = 0) -> None:
    columns = {
        "mjd": [50000.0 + (first + row) / 8 for row in range(number)],
        "flux": [100.0 + row % 17 for row in range(number)],
        "fluxerr": [5.0 + row % 3 for row in range(number)],
    }
    body = {"obj_id": scene.obj_id, "instrument_id": scene.instrument_id, "filter": "ztfg", "magsys": "ab", "zp": 23.9}
    stored = scene.user.post("/api/photometry", {**body, **columns, "group_ids": [scene.group_id]}).data
    assert len(stored["ids"]) == number
