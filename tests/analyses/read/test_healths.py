"""How several services have been doing, asked at once."""

import pytest

from tests.support.aws_calls import recorded_aws_calls
from tests.support.people import make_group
from tests.support.scene import register
from tests.support.service import Reaction
from tests.support.worker import drain

PATH = "/api/analysis_health"


def test_services_are_told_by_id_and_foreign_ones_left_out(scene):
    foreign = register(scene.admin, make_group(scene.admin), scene.service.url)
    idle = register(scene.admin, scene.group_id, scene.service.url)
    scene.start()
    drain()
    scene.answer(scene.service.received[0].token)
    found = scene.user.get(PATH, ids=f"{scene.service_id},{idle},{foreign},987654").data
    assert set(found) == {str(scene.service_id), str(idle)}
    mine = found[str(scene.service_id)]
    assert mine["by_state"] == {"completed": 1}
    assert mine["window"]["most"] == 50
    assert mine["circuit"]["state"] == "closed"
    assert [(run["status"], run["seconds"] is not None) for run in mine["recent"]] == [("completed", True)]
    assert found[str(idle)]["recent"] == []
    whole = scene.user.get(f"/api/analysis_service/{scene.service_id}/health").data
    assert {**whole, "window": None} == {**mine, "window": None}


def test_a_failing_service_shows_it(scene):
    scene.service.reaction = Reaction(500)
    scene.start()
    drain()
    found = scene.user.get(PATH, ids=scene.service_id).data[str(scene.service_id)]
    assert found["circuit"]["failures"] == 1


def test_it_takes_a_call_for_each_service_and_is_remembered(scene):
    ids = [scene.service_id, *(register(scene.admin, scene.group_id, scene.service.url) for _ in range(3))]
    for _ in range(3):
        scene.start()
    text = ",".join(map(str, ids))
    scene.user.get("/api/acls")
    with recorded_aws_calls() as calls:
        scene.user.get(PATH, ids=text)
    assert calls == ["BatchGetItem", *["Query"] * 4, "BatchGetItem", "TransactGetItems"]
    with recorded_aws_calls() as calls:
        scene.user.get(PATH, ids=text)
    assert calls == ["BatchGetItem"]


@pytest.mark.parametrize("ids", ["x", "-1", "1,b", ",".join(map(str, range(101)))])
def test_nonsense_is_refused(scene, ids):
    assert scene.user.get(PATH, ids=ids).error[0] == 400
    assert scene.user.get(PATH).error[0] == 400
    assert scene.user.get(PATH, ids="").data == {}
