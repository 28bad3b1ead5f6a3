"""The corner plot as a caller gets it, whatever the posterior looks like."""

import base64
import io
import json
import os
import time
from datetime import timedelta

import numpy as np
import pytest
from PIL import Image

from chalicelib import aws, clients
from chalicelib.settings import settings
from infra.local.products.function import IsolatedFunctions
from infra.local.products.pool import IsolatedFunction
from tests.support.aws_calls import recorded_aws_calls
from tests.support.netcdf import netcdf_file
from tests.support.scene import PNG, stored
from tests.support.worker import drain


@pytest.fixture
def returned(scene):
    """Run an analysis that returns this, and give the path of its corner plot."""

    def run(analysis, *, collected=True):
        analysis_id = scene.start()
        drain()
        posted = {"status": "success", "analysis": analysis}
        assert scene.answer(scene.service.received[-1].token, posted).status == 200
        if collected:
            drain()
        return f"/api/obj/analysis/{analysis_id}/corner"

    return run


@pytest.fixture
def known(ended):
    """Begin with an analysis that has returned this, and give the path of its corner plot."""
    return lambda analysis: f"/api/obj/analysis/{ended(analysis)}/corner"


def inference_data(*arguments):
    return {"inference_data": {"format": "netcdf4", "data": base64.b64encode(netcdf_file(*arguments)).decode()}}


def pixels(answer):
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/png"), answer.body
    return np.asarray(Image.open(io.BytesIO(answer.body)).convert("RGB"))


def test_packed_samples_are_drawn_as_they_are_meant_and_missing_ones_not_at_all(scene, returned):
    random = np.random.default_rng(8)
    stored = random.normal(100, 30, (2, 100)).astype("i2")
    stored[0, 3], other = -32768, random.normal(0, 1, (2, 100))

    def describe(file):
        file["posterior/mu"].attrs.update({"scale_factor": 0.01, "add_offset": 20.0, "_FillValue": np.int16(-32768)})

    packed = scene.user.get(returned(inference_data({"mu": stored, "x1": other}, describe)))
    here = stored.ravel() != -32768
    samples = {"mu": (stored.ravel() * 0.01 + 20.0)[here].tolist(), "x1": other.ravel()[here].tolist()}
    plain = scene.user.get(returned({"posterior_samples": samples}))

    assert np.array_equal(pixels(packed), pixels(plain))


def test_an_attribute_of_the_wrong_kind_is_a_sentence(scene, returned):
    def describe(file):
        file["posterior/x1"].attrs["scale_factor"] = "a hundredth"

    code, message = scene.user.get(returned(inference_data(None, describe))).error

    assert code == 404
    assert "scale_factor of x1" in message


def test_variables_that_were_not_sampled_change_nothing(scene, returned):
    def add(file):
        band = file["posterior"].create_dataset("band", data=np.arange(5))
        band.make_scale("band")
        wave = file["posterior"].create_dataset("wave", data=np.linspace(300.0, 900.0, 5))
        wave.dims[0].attach_scale(band)
        file["posterior/names"] = np.array([b"g", b"r", b"i", b"z", b"y"])

    with_more = scene.user.get(returned(inference_data(None, add)))

    assert np.array_equal(pixels(with_more), pixels(scene.user.get(returned(inference_data()))))


@pytest.mark.parametrize("key", ["posterior_samples", "posteriors"])
def test_samples_may_come_as_chains_of_draws(scene, returned, key):
    x, y = np.random.default_rng(3).normal(size=(2, 4, 50))
    nested, flat = {"x": x.tolist(), "y": y.tolist()}, {"x": x.ravel().tolist(), "y": y.ravel().tolist()}
    chains = {key: nested if key == "posterior_samples" else {"salt3": nested}}

    assert np.array_equal(
        pixels(scene.user.get(returned(chains))), pixels(scene.user.get(returned({"posterior_samples": flat})))
    )


