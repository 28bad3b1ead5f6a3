"""Samples to work with, through the API: from netCDF and from JSON lists, as columns and as CSV."""

import csv
import io

import numpy as np
import pytest
import requests

from tests.support.completed import completed, inference_data
from tests.support.netcdf import netcdf_file
from tests.support.parallel import at_once
from tests.support.worker import drain

SAMPLES = {"z": [0.1, 0.2, 0.3, 0.4], "t0": [1.0, None, 3.0, 4.0]}
RANDOM = np.random.default_rng(4)
VARIABLES = {"t0": RANDOM.normal(59000, 0.1, (4, 25)), "theta": RANDOM.normal(size=(4, 25, 3))}


def path(analysis_id):
    return f"/api/obj/analysis/{analysis_id}/posterior"


@pytest.fixture
def chains(scene, ended):
    """A run whose service returned four chains, one variable of which has a further dimension."""
    return ended({"inference_data": inference_data(netcdf_file(VARIABLES))})


def test_netcdf_as_columns(scene, chains):
    columns = scene.user.get(path(chains)).data["columns"]
    assert list(columns) == ["chain", "draw", "t0", "theta[0]", "theta[1]", "theta[2]"]
    assert columns["t0"] == VARIABLES["t0"].ravel().tolist()
    assert columns["theta[1]"] == VARIABLES["theta"][:, :, 1].ravel().tolist()
    assert columns["chain"] == np.repeat(range(4), 25).tolist()


def test_netcdf_as_csv(scene, chains):
    answer = scene.user.get(path(chains), format="csv", thin=5, var_names="theta[2],t0")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].endswith(f'_{chains}_posterior.csv"')
    header, *rows = csv.reader(io.StringIO(answer.body.decode()))
    assert header == ["theta[2]", "t0"]
    thinned = [VARIABLES["theta"][:, ::5, 2].ravel(), VARIABLES["t0"][:, ::5].ravel()]
    assert np.array(rows, float).T.tolist() == [one.tolist() for one in thinned]


@pytest.mark.parametrize("collected", [True, False], ids=["collected", "not yet"])
@pytest.mark.parametrize("sent", [{"posterior_samples": SAMPLES}, {"posteriors": {"salt2": SAMPLES}}])
def test_samples_that_came_as_lists(scene, collected, sent):
    analysis_id = completed(scene, sent, collected=collected)
    assert scene.user.get(path(analysis_id)).data == {"columns": SAMPLES}
    assert scene.user.get(path(analysis_id), thin=3).data == {"columns": {"z": [0.1, 0.4], "t0": [1.0, 4.0]}}
    assert scene.user.get(path(analysis_id), format="csv").body == b"z,t0\n0.1,1.0\n0.2,\n0.3,3.0\n0.4,4.0\n"
    if collected:
        below = f"/api/obj/analysis/{analysis_id}"
        listed = {one["kind"]: one["state"] for one in scene.user.get(f"{below}/products").data["products"]}
        assert listed["posterior"] == "ready"


def test_netcdf_before_it_is_collected(scene):
    analysis_id = completed(scene, {"inference_data": inference_data()}, collected=False)
    assert set(scene.user.get(path(analysis_id)).data["columns"]) == {"chain", "draw", "t0", "x1"}


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"thin": 0}, "thin"),
        ({"thin": -1}, "thin"),
        ({"thin": "two"}, "thin"),
        ({"thin": 1.5}, "thin"),
        ({"thin": 10**30}, "thin"),
        ({"format": "parquet"}, "format"),
        ({"var_names": "z,nope"}, "nope"),
        ({"var_names": "x" * 20_000}, "var_names"),
    ],
)
def test_what_cannot_be_is_refused_by_name(scene, ended, query, named):
    analysis_id = ended({"posterior_samples": SAMPLES})
    for _ in range(2):
        code, message = scene.user.get(path(analysis_id), **query).error
        assert (code, named in message) == (400, True)


