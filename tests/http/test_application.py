"""Events that no view answers: what Lambda is called with has an answer in our shape, whatever it is."""

import json
from base64 import b64decode

import pytest

from chalicelib.http.application import Application

app = Application(app_name="small", configure_logs=False)


@app.route("/here")
def here():
    return {}


def event(path, method="GET", **changes):
    request = {"resourcePath": path, "httpMethod": method, "requestId": "r", "identity": {"sourceIp": "1"}}
    return {
        "requestContext": request,
        "headers": {},
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "body": None,
        "isBase64Encoded": False,
        **changes,
    }


def content(answer):
    found = json.loads(b64decode(answer["body"]))
    assert set(found) == {"status", "message", "data", "version"}
    return answer["statusCode"], found["status"]


def test_a_view_answers_what_it_is_there_for():
    assert app(event("/here"), None)["statusCode"] == 200


@pytest.mark.parametrize("path", ["/nowhere", "/", "/api/{proxy+}"])
def test_an_unknown_path_is_not_found(path):
    assert content(app(event(path), None)) == (404, "error")


def test_a_method_that_a_path_does_not_have_is_not_allowed():
    assert content(app(event("/here", "DELETE"), None)) == (405, "error")


@pytest.mark.parametrize("broken", [{}, [], None, "x", {"requestContext": None}, {"requestContext": {}}])
def test_what_is_no_request_is_refused(broken):
    assert content(app(broken, None))[0] in {400, 404}


def test_a_request_without_headers_is_refused():
    broken = event("/here")
    del broken["headers"]

    assert content(app(broken, None)) == (400, "error")


@pytest.mark.parametrize(
    "part",
    ["headers", "multiValueQueryStringParameters", "pathParameters", "stageVariables", "body", "isBase64Encoded"],
)
@pytest.mark.parametrize("value", [5, "x", [], ["x"], {"a": "b"}])
def test_a_request_with_a_part_of_the_wrong_type_is_refused_or_answered_never_an_exception(part, value):
    answer = app(event("/here", **{part: value}), None)

    assert answer["statusCode"] in {200, 400}


@pytest.mark.parametrize("given", [{"headers": None}, {"headers": {}}])
def test_what_an_event_may_leave_out_counts_as_null(given):
    assert app({"requestContext": event("/here")["requestContext"], **given}, None)["statusCode"] == 200


@pytest.mark.parametrize(
    "context", [{"resourcePath": [], "httpMethod": "GET"}, {"resourcePath": "/here", "httpMethod": ["GET"]}]
)
def test_a_path_and_a_method_that_are_no_text_are_unknown(context):
    assert content(app(event("/here", requestContext=context), None))[0] in {404, 405}
