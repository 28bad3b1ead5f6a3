"""Large, repeated and parallel uploads: all rows or none, and statistics that agree with the points."""

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from chalicelib.sources.items.upload import Upload
from tests.support.aws_calls import recorded_aws_calls
from tests.support.parallel import at_once


class Died(BaseException):
    """What ends a process: not an exception that anybody handles."""


def rows(sky, count, **columns):
    wanted = {"mjd": [59000.0 + number for number in range(count)], "filter": "ztfg", "flux": 100.0, "fluxerr": 5.0}
    return sky.points(**{**wanted, **columns})


def fail_transactions(patch, error, after):
    """Let DynamoDB answer `after` transactions, and then raise `error` for each."""
    left = iter(range(after))
    original = BaseClient._make_api_call

    def call(client, operation_name, parameters):
        if operation_name == "TransactWriteItems" and next(left, None) is None:
            raise error
        return original(client, operation_name, parameters)

    patch.setattr(BaseClient, "_make_api_call", call)


def interrupted(sky, monkeypatch, post, after):
    with monkeypatch.context() as patch:
        fail_transactions(patch, Died(), after)
        with pytest.raises(Died):
            sky.user.post("/api/photometry", post)


def test_a_hundred_points_take_four_calls(sky):
    sky.upload()  # warm: the caller and the instrument are known

    with recorded_aws_calls() as calls:
        assert sky.user.post("/api/photometry", rows(sky, 100, origin="counted")).status == 200

    assert calls == ["BatchGetItem", "BatchGetItem", "TransactWriteItems", "TransactWriteItems"]


def test_hundreds_of_rows_are_stored_with_their_statistics(sky):
    uploaded = sky.user.post("/api/photometry", rows(sky, 400)).data

    assert [point["id"] for point in sky.photometry()] == uploaded["ids"]
    assert sky.statistics()["num_det_global"] == 400
    with pytest.raises(Upload.DoesNotExist):
        Upload.get(*Upload.key_of(uploaded["upload_id"]))


def test_one_duplicate_among_many_rows_leaves_nothing_behind(sky):
    sky.upload(mjd=59499.0, filter="ztfg", flux=100.0, fluxerr=5.0)

    code, message = sky.user.post("/api/photometry", rows(sky, 500)).error

    assert (code, "mjd 59499.0" in message) == (400, True)
    assert len(sky.photometry()) == 1
    assert sky.statistics()["num_obs_global"] == 1


def test_an_upload_that_died_half_way_is_completed_by_posting_it_again(sky, monkeypatch):
    post = rows(sky, 300)
    interrupted(sky, monkeypatch, post, after=2)
    first_half = [point["id"] for point in sky.photometry()]
    assert len(first_half) == 196
    assert sky.statistics()["num_obs_global"] == 196

    ids = sky.user.post("/api/photometry", post).data["ids"]

    assert ids[:196] == first_half
    assert [point["id"] for point in sky.photometry()] == ids
    assert sky.statistics()["num_obs_global"] == 300
    assert sky.user.post("/api/photometry", post).error[0] == 400


def test_somebody_else_cannot_complete_an_interrupted_upload(sky, monkeypatch):
    post = rows(sky, 200)
    interrupted(sky, monkeypatch, post, after=1)

    assert sky.member().post("/api/photometry", post).error[0] == 400


def test_put_completes_an_interrupted_post(sky, monkeypatch):
    post = rows(sky, 200)
    interrupted(sky, monkeypatch, post, after=1)

    ids = sky.user.put("/api/photometry", post).data["ids"]

    assert [point["id"] for point in sky.photometry()] == ids
    assert sky.statistics()["num_obs_global"] == 200


def test_an_interrupted_upload_whose_rest_was_stored_by_another_is_taken_back(sky, monkeypatch):
    post = rows(sky, 300)
    interrupted(sky, monkeypatch, post, after=2)
    sky.upload(sky.member(), mjd=59299.0, filter="ztfg", flux=100.0, fluxerr=5.0)

    assert sky.user.post("/api/photometry", post).error[0] == 400

    assert [point["mjd"] for point in sky.photometry()] == [59299.0]
    assert sky.statistics()["num_obs_global"] == 1


def test_a_withdrawal_that_died_is_completed_by_the_next_post(sky, monkeypatch):
    post = rows(sky, 300)
    interrupted(sky, monkeypatch, post, after=2)
    (foreign,) = sky.upload(sky.member(), mjd=59299.0, filter="ztfg", flux=100.0, fluxerr=5.0)
    interrupted(sky, monkeypatch, post, after=2)  # marked as withdrawn, and a part removed
    assert sky.user.delete(f"/api/photometry/{foreign}").error[0] == 403
    assert sky.admin.delete(f"/api/photometry/{foreign}").status == 200

    ids = sky.user.post("/api/photometry", post).data["ids"]

    assert [point["id"] for point in sky.photometry()] == ids
    assert sky.statistics()["num_obs_global"] == 300


def test_parallel_posts_lose_neither_points_nor_statistics(sky):
    posts = [rows(sky, 20, origin=f"survey {number}", flux=10.0 * (number + 1)) for number in range(6)]

    answers = at_once(lambda post: sky.user.post("/api/photometry", post), posts)

    assert [answer.status for answer in answers] == [200] * 6
    assert len(sky.photometry()) == 120
    statistics = sky.statistics()
    assert statistics["num_obs_global"] == 120
    assert statistics["peak_mag_global"] == pytest.approx(-2.5 * 1.7781512503836436 + 23.9)


def test_of_parallel_posts_of_one_point_one_is_accepted(sky):
    post = rows(sky, 1)

    answers = at_once(lambda _: sky.user.post("/api/photometry", post), range(4))

    assert sorted(answer.status for answer in answers) == [200, 400, 400, 400]
    assert len(sky.photometry()) == 1
    assert sky.statistics()["num_obs_global"] == 1


def test_removing_points_while_others_arrive_keeps_the_statistics_right(sky):
    ids = sky.upload()
    actions = [lambda number=number: sky.user.delete(f"/api/photometry/{number}") for number in ids]
    actions += [lambda: sky.user.post("/api/photometry", rows(sky, 30, origin="late"))]

    answers = at_once(lambda action: action(), actions)

    assert [answer.status for answer in answers] == [200] * 4
    assert sky.statistics()["num_obs_global"] == len(sky.photometry()) == 30


def test_a_transaction_that_no_repetition_can_help_is_our_fault_and_stores_nothing(sky, monkeypatch):
    invalid = ClientError({"Error": {"Code": "ValidationException", "Message": "no"}}, "TransactWriteItems")
    with monkeypatch.context() as patch:
        fail_transactions(patch, invalid, after=0)

        assert sky.user.post("/api/photometry", rows(sky, 1)).error[0] == 500

    assert sky.photometry() == []