def test_a_huge_thin_gives_the_first_draw(scene, ended):
    analysis_id = ended({"posterior_samples": SAMPLES})
    assert scene.user.get(path(analysis_id), thin=2**53 - 1).data == {"columns": {"z": [0.1], "t0": [1.0]}}


def test_names_with_commas_and_of_any_script(scene):
    samples = {"a,b": [1.0, 2.0], "µ [星]": [3.0, 4.0], "b": [5.0, 6.0]}
    analysis_id = completed(scene, {"posterior_samples": samples})
    assert scene.user.get(path(analysis_id)).data["columns"] == samples
    assert scene.user.get(path(analysis_id), var_names="a,b").data["columns"] == {"a,b": [1.0, 2.0]}
    assert list(scene.user.get(path(analysis_id), var_names="b,a,b").data["columns"]) == ["b", "a,b"]
    answer = scene.user.get(path(analysis_id), format="csv", var_names="µ [星],a,b")
    assert answer.body.decode().splitlines()[0] == 'µ [星],"a,b"'


def test_there_is_a_tag_a_head_and_parts(scene, chains):
    for form in ("json", "csv"):
        whole = scene.user.get(path(chains), format=form)
        head = scene.user.head(path(chains), format=form)
        assert (head.headers["ETag"], len(head.body)) == (whole.headers["ETag"], len(whole.body))
        part = scene.user.get(path(chains), format=form, headers={"Range": "bytes=-5"})
        assert (part.status, part.body) == (206, whole.body[-5:])
        unchanged = scene.user.get(path(chains), format=form, headers={"If-None-Match": whole.headers["ETag"]})
        assert unchanged.status == 304


def test_what_is_large_is_led_to(scene, chains, monkeypatch):
    direct = {form: scene.user.get(path(chains), format=form) for form in ("json", "csv")}
    monkeypatch.setattr("chalicelib.analyses.read.product_file.MOST_INLINE_BYTES", 10)
    for form, answer in direct.items():
        led = scene.user.get(path(chains), format=form)
        found = requests.get(led.headers["Location"], timeout=5)
        assert (led.status, found.content) == (307, answer.body)
        assert found.headers["Content-Type"] == answer.headers["Content-Type"]


def test_two_at_once_get_the_same(scene, chains):
    answers = at_once(lambda thin: scene.user.get(path(chains), thin=thin), [2, 2])
    assert answers[0].data == answers[1].data


def test_one_that_takes_long_is_asked_for_again_and_written_once(scene, chains, monkeypatch):
    monkeypatch.setattr("chalicelib.analyses.read.posterior.WAIT_SECONDS", 0.001)
    answer = scene.user.get(path(chains))
    assert (answer.error[0], int(answer.headers["Retry-After"]) > 0) == (503, True)


def test_without_a_posterior_or_with_a_broken_one_there_is_nothing(scene):
    none = completed(scene, {"results": {"a": 1}})
    assert scene.user.get(path(none)).error == (404, "No inference data found for this Analysis.")
    for sent in ({"inference_data": inference_data(b"nothing")}, {"posterior_samples": {"a": "text"}}):
        broken = completed(scene, sent)
        listed = {one["kind"]: one for one in scene.user.get(f"/api/obj/analysis/{broken}/products").data["products"]}
        assert listed["posterior"]["state"] == "failed"
        assert scene.user.get(path(broken)).error[0] == 404


def test_an_uploaded_one_is_read_after_it_was_looked_into(scene):
    analysis_id = completed(scene, {"posterior_samples": SAMPLES}, upload=True, collected=False)
    assert scene.user.get(path(analysis_id)).error[0] == 503
    drain()
    assert scene.user.get(path(analysis_id)).data == {"columns": SAMPLES}


def test_strangers_see_nothing(scene, chains):
    assert scene.outsider().get(path(chains)).error == (403, "Cannot access this Analysis.")
