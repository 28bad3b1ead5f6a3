"""Concurrency and values on DynamoDB Local: the embedded DynamoDB is serialized, so it proves nothing about either."""

import os
import threading
from datetime import datetime

import pytest

from chalicelib.analyses.dispatch.dispatch import dispatch
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.items.run_count import RunCount
from chalicelib.analyses.states import State
from chalicelib.settings import settings
from chalicelib.sources.items.source import Source
from tests.faults import dynamodb_local
from tests.support.api import Api
from tests.support.parallel import at_once
from tests.support.people import make_group, make_user
from tests.support.scene import SUCCESS, make_scene, stored, stored_json
from tests.support.service import Reaction
from tests.support.sky import make_sky, make_source
from tests.support.worker import drain, take

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("dynamodb-local")]

AT_ONCE = 32


@pytest.fixture(scope="module")
def url(stack):
    """A DynamoDB Local of this module; where it cannot run the tests are skipped, aloud."""
    try:
        with dynamodb_local.running() as running:
            yield running
    except dynamodb_local.Unavailable as reason:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"DynamoDB Local: {reason}")


@pytest.fixture
def admin(stack, url):
    """The first administrator's client, whose tables lie in DynamoDB Local."""
    stack.empty()
    with dynamodb_local.used(url):
        yield Api(os.environ["SIDEROSTAT_ADMIN_TOKEN"])


@pytest.fixture
def scene(admin, service):
    return make_scene(admin, service)


@pytest.fixture
def setting(monkeypatch):
    """Change a setting for a test."""

    def change(name, value):
        monkeypatch.setenv(f"SIDEROSTAT_{name}", str(value))
        settings.cache_clear()

    yield change
    monkeypatch.undo()
    settings.cache_clear()


def open_runs(scene):
    return RunCount.get(scene.obj_id, RunCount.key(scene.user.user_id)).open_runs


def test_of_many_results_at_once_exactly_one_is_accepted_and_whole(scene):
    analysis_id = scene.start()
    drain()
    token = scene.service.received[0].token

    def post(number):
        analysis = {"results": {"format": "json", "data": {"number": number}}}
        return scene.answer(token, {**SUCCESS, "message": f"result {number}", "analysis": analysis}).status

    statuses = at_once(post, range(AT_ONCE))
    assert sorted(statuses) == [200] + [403] * (AT_ONCE - 1)
    record = scene.read(analysis_id)
    assert record["status_message"] == f"result {statuses.index(200)}"
    (receipt,) = stored(f"incoming/{analysis_id}/")
    assert stored_json(receipt)["message"] == record["status_message"]
    assert open_runs(scene) == 0


def test_starts_at_once_do_not_pass_the_limit_of_open_runs(scene, setting):
    setting("MAX_OPEN_ANALYSES", 5)
    path = f"/api/obj/{scene.obj_id}/analysis/{scene.service_id}"
    answers = at_once(lambda _: scene.user.post(path), range(AT_ONCE))
    assert sorted(answer.status for answer in answers) == [200] * 5 + [400] * (AT_ONCE - 5)
    assert open_runs(scene) == 5
    assert len(scene.user.get("/api/obj/analysis").data) == 5


def test_one_message_delivered_many_times_at_once_is_sent_once(scene):
    scene.start()
    (message,) = take("dispatch")

    def deliver(_):
        try:
            dispatch(message["run"], message["attempt"], message["timeout"])
        except Exception as held:  # noqa: BLE001 - a lease that is held brings the message back
            return type(held).__name__
        return "done"

    assert set(at_once(deliver, range(AT_ONCE))) <= {"done", "LeaseHeld"}
    assert len(scene.service.received) == 1


def test_max_in_flight_holds_exactly_and_returns_to_zero(scene):
    limits = {"max_in_flight": 3}
    assert scene.admin.put(f"/api/analysis_service/{scene.service_id}/limits", limits).status == 200
    ids = [scene.start() for _ in range(12)]
    messages = take("dispatch")
    at_once(lambda message: dispatch(message["run"], message["attempt"], message["timeout"]), messages)
    assert len(scene.service.received) == 3
    for answered in range(len(ids)):
        drain()
        assert len(scene.service.received) <= answered + 3
        if answered < len(scene.service.received):
            assert scene.answer(scene.service.received[answered].token).status == 200
    drain()
    assert {run.state for run in map(Run.find, ids)} == {State.COMPLETED}


def test_a_cancelled_race_between_deletion_and_result_leaves_no_ghost(scene):
    ids = [scene.start() for _ in range(8)]
    drain()
    doings = [lambda got=got: scene.answer(got.token).status for got in scene.service.received]
    doings += [lambda one=one: scene.user.delete(f"/api/obj/analysis/{one}").status for one in ids]
    statuses = at_once(lambda do: do(), doings)
    assert set(statuses[len(ids) :]) == {200}
    drain()
    assert {run.state for run in map(Run.find, ids)} == {State.DELETED}
    count = RunCount.get(scene.obj_id, RunCount.key(scene.user.user_id))
    assert (count.open_runs, count.completed_runs) == (0, 0)
    assert stored("products/") == stored("incoming/") == []


