"""What must hold when the system has come to rest, whatever went wrong before."""

from chalicelib.analyses.items.batch import BATCH_SK
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.states import ENDED, State
from tests.faults import stored
from tests.faults.world import World

_GONE = ENDED | {State.DELETED}


def check(world: World) -> None:
    """See that every run ended, that what was accepted is there and whole, and that nothing is left over."""
    world.look()
    assert world.violations == []
    runs = {run.id: run for run in world.runs()}
    assert set(world.started) <= set(runs), "an accepted run is missing"
    assert all(run.state in _GONE for run in runs.values()), "a run did not end"
    for run in runs.values():
        _check_result(world, run)
        _check_objects(run)
    _check_counts(runs.values())
    _check_batches(world, list(runs.values()))
    assert stored.waiting_items() == [], "something is still due"
    assert _in_flight() == [], "a run that has ended still counts as in flight"


def _check_result(world: World, run: Run) -> None:
    accepted = world.accepted.get(run.id, [])
    assert len(accepted) <= 1, "two results of one run were accepted"
    if run.state is State.DELETED:
        return
    if accepted:
        assert run.receipt is not None, "an accepted result is missing"
    if run.receipt is None:
        assert stored.keys(f"incoming/{run.id}/") == [], "a result that was stored has been passed over"
        return
    document = stored.document(f"products/{run.id}/document.json.gz")
    assert document == stored.document(run.receipt), "what is kept is not what was accepted"
    assert document in [*world.posted.get(run.id, []), *world.uploaded], "what is kept was never posted"
    assert accepted in ([], [document]), "what is kept is not the post that was accepted"
    assert run.status_message == document["message"], "one result's message stands beside another's data"
    assert (run.state is State.COMPLETED) == (document["status"] == "success")
    assert run.collected_at is not None
    made = {product["name"]: product["error"] for product in run.products}
    assert made.get("plots/0", "missing") is None
    assert made.get("results", "missing") is None


def _check_objects(run: Run) -> None:
    if run.state is State.DELETED:
        for prefix in (f"products/{run.id}/", f"incoming/{run.id}/", f"inputs/{run.id}"):
            assert stored.keys(prefix) == [], "a deleted run left objects"
        assert not [item for item in stored.items("analyses") if _is_sight_of(item, run.id)], "a group sees a ghost"


def _is_sight_of(item: dict, analysis_id: int) -> bool:
    return int(item["analysis_id"]) == analysis_id and item["sk"].startswith("seen#")


def _check_counts(runs) -> None:
    counts = [item for item in stored.items("sources") if item["sk"].startswith("~runs#")]
    completed = sum(run.state is State.COMPLETED for run in runs)
    assert [int(item.get("open_runs", 0)) for item in counts] == [0] * len(counts), "open runs are miscounted"
    assert sum(int(item.get("completed_runs", 0)) for item in counts) == completed, "completed runs are miscounted"


def _check_batches(world: World, runs: list[Run]) -> None:
    batches = {int(item["analysis_id"]): item for item in stored.items("analyses") if item["sk"] == BATCH_SK}
    assert set(world.batches) <= set(batches), "an accepted batch is missing"
    for batch_id, batch in batches.items():
        objects = [run.obj_id for run in runs if run.batch_id == batch_id]
        assert len(objects) == len(set(objects)), "a batch has two runs of one object"
        assert len(objects) == int(batch["created"]), "the runs of a batch are miscounted"
        assert int(batch["created"]) + int(batch["refused"]) == int(batch["total"]), "a batch was not expanded"


def _in_flight() -> list:
    return [item["in_flight"] for item in stored.items("analyses") if item.get("in_flight")]
