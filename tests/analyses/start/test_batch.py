import pytest

from chalicelib.analyses.items.batch import Batch
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.start import batch as module
from tests.support.aws_calls import recorded_aws_calls
from tests.support.people import make_group, make_user
from tests.support.worker import drain, take


@pytest.fixture
def sky(scene, monkeypatch):
    """A scene with three objects, in two chunks."""
    monkeypatch.setattr(module, "OBJECTS_A_CHUNK", 2)
    names = [scene.obj_id, f"{scene.obj_id}-b", f"{scene.obj_id}-c"]
    for name in names[1:]:
        source = {"id": name, "ra": 10.0, "dec": 20.0, "group_ids": [scene.group_id]}
        assert scene.user.post("/api/sources", source).status == 200
    return scene, names


def begin(scene, names, **options):
    body = {"analysis_service_id": scene.service_id, "obj_ids": names, **options}
    return scene.user.post("/api/analysis_batch", body).data["id"]


def progress(scene, batch_id):
    return scene.user.get(f"/api/analysis_batch/{batch_id}").data


def test_a_batch_starts_an_analysis_of_every_object(sky):
    scene, names = sky
    batch_id = begin(scene, [*names, names[0]], analysis_parameters={"source": "salt2"}, show_plots=True)
    assert progress(scene, batch_id)["waiting"] == 3
    drain()
    got = progress(scene, batch_id)
    assert (got["total"], got["created"], got["refused"], got["waiting"]) == (3, 3, 0, 0)
    assert got["by_state"] == {"pending": 3}
    assert {received.document["resource_id"] for received in scene.service.received} == set(names)
    assert {row["show_plots"] for row in scene.user.get("/api/obj/analysis", objID=names[1]).data} == {True}


def test_an_object_may_be_named_by_number(scene):
    source = {"id": 313853499549188102, "ra": 10.0, "dec": 20.0, "group_ids": [scene.group_id]}
    assert scene.user.post("/api/sources", source).data["id"] == "313853499549188102"
    batch_id = begin(scene, [313853499549188102, "313853499549188102"])
    drain()
    assert (progress(scene, batch_id)["total"], progress(scene, batch_id)["created"]) == (1, 1)
    assert [received.document["resource_id"] for received in scene.service.received] == ["313853499549188102"]


def test_what_is_refused_is_named_with_the_reason_and_stops_nothing(sky):
    scene, names = sky
    batch_id = begin(scene, [names[0], "unknown", names[1]])
    drain()
    got = progress(scene, batch_id)
    assert (got["created"], got["refused"]) == (2, 1)
    assert got["refusals"] == [
        {"obj_id": "unknown", "reason": "Error posting analysis: Obj unknown not found"},
    ]


def test_a_batch_of_ten_thousand_is_accepted_in_a_few_calls(scene):
    names = [f"SN{number}" for number in range(10_000)]
    scene.start()
    with recorded_aws_calls() as calls:
        batch_id = begin(scene, names)
    assert len(calls) <= 8
    module.on_message(*take("batch"))
    assert Batch.find(batch_id).total == 10_000
    assert len(take("batch")) == 200


def test_a_chunk_that_is_delivered_twice_or_dies_midway_doubles_nothing(sky, monkeypatch):
    scene, names = sky
    batch_id = begin(scene, names)
    module.on_message(*take("batch"))
    chunks = take("batch")
    real, made = module.start, []

    def die_after_one(*arguments):
        if made:
            raise MemoryError("killed")
        made.append(real(*arguments))
        return made[0]

    with monkeypatch.context() as patched:
        patched.setattr(module, "start", die_after_one)
        with pytest.raises(MemoryError):
            module.on_message(chunks[0])
    for message in [*chunks, *chunks]:
        module.on_message(message)
    got = progress(scene, batch_id)
    assert (got["created"], got["refused"]) == (3, 0)
    assert len(list(Run.by_service.query(scene.service_id))) == 3


def test_an_id_that_something_else_has_taken_is_replaced_and_only_once(sky):
    scene, names = sky
    batch_id = begin(scene, names)
    other = Run.find(scene.start())
    other.analysis_id = batch_id + 1
    other.save()
    module.on_message(*take("batch"))
    chunks = take("batch")
    for message in [*chunks, *chunks]:
        module.on_message(message)
    assert progress(scene, batch_id)["created"] == 3
    assert [Run.find(number).batch_id for number in (batch_id + 1, batch_id + 2, batch_id + 10_002)] == [
        None,
        batch_id,
        batch_id,
    ]
    assert len(list(Run.by_service.query(scene.service_id))) == 5  # with the other one and its copy