def test_the_statistics_of_photometry_posted_at_once_are_those_of_one_post(admin):
    sky = make_sky(admin)
    at_once_source, one_post_source = (sky.with_source(make_source(sky.user, group_ids=[sky.group_id])) for _ in "ab")
    columns = [{"mjd": [59000.5 + n], "filter": ["ztfg"], "flux": [100.0 + n], "fluxerr": [5.0]} for n in range(16)]
    at_once(lambda column: at_once_source.upload(**column), columns)
    one_post_source.upload(**{name: [column[name][0] for column in columns] for name in columns[0]})
    changing = {"obj_id", "id", "created_at", "modified", "last_update", "last_full_update", "last_phot_add_time"}
    first, second = (
        {name: value for name, value in one.statistics().items() if name not in changing}
        for one in (at_once_source, one_post_source)
    )
    assert first == second
    assert len(at_once_source.photometry()) == 16


def test_groups_of_one_name_at_once_are_one_group(admin):
    statuses = at_once(lambda _: admin.post("/api/groups", {"name": "wanted by all"}).status, range(8))
    assert statuses.count(200) == 1


def test_numbers_texts_and_sets_come_back_as_they_were(admin, service):
    scene = make_scene(admin, service)
    awkward = {"fifty": 50.0, "large": list(range(5000)), "empty": "", "none": None, "nested": {"ü": [1e300, -0.0]}}
    analysis_id = scene.start(analysis_parameters={"source": "salt2"})
    run = Run.find(analysis_id)
    run.update(
        actions=[
            Run.timeout.set(50.0),
            Run.analysis_parameters.set(awkward),
            Run.status_message.set(""),
            Run.author_group_ids.remove(),
            Run.group_ids.set({1, 2**53 - 1}),
            Run.created_at.set(datetime(2026, 1, 1)),
            Run.model.set(b"\x00\xff"),
        ]
    )
    found = Run.find(analysis_id)
    assert isinstance(found.timeout, float)
    assert found.timeout == 50.0
    assert found.analysis_parameters == awkward
    assert found.status_message == ""
    assert not found.author_group_ids
    assert found.group_ids == {1, 2**53 - 1}
    assert found.created_at == datetime(2026, 1, 1)
    assert found.model == b"\x00\xff"


def test_a_source_and_its_points_come_back_with_floats(admin):
    sky = make_sky(admin)
    obj_id = make_source(sky.user, group_ids=[sky.group_id], ra=50.0, dec=-10.0, redshift=0.0)
    sky = sky.with_source(obj_id)
    sky.upload(mjd=[59000.0], filter=["ztfg"], flux=[100.0], fluxerr=[5.0], altdata=[{"empty": "", "list": [50.0, []]}])
    assert isinstance(Source.get(obj_id, "source").ra, float)
    record = sky.user.get(sky.source).data
    assert (record["ra"], record["dec"], record["redshift"]) == (50.0, -10.0, 0.0)
    (point,) = sky.photometry(format="flux")
    assert (point["mjd"], point["altdata"]) == (59000.0, {"empty": "", "list": [50.0, []]})


def test_a_user_without_groups_of_their_own_sees_only_what_is_public(admin):
    group_id, loner = make_group(admin), make_user(admin)
    assert group_id not in {group["id"] for group in loner.get("/api/groups").data["user_groups"]}


def test_a_lease_is_held_while_the_service_takes_its_time(scene):
    scene.start()
    (message,) = take("dispatch")
    entered, leave = threading.Event(), threading.Event()

    def slowly(_got):
        entered.set()
        leave.wait(20)
        return Reaction()

    scene.service.react = slowly
    sending = threading.Thread(target=dispatch, args=(message["run"], message["attempt"], message["timeout"]))
    sending.start()
    assert entered.wait(20)
    with pytest.raises(Exception, match="another dispatcher"):
        dispatch(message["run"], message["attempt"], message["timeout"])
    leave.set()
    sending.join()
    assert len(scene.service.received) == 1


def test_annotations_and_classifications_at_once_are_all_in_the_list_until_they_are_deleted(admin):
    sky = make_sky(admin)
    obj_id = make_source(sky.user, group_ids=[sky.group_id])
    path = f"/api/sources/{obj_id}/annotations"
    tree = {"name": "tree", "version": "1", "hierarchy": {"class": "Ia"}}
    classification = {"obj_id": obj_id, "classification": "Ia"}
    classification["taxonomy_id"] = admin.post("/api/taxonomy", tree).data["taxonomy_id"]

    def write(number):
        if number % 2:
            return sky.user.post("/api/classification", classification).data["classification_id"]
        return sky.user.post(path, {"origin": f"origin {number}", "data": {}}).data["annotation_id"]

    def listed():
        (record,) = sky.user.get("/api/sources", group_ids=sky.group_id).data["sources"]
        return [{one["id"] for one in record[kind]} for kind in ("annotations", "classifications")]

    ids = at_once(write, range(12))
    assert listed() == [set(ids[::2]), set(ids[1::2])]
    at_once(lambda number: sky.user.delete(f"{path}/{number}").data, ids[::2])
    at_once(lambda number: sky.user.delete(f"/api/classification/{number}").data, ids[1::2])
    assert listed() == [set(), set()]
    write(0)
    assert [len(kind) for kind in listed()] == [1, 0]


def test_neighbours_are_found_by_position(admin):
    sky = make_sky(admin)
    here, there = (make_source(sky.user, ra=ra, dec=89.9995, group_ids=[sky.group_id]) for ra in (0.0, 359.95))
    assert [one["obj_id"] for one in sky.user.get(f"/api/sources/{here}").data["duplicates"]] == [there]
    assert [one["obj_id"] for one in sky.user.get(f"/api/sources/{there}").data["duplicates"]] == [here]
