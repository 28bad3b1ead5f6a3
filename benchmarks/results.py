"""Prints how long results take until they can be read, and what memory, by size: `python -m benchmarks.results`."""

import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import requests

from benchmarks import payloads
from benchmarks.memory import watched
from benchmarks.payloads import Payload
from benchmarks.world import World, empty_world
from chalicelib.analyses.results.collect import collect
from tests.support.api import Api
from tests.support.uploads import form_of
from tests.support.worker import drain, take

_TIMES = 3
_POLL_SECONDS = 0.01


@dataclass(frozen=True)
class Row:
    """One size; times in seconds."""

    payload: Payload
    accepted: float
    readable: float
    collected: float
    plainly: float
    growth: int

    def text(self) -> str:
        """Return a row of the table."""
        return (
            f"| {self.payload.name} | {self.accepted:.2f} s | {self.readable:.2f} s | {self.plainly:.3f} s "
            f"| {self.collected:.1f} s | {self.growth / self.payload.size:.2f} |"
        )


def main() -> None:
    """Measure every size; large ones are uploaded."""
    print("| result | accepted | results readable | json.loads, base64, joblib.load | all collected | memory |")
    print("|---|---|---|---|---|---|")
    posted = [
        payloads.with_results("webhook, 10 kB", 10_000),
        payloads.with_results("webhook, 2 MB", 2_000_000),
        payloads.with_results("webhook, 4 MB", 4_000_000),
        payloads.with_posterior("webhook, posterior of 30 parameters, 1 MB", 4_000, pack=False),
    ]
    uploaded = [
        lambda: payloads.with_cube("upload, cube of 100 MB", 100_000_000),
        lambda: payloads.with_posterior("upload, posterior of 100 MB", 413_000),
        lambda: payloads.with_posterior("upload, posterior of 242 MB", 1_000_000),
    ]
    with empty_world() as world:
        warm = payloads.with_posterior("warm", 400, pack=False)  # what is imported is not taken for growth
        _measured(world, warm, _post)
        for payload in posted:
            print(_measured(world, payload, _post).text(), flush=True)
        for make in uploaded:
            print(_measured(world, make(), _upload).text(), flush=True)


def _measured(world: World, payload: Payload, send: Callable[[str, bytes], None]) -> Row:
    run_id = world.scene.start()
    drain()
    token = world.scene.service.received[-1].token
    accepted = _seconds(lambda: send(token, payload.content))
    take("collect")
    path, readable = f"/api/obj/analysis/{run_id}", 0.0
    with watched() as growth:
        collecting = threading.Thread(target=collect, args=(run_id, 3))
        start = time.perf_counter()
        collecting.start()
        while collecting.is_alive() and not readable:
            time.sleep(_POLL_SECONDS)
            if world.scene.user.get(path).data["num_plots"] and _has_products(run_id):
                assert world.scene.user.get(f"{path}/results").status in {200, 302, 307}
                readable = time.perf_counter() - start
        collecting.join()
        collected = time.perf_counter() - start
    plainly = payloads.read_plainly(payload)
    seconds = statistics.median(_seconds(plainly) for _ in range(_TIMES))
    return Row(payload, accepted, accepted + (readable or collected), collected, seconds, growth.together)


def _has_products(run_id: int) -> bool:
    from chalicelib.analyses.items.run import Run  # noqa: PLC0415 - after the world has set the environment

    run = Run.find(run_id)
    return run is not None and run.products is not None


def _post(token: str, content: bytes) -> None:
    assert Api(None).post(f"/api/webhook/obj_analysis/{token}", raw=content).data


def _upload(token: str, content: bytes) -> None:
    form = form_of(token)
    sent = requests.post(form["url"], data=form["fields"], files={"file": ("result", content)}, timeout=600)
    sent.raise_for_status()
    commit = {"status": "success", "message": "done", "uploaded": True}
    assert Api(None).post(f"/api/webhook/obj_analysis/{token}", commit).data


def _seconds(operation: Callable[[], object]) -> float:
    start = time.perf_counter()
    operation()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
