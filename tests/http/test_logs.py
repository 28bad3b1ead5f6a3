"""Logs: one JSON object a line."""

import json
import logging

from botocore.exceptions import ClientError

from chalicelib.http.logs import JsonFormatter, request


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