def test_a_time_that_is_known_to_a_ten_thousandth_of_a_second_is_drawn(scene, returned):
    random = np.random.default_rng(1)
    time, mass = random.normal(1187008882.43, 1e-4, 500), random.normal(28.1, 0.3, 500)

    both = pixels(scene.user.get(returned({"posterior_samples": {"geocent_time": time.tolist(), "m": mass.tolist()}})))
    one = pixels(scene.user.get(returned({"posterior_samples": {"geocent_time": [1.0] * 500, "m": mass.tolist()}})))

    assert both.shape == (550, 550, 3)
    assert one.shape == (340, 340, 3)


@pytest.mark.parametrize(
    ("kwargs", "named"),
    [
        ({"nosuch": 1}, "nosuch"),
        ({"bins": "many"}, "bins"),
        ({"color": "nosuchcolour"}, "nosuchcolour"),
        ({"labels": ["one"]}, "labels"),
        ({"truths": [1, 2, 3]}, "truths"),
        ({"range": [[50, 60], [50, 60]]}, "range"),
        ({"var_names": ["x", "nothing"]}, "nothing"),
    ],
)
def test_an_argument_that_cannot_be_used_is_a_400_that_names_it(scene, known, kwargs, named):
    samples = {"x": np.arange(50.0).tolist(), "y": np.sin(np.arange(50.0)).tolist()}

    code, message = scene.user.get(known({"posterior_samples": samples}), {"plot_kwargs": kwargs}).error

    assert code == 400
    assert named in message


def test_parameters_are_chosen_by_name(scene, returned):
    random = np.random.default_rng(2)
    samples = {f"p{number}": random.normal(size=60).tolist() for number in range(4)} | {
        "theta": random.normal(size=(2, 30, 1, 2)).tolist()
    }
    path = returned({"posterior_samples": samples})
    two = pixels(scene.user.get(returned({"posterior_samples": {"p3": samples["p3"], "p1": samples["p1"]}})))

    by_query = pixels(scene.user.get(path, var_names="p3, p1"))
    by_kwargs = pixels(scene.user.get(path, {"plot_kwargs": {"var_names": ["p3", "p1"]}}))
    by_text = pixels(scene.user.get(path, plot_kwargs='{"var_names": ["p0"]}', var_names="p3,p1"))
    elements = pixels(scene.user.get(path, var_names="theta[0,1],p1"))

    assert np.array_equal(by_query, two)
    assert np.array_equal(by_kwargs, two)
    assert np.array_equal(by_text, two)
    assert elements.shape == two.shape
    assert not np.array_equal(elements, two)
    assert scene.user.get(path, var_names="p3,p9").error[0] == 400
    assert "'p9'" in scene.user.get(path, var_names="p3,p9").error[1]


TWO = {"x": np.arange(50.0).tolist(), "y": np.sin(np.arange(50.0)).tolist()}


@pytest.mark.parametrize("collected", [True, False], ids=["collected", "not yet"])
def test_the_file_is_named_after_object_service_and_analysis(scene, returned, collected):
    plot = {"format": "png", "data": base64.b64encode(PNG).decode()}
    path = returned({"posterior_samples": TWO, "plots": [plot]}, collected=collected)
    analysis_id = path.split("/")[-2]
    service = scene.admin.get(f"/api/analysis_service/{scene.service_id}").data["name"].replace(" ", "_")
    stem = f"{scene.obj_id}_{service}_{analysis_id}"

    assert f'filename="{stem}_corner.png"' in scene.user.get(path).headers["Content-Disposition"]
    assert f'filename="{stem}_corner.png"' in scene.user.get(path, var_names="x").headers["Content-Disposition"]
    plotted = scene.user.get(path.replace("corner", "plots/0"))
    assert f'filename="{stem}_plot_0.png"' in plotted.headers["Content-Disposition"]


def test_each_set_of_arguments_has_a_tag_of_its_own_that_stays(scene, known):
    path = known({"posterior_samples": TWO})
    sets = [{}, {"bins": 20}, {"bins": 21}, {"show_titles": True}, {"var_names": ["x"]}, {"var_names": ["x", "y"]}]

    tags = [scene.user.get(path, {"plot_kwargs": kwargs}).headers["ETag"] for kwargs in sets]
    again = [scene.user.get(path, {"plot_kwargs": kwargs}).headers["ETag"] for kwargs in sets]

    assert tags == again
    assert len(set(tags)) == len(sets)
    assert all(tag.startswith('"') and tag.endswith('"') for tag in tags)


