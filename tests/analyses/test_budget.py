"""How many AWS calls an operation takes on a warm function: the budget of docs/architecture.md."""

from chalicelib.analyses.dispatch.dispatch import dispatch
from chalicelib.analyses.results.collect import collect
from tests.support.aws_calls import recorded_aws_calls
from tests.support.scene import SUCCESS
from tests.support.uploads import commit, form_of, send
from tests.support.worker import drain, take


def calls_of(operation):
    with recorded_aws_calls() as calls:
        operation()
    assert "Scan" not in calls
    return calls


def test_a_start_takes_three(scene):
    scene.start()
    assert calls_of(scene.start) == ["TransactGetItems", "TransactWriteItems", "SendMessage"]


def test_a_dispatch_takes_five(scene):
    scene.start()
    scene.start()
    first, second = take("dispatch")
    dispatch(first["run"], first["attempt"], first["timeout"])
    calls = calls_of(lambda: dispatch(second["run"], second["attempt"], second["timeout"]))
    assert calls == ["UpdateItem", "TransactGetItems", "Query", "PutObject", "UpdateItem"]


def test_a_webhook_takes_four(scene):
    for _ in range(2):
        scene.start()
    drain()
    first, second = [got.token for got in scene.service.received]
    scene.answer(first)
    assert calls_of(lambda: scene.answer(second)) == ["GetItem", "PutObject", "TransactWriteItems", "SendMessage"]


def test_a_refused_webhook_takes_one(scene):
    scene.start()
    drain()
    token = scene.service.received[0].token
    scene.answer(token)
    assert calls_of(lambda: scene.answer(token)) == ["GetItem"]


def test_a_collection_takes_four_whatever_the_number_of_products(scene):
    analysis_id = scene.start()
    drain()
    scene.answer(scene.service.received[0].token, SUCCESS)
    assert calls_of(lambda: collect(analysis_id)) == ["GetItem", "CopyObject", "Invoke", "UpdateItem"]


def test_a_posterior_takes_an_invocation_and_a_note_more(scene):
    analysis_id = scene.start()
    drain()
    posterior = {"posterior_samples": {"x": [1.0, 2.0, 4.0, 3.0]}}
    scene.answer(scene.service.received[0].token, {"status": "success", "analysis": SUCCESS["analysis"] | posterior})
    calls = ["GetItem", "CopyObject", "Invoke", "UpdateItem", "Invoke", "UpdateItem"]
    assert calls_of(lambda: collect(analysis_id)) == calls
    scene.user.get(f"/api/obj/analysis/{analysis_id}")
    path = f"/api/obj/analysis/{analysis_id}/corner"
    assert calls_of(lambda: scene.user.get(path)) == ["GetItem", "TransactGetItems", "GetObject"]
    drawn = ["GetItem", "TransactGetItems", "ListObjectsV2", "Invoke", "GetObject"]
    assert calls_of(lambda: scene.user.get(path, plot_kwargs='{"bins": 7}')) == drawn
    drawn.remove("Invoke")
    assert calls_of(lambda: scene.user.get(path, plot_kwargs='{"bins": 7}')) == drawn


def test_a_committed_upload_takes_four(scene):
    for _ in range(2):
        scene.start()
    drain()
    tokens = [got.token for got in scene.service.received]
    for token in tokens:
        send(form_of(token), SUCCESS)
    commit(tokens[0])
    calls = calls_of(lambda: commit(tokens[1]))
    assert calls == ["GetItem", "CopyObject", "TransactWriteItems", "SendMessage"]


def test_reading_takes_two_and_a_product_one_more(scene):
    analysis_id = scene.start()
    drain()
    scene.answer(scene.service.received[0].token)
    drain()
    path = f"/api/obj/analysis/{analysis_id}"
    scene.user.get(path)
    assert calls_of(lambda: scene.user.get(path)) == ["GetItem", "TransactGetItems"]
    for product in ("results", "plots/0"):
        calls = calls_of(lambda product=product: scene.user.get(f"{path}/{product}"))
        assert calls == ["GetItem", "TransactGetItems", "GetObject"]


def test_a_page_of_an_objects_analyses_takes_two(scene):
    for _ in range(5):
        scene.start()
    path = f"/api/obj/{scene.obj_id}/analysis"
    scene.user.get(path)
    assert calls_of(lambda: scene.user.get(path)) == ["Query", "TransactGetItems"]
