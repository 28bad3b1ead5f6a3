"""The corner plot as a caller gets it, whatever the posterior looks like."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from tests.support.netcdf import netcdf_file
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
def test_an_argument_that_cannot_be_used_is_a_400_that_names_it(scene, returned, kwargs, named):
    samples = {"x": np.arange(50.0).tolist(), "y": np.sin(np.arange(50.0)).tolist()}

    code, message = scene.user.get(returned({"posterior_samples": samples}), {"plot_kwargs": kwargs}).error

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