def test_the_same_arguments_in_another_order_are_the_same_plot(scene, known):
    path = known({"posterior_samples": TWO})

    one = scene.user.get(path, plot_kwargs='{"bins": 9, "smooth": 1}')
    other = scene.user.get(path, {"plot_kwargs": {"smooth": 1, "bins": 9}})

    assert one.headers["ETag"] == other.headers["ETag"]


@pytest.mark.parametrize("query", [{}, {"plot_kwargs": '{"bins": 9}'}, {"var_names": "y"}], ids=str)
@pytest.mark.parametrize("product", ["corner", "plots/0"])
def test_head_says_what_get_says(scene, known, query, product):
    plot = {"format": "png", "data": base64.b64encode(PNG).decode()}
    path = known({"posterior_samples": TWO, "plots": [plot]}).replace("corner", product)

    head, got = scene.user.head(path, **query), scene.user.get(path, **query)

    assert head.status == got.status == 200
    assert len(head.body) == len(got.body)  # of which the gateway sends the length alone
    for name in ("ETag", "Content-Type", "Content-Disposition", "Accept-Ranges"):
        assert head.headers[name] == got.headers[name]


@pytest.mark.parametrize("product", ["corner", "plots/0"])
def test_what_the_caller_has_is_not_sent_again_and_parts_are(scene, known, product):
    plot = {"format": "png", "data": base64.b64encode(PNG).decode()}
    path = known({"posterior_samples": TWO, "plots": [plot]}).replace("corner", product)
    whole = scene.user.get(path)
    tag, size = whole.headers["ETag"], len(whole.body)

    def get(**headers):
        return scene.user.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    for condition in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = get(If_None_Match=condition)
        assert (answer.status, answer.body, answer.headers["ETag"]) == (304, b"", tag)
    assert get(If_None_Match='"other"').status == 200
    for wanted, part in (
        ("bytes=0-9", whole.body[:10]),
        ("bytes=10-", whole.body[10:]),
        ("bytes=-5", whole.body[-5:]),
        (f"bytes=5-{size * 9}", whole.body[5:]),
        (f"bytes=-{size * 9}", whole.body),
    ):
        answer = get(Range=wanted)
        assert (answer.status, answer.body) == (206, part)
        assert answer.headers["Content-Range"].endswith(f"/{size}")
        assert answer.headers["ETag"] == tag
    assert get(Range="bytes=3-7").headers["Content-Range"] == f"bytes 3-7/{size}"
    for wanted in (f"bytes={size}-", f"bytes={size + 5}-{size + 9}", "bytes=-0"):
        answer = get(Range=wanted)
        assert answer.error[0] == 416
        assert answer.headers["Content-Range"] == f"bytes */{size}"
    for nonsense in ("bytes=7-3", "bytes=-", "bytes=0-1,5-6", "lines=0-1", "bytes=a-b", ""):
        assert (get(Range=nonsense).status, get(Range=nonsense).body) == (200, whole.body)
    assert get(Range="bytes=0-9", If_Range=tag).status == 206
    assert get(Range="bytes=0-9", If_Range='"older"').status == 200


def many(parameters, draws=40):
    random = np.random.default_rng(9)
    return {f"p{number:02d}": random.normal(size=draws).tolist() for number in range(parameters)}


def assert_waiting(answer):
    assert answer.error[0] == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_a_large_plot_that_the_collector_is_about_to_draw_is_waited_for(scene, returned):
    path = returned({"posterior_samples": many(13), "results": {"z": 0.5}}, collected=False)

    assert_waiting(scene.user.get(path))
    assert_waiting(scene.user.head(path))
    assert scene.user.get(path.replace("corner", "results")).data == {"z": 0.5}
    assert_waiting(scene.user.get(path))
    drain()
    assert pixels(scene.user.get(path)).shape[0] > 2000


