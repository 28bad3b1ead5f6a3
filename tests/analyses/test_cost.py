"""What an operation costs does not grow with what its caller cannot see, nor with the number of groups."""

import pytest

from tests.support.capacity import metered
from tests.support.crowd import add_groups, add_runs
from tests.support.people import make_group
from tests.support.worker import drain


def reading(scene, analysis_id):
    """Every way to read, by name."""
    user, obj_id = scene.user, scene.obj_id
    return {
        "read": lambda: user.get(f"/api/obj/analysis/{analysis_id}"),
        "results": lambda: user.get(f"/api/obj/analysis/{analysis_id}/results"),
        "list of an object": lambda: user.get(f"/api/obj/{obj_id}/analysis"),
        "list of all": lambda: user.get("/api/obj/analysis"),
        "runs": lambda: user.get("/api/analysis_runs"),
        "failed runs": lambda: user.get("/api/analysis_runs", status="failure"),
        "list of a service": lambda: user.get("/api/obj/analysis", analysisServiceID=scene.service_id),
        "source with its analyses": lambda: user.get(f"/api/sources/{obj_id}", includeAnalyses="true"),
        "list of sources": lambda: user.get("/api/sources"),
        "services": lambda: user.get("/api/analysis_service"),
        "groups": lambda: user.get("/api/groups"),
    }


def cost_of(operation):
    operation()  # what the process remembers costs nothing the second time
    with metered() as meter:
        answer = operation()
    assert answer.status == 200
    return sorted(meter.calls), meter.reads, meter.writes


def costs(scene, analysis_id):
    return {name: cost_of(operation) for name, operation in reading(scene, analysis_id).items()}


def way_cost(scene):
    """What start, dispatch, webhook and collect use."""
    scene.start()
    drain()
    with metered() as meter:
        scene.start()
        drain()
        scene.answer(scene.service.received[-1].token)
        drain()
    return meter.calls, meter.reads, meter.writes


@pytest.fixture
def crowded(scene):
    """The scene with a finished analysis, and a foreign group that has the source and the service as well."""
    analysis_id = scene.start()
    drain()
    scene.answer(scene.service.received[0].token)
    drain()
    far = make_group(scene.admin)
    scene.admin.post("/api/sources", {"id": scene.obj_id, "group_ids": [far]})
    scene.admin.post("/api/sources", {"id": "far", "ra": 1.0, "dec": 2.0, "group_ids": [far]})
    public = scene.user.get("/api/groups/public").data["id"]

    def foreign(number):
        """Add analyses that the user cannot see: on the same object, and on one that the user cannot see."""
        add_runs(number, scene.obj_id, scene.service_id, {far})
        add_runs(number, "far", scene.service_id, {far, public})

    return analysis_id, foreign


def test_reading_costs_the_same_however_much_is_foreign(scene, crowded):
    analysis_id, foreign = crowded
    foreign(5)
    few = costs(scene, analysis_id)
    foreign(150)
    assert costs(scene, analysis_id) == few
    assert [row["id"] for row in scene.user.get("/api/obj/analysis").data] == [analysis_id]


def test_the_way_of_an_analysis_costs_the_same_however_many_there_are(scene, crowded):
    _, foreign = crowded
    foreign(5)
    few = way_cost(scene)
    foreign(150)
    assert way_cost(scene) == few


def test_nothing_costs_more_for_more_groups(scene, crowded):
    analysis_id, _ = crowded
    few = way_cost(scene)
    read = costs(scene, analysis_id)
    add_groups(200, first=10**6)
    assert costs(scene, analysis_id) == read
    assert way_cost(scene) == few


def test_runs_that_groups_have_to_themselves_are_listed_with_the_others_in_order(scene):
    other = make_group(scene.admin, members=[scene.user])
    ids = [scene.start(group_ids=groups) for groups in ([scene.group_id], None, [other], [scene.group_id, other], None)]
    for path in (f"/api/obj/{scene.obj_id}/analysis", "/api/obj/analysis"):
        assert [row["id"] for row in scene.user.get(path).data] == ids[::-1]
        assert [row["id"] for row in scene.admin.get(path).data] == ids[::-1]
    scene.user.delete(f"/api/obj/analysis/{ids[0]}")
    drain()
    assert [row["id"] for row in scene.user.get(f"/api/obj/{scene.obj_id}/analysis").data] == ids[:0:-1]