def test_a_lost_message_is_made_good_by_the_sweep(sky, clock):
    scene, names = sky
    batch_id = begin(scene, names)
    take("batch")
    clock.sweep_after(seconds=61)
    drain()
    assert progress(scene, batch_id)["created"] == 3
    clock.sweep_after(minutes=2)
    assert Batch.find(batch_id).due is None


def test_progress_follows_the_analyses_and_is_kept_when_all_have_ended(sky):
    scene, names = sky
    batch_id = begin(scene, names)
    drain()
    for got in scene.service.received:
        scene.answer(got.token)
    assert progress(scene, batch_id)["by_state"] == {"completed": 3}
    with recorded_aws_calls() as calls:
        assert progress(scene, batch_id)["by_state"] == {"completed": 3}
    assert calls == ["GetItem", "Query"]


def test_runs_of_a_batch_wait_up_to_a_day(sky):
    scene, names = sky
    batch_id = begin(scene, names[:1])
    drain()
    run = Run.find(batch_id + 1)
    assert (run.send_before - run.created_at).total_seconds() == 24 * 3600


def test_a_batch_is_its_authors(sky):
    scene, names = sky
    batch_id = begin(scene, names)
    colleague = make_user(scene.admin, groups=[scene.group_id])
    assert colleague.get(f"/api/analysis_batch/{batch_id}").error == (403, "Cannot access this batch of analyses.")
    assert scene.admin.get(f"/api/analysis_batch/{batch_id}").status == 200
    assert scene.user.get("/api/analysis_batch/1").error[0] == 403


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"obj_ids": []}, 400),
        ({"obj_ids": ["x"] * 10_001}, 400),
        ({"analysis_service_id": 99}, 403),
        ({"analysis_parameters": {"undeclared": 1}}, 400),
    ],
)
def test_what_can_be_refused_at_once_is(scene, changes, code):
    body = {"analysis_service_id": scene.service_id, "obj_ids": [scene.obj_id], **changes}
    assert scene.user.post("/api/analysis_batch", body).error[0] == code
    assert take("batch") == []


def test_a_batch_with_an_idempotency_key_is_accepted_once(sky):
    scene, names = sky
    body = {"analysis_service_id": scene.service_id, "obj_ids": names}
    headers = {"Idempotency-Key": "night 1"}
    ids = {scene.user.post("/api/analysis_batch", body, headers=headers).data["id"] for _ in range(2)}
    assert len(ids) == 1
    assert len(take("batch")) == 1


def test_an_administrator_starts_a_batch_for_a_group_of_others(sky):
    scene, names = sky
    manager = make_user(scene.admin, roles=["Group admin"])
    group_id = make_group(manager)
    body = {"analysis_service_id": scene.service_id, "obj_ids": names, "group_ids": [group_id]}
    batch_id = scene.admin.post("/api/analysis_batch", body).data["id"]
    drain()
    assert scene.admin.get(f"/api/analysis_batch/{batch_id}").data["created"] == 3
    runs = scene.admin.get("/api/obj/analysis").data
    groups = [scene.admin.get(f"/api/obj/analysis/{run['id']}").data["groups"] for run in runs]
    assert [[group["id"] for group in shared] for shared in groups] == [[group_id]] * 3


def test_files_among_the_parameters_of_a_batch_are_sent_whole_and_shown_by_name(sky):
    scene, names = sky
    cube = "data:image/fits;name=cube.fits;base64,QUJD"
    begin(scene, names, analysis_parameters={"cube": cube})
    drain()
    sent = [received.document["inputs"]["analysis_parameters"] for received in scene.service.received]
    assert sent == [{"cube": cube}] * 3
    for run in scene.user.get("/api/obj/analysis").data:
        assert scene.read(run["id"])["analysis_parameters"] == {"cube": "cube.fits"}


def test_an_empty_list_of_groups_stands_for_all_of_the_callers(sky):
    scene, names = sky
    begin(scene, names[:1])
    begin(scene, names[1:2], group_ids=[])
    drain()
    plain, empty = (scene.user.get("/api/obj/analysis", objID=name).data[0]["groups"] for name in names[:2])
    assert len(plain) > 1
    assert empty == plain


def test_blank_names_do_not_count_and_a_number_is_a_name(sky):
    scene, names = sky
    source = {"id": "313853499549188102", "ra": 10.0, "dec": 20.0, "group_ids": [scene.group_id]}
    assert scene.user.post("/api/sources", source).status == 200
    batch_id = begin(scene, ["", names[0], "  ", 313853499549188102])
    drain()
    got = progress(scene, batch_id)
    assert (got["total"], got["created"], got["refusals"]) == (2, 2, [])
    blank = {"analysis_service_id": scene.service_id, "obj_ids": ["", " "]}
    assert scene.user.post("/api/analysis_batch", blank).error[0] == 400