def test_a_large_plot_with_arguments_is_drawn_while_callers_are_told_to_ask_again(scene, returned):
    path = returned({"posterior_samples": many(13)}, collected=False)
    kwargs = '{"bins": 4, "plot_density": false, "show_titles": false}'

    assert_waiting(scene.user.get(path, plot_kwargs=kwargs))
    end = time.monotonic() + 90
    while (answer := scene.user.get(path, plot_kwargs=kwargs)).status == 503 and time.monotonic() < end:
        assert_waiting(answer)
        time.sleep(0.5)

    assert pixels(answer).shape[0] > 2000
    with recorded_aws_calls() as calls:
        assert scene.user.get(path, plot_kwargs=kwargs).headers["ETag"] == answer.headers["ETag"]
    assert "Invoke" not in calls


def test_of_more_parameters_than_fit_some_can_be_chosen(scene, returned):
    samples = many(35)
    two = pixels(scene.user.get(returned({"posterior_samples": {name: samples[name] for name in ("p03", "p34")}})))
    path = returned({"posterior_samples": samples}, collected=False)

    assert np.array_equal(pixels(scene.user.get(path, var_names="p03,p34")), two)


@pytest.fixture
def overwhelmed(monkeypatch):
    """A products function that never answers, and callers who do not wait long."""
    name = os.environ["SIDEROSTAT_PRODUCTS_FUNCTION"]
    monkeypatch.setattr("chalicelib.analyses.read.corner.WAIT_SECONDS", 0.3)
    with IsolatedFunctions(IsolatedFunction(name, "tests.infra.handlers:overrun", seconds=1, processes=4)) as function:
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", function.url)
        clients.forget("lambda")
        yield function
    monkeypatch.undo()
    clients.forget("lambda")


def test_a_plot_that_takes_too_long_is_waited_for_tried_once_more_and_given_up(
    scene, returned, monkeypatch, overwhelmed
):
    path = returned({"posterior_samples": TWO}, collected=False)

    def ask():
        with recorded_aws_calls() as calls:
            answer = scene.user.get(path, plot_kwargs='{"bins": 9}')
        return answer, "Invoke" in calls

    answer, has_begun = ask()
    assert_waiting(answer)
    assert has_begun
    answer, has_begun = ask()
    assert_waiting(answer)
    assert not has_begun
    monkeypatch.setattr("chalicelib.analyses.read.made_once._MAKING", timedelta(0))
    answer, has_begun = ask()
    assert_waiting(answer)
    assert has_begun
    answer, has_begun = ask()
    assert answer.error[0] == 404
    assert "var_names" in answer.error[1]
    assert not has_begun
    monkeypatch.setattr("chalicelib.analyses.read.made_once._FORGOTTEN", timedelta(0))
    assert_waiting(ask()[0])


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ({"name": "plot_kwargs", "error": "range: nothing."}, 400),
        ({"name": "corner", "error": "There are too few samples to draw."}, 404),
        ({"name": "corner", "error": "x", "key": "products/1/document.json.gz"}, 404),
        ("no row", 404),
    ],
)
def test_why_a_plot_could_not_be_drawn_in_the_background_is_told(scene, returned, overwhelmed, row, status):
    path = returned({"posterior_samples": TWO}, collected=False)
    assert_waiting(scene.user.get(path, plot_kwargs='{"bins": 4}'))
    prefix = f"products/{path.split('/')[-2]}/"
    (key,) = [key for key in stored(prefix) if "corner-" in key]
    problem = row if isinstance(row, str) else {"key": None, "content_type": None, "size": None, **row}
    aws.s3().put_object(
        Bucket=settings().bucket, Key=key.partition(".")[0] + ".json", Body=json.dumps(problem).encode()
    )
    aws.s3().delete_object(Bucket=settings().bucket, Key=key)

    code, message = scene.user.get(path, plot_kwargs='{"bins": 4}').error

    assert code == status
    if isinstance(row, dict) and "key" not in row:
        assert row["error"] in message
