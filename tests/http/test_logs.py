"""Logs: one JSON object a line."""

import json
import logging

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from chalicelib.analyses.dispatch.claim import LeaseHeld
from chalicelib.analyses.results.products_function import ProductsFailed
from chalicelib.http.logs import JsonFormatter, request
from chalicelib.summary_search.embeddings import EmbeddingFailed


def _line(**facts):
    record = logging.makeLogRecord({"levelname": "INFO", "msg": "request", "created": 0.25, "msecs": 250, **facts})
    return JsonFormatter().format(record)


def test_a_line_holds_time_level_message_request_and_facts():
    with request("r-1"):
        line = json.loads(_line(status=200, route="/api/x"))
    assert line == {
        "time": "1970-01-01T00:00:00.250",
        "level": "INFO",
        "message": "request",
        "request_id": "r-1",
        "status": 200,
        "route": "/api/x",
    }


def test_line_breaks_stay_inside_the_line():
    line = _line(msg="a\nb", detail="c\nd")
    assert "\n" not in line
    assert json.loads(line)["detail"] == "c\nd"


def test_values_that_json_does_not_know_become_text():
    assert json.loads(_line(detail={1}))["detail"] == "{1}"


def test_an_exception_is_logged_with_its_traceback():
    try:
        int("lost")
    except ValueError as error:
        line = json.loads(_line(exc_info=(ValueError, error, error.__traceback__)))
    assert "ValueError: invalid literal" in line["traceback"]


def test_what_aws_answered_with_5xx_is_a_reason_without_a_traceback():
    answer = {"Error": {"Code": "InternalServerError", "Message": "no space"}}
    broken = ClientError({**answer, "ResponseMetadata": {"HTTPStatusCode": 500}}, "PutItem")
    ours = ClientError({**answer, "ResponseMetadata": {"HTTPStatusCode": 400}}, "PutItem")
    for behind, is_reason in ((broken, True), (ours, False)):
        try:
            try:
                raise behind
            except ClientError as error:
                raise ValueError("wrapped") from error
        except ValueError as error:
            error.__cause__ = error if is_reason else error.__cause__  # as `raise error from error` leaves it
            line = json.loads(_line(exc_info=(ValueError, error, error.__traceback__)))
        assert ("reason" in line, "traceback" in line) == (is_reason, not is_reason)
        assert not is_reason or line["reason"].endswith("no space")


def _raised(error):
    try:
        raise error
    except type(error):
        return json.loads(_line(exc_info=(type(error), error, error.__traceback__)))


@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url="http://127.0.0.1:9"),
        ReadTimeoutError(endpoint_url="http://127.0.0.1:9"),
        LeaseHeld("run 7 is being sent by another dispatcher"),
        ProductsFailed("Runtime exited with error:\nsignal 9"),
        EmbeddingFailed("The server could not be reached."),
    ],
)
def test_what_was_not_reached_or_may_well_happen_is_a_reason_without_a_traceback(error):
    line = _raised(error)
    assert "traceback" not in line
    assert line["reason"] == " ".join(str(error).split())


def test_a_defect_in_handling_what_may_happen_is_not_hidden():
    defect = KeyError("lost")
    defect.__context__ = LeaseHeld("run 7 is being sent by another dispatcher")
    assert "KeyError: 'lost'" in _raised(defect)["traceback"]
