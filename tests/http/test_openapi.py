"""The document describes every route, and every failure is one that it describes."""

import json
import re

import pytest

from chalicelib.http.endpoint import ROUTES
from chalicelib.http.envelope import Reply
from chalicelib.openapi.document import document
from tests.support.api import Api
from tests.support.documented import check_documented
from tests.support.late import Late

openapi_spec_validator = Late("openapi_spec_validator")

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def _application_routes():
    from app import app

    return {(method, path) for path, methods in app.routes.items() for method in methods}


OPERATIONS = [
    pytest.param(method, path, id=f"{method} {path}")
    for method, path in sorted(_application_routes(), key=lambda route: route[::-1])
]


WITHOUT_FAILURE = {
    ("HEAD", "/api/sources/{obj_id}"),
    ("GET", "/api/obj/{obj_id}/analysis"),
    *((route.method, route.path) for route in ROUTES if route.view.__module__ == "chalicelib.pages.routes"),
}
"""One has no body, another says of an unknown object that it has no analyses, and pages are there for every id."""

OWN_TOKEN = {"/api/relay/{relay_id}/run"}
"""No person's token opens these, an administrator's neither: tests/relay."""


def _operation(method, path):
    return document()["paths"][path][method.lower()]


def _url(path):
    return re.sub(r"\{\w+\}", "1", path)


def test_the_document_is_valid_openapi():
    openapi_spec_validator.OpenAPIV31SpecValidator(document()).validate()
    assert document()["openapi"].startswith("3.1.")


def test_every_route_is_in_the_document_and_nothing_else():
    documented = {(method.upper(), path) for path, methods in document()["paths"].items() for method in methods}
    assert documented == _application_routes()


def test_it_is_served_to_anyone_as_it_is(anonymous):
    answer = anonymous.get("/api/openapi.json")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.json == document()


def test_operations_have_names_of_their_own_and_say_what_they_do():
    operations = [operation for methods in document()["paths"].values() for operation in methods.values()]
    names = [operation["operationId"] for operation in operations]
    assert sorted(set(names)) == sorted(names)
    assert all(operation["summary"].endswith(".") for operation in operations)


def test_permissions_and_the_token_are_named():
    start = _operation("POST", "/api/obj/{obj_id}/analysis/{item_id}")
    assert start["x-permission"] == "Run Analyses"
    assert start["security"] == [{"token": ["Run Analyses"]}]
    assert _operation("GET", "/api/sysinfo")["security"] == []
    assert "x-permission" not in _operation("GET", "/api/groups")


def test_every_route_that_needs_a_permission_names_it():
    for route in ROUTES:
        operation = _operation(route.method, route.path)
        assert operation.get("x-permission") == route.permission
        assert (operation["security"] == []) == route.public


def test_ids_in_paths_are_integers_below_2_to_the_53_and_objects_have_names():
    obj_id, service_id, _ = _operation("POST", "/api/obj/{obj_id}/analysis_upload/{service_id}")["parameters"]
    assert (obj_id["name"], obj_id["schema"]["type"]) == ("obj_id", "string")
    assert (service_id["schema"]["type"], service_id["schema"]["maximum"]) == ("integer", 2**53 - 1)


def test_what_may_be_repeated_says_so():
    repeatable = {
        (method, path)
        for path, operations in document()["paths"].items()
        for method, operation in operations.items()
        if "Idempotency-Key" in {one["name"] for one in operation.get("parameters", [])}
    }
    assert repeatable == {
        ("post", "/api/obj/{obj_id}/analysis/{item_id}"),
        ("post", "/api/obj/{obj_id}/analysis_upload/{service_id}"),
        ("post", "/api/obj/analysis/{analysis_id}/retry"),
        ("post", "/api/analysis_batch"),
        ("post", "/api/analysis_batch/{batch_id}/retry_failed"),
        ("post", "/api/analysis_service/{service_id}/retry_failed"),
    }
    answers = _operation("POST", "/api/analysis_batch")["responses"]
    assert "Idempotent-Replayed" in answers["200"]["headers"]
    assert "409" in answers


def test_queries_have_their_names_and_limits_from_the_code():
    listed = {one["name"]: one for one in _operation("GET", "/api/sources")["parameters"]}
    parameters = {name: one["schema"] for name, one in listed.items()}
    assert parameters["numPerPage"]["minimum"] == 1
    assert listed["numPerPage"]["description"] == "at most 500; more are taken for 500"
    assert parameters["hasRedshift"]["type"] == "boolean"
    assert "includeAnalyses" in {one["name"] for one in _operation("GET", "/api/sources/{obj_id}")["parameters"]}


def test_bodies_are_the_models_that_check_them():
    body = _operation("POST", "/api/analysis_service")["requestBody"]
    assert body["required"]
    fields = document()["components"]["schemas"]["ServiceFields"]
    assert {"name", "url", "analysis_type", "authentication_type"} <= set(fields["required"])
    assert "_authinfo" in fields["properties"]
    changes = document()["components"]["schemas"]["ServiceChanges"]
    assert changes["properties"] == fields["properties"]
    assert "required" not in changes


@pytest.mark.parametrize(
    ("method", "path", "content_type"),
    [
        ("get", "/api/obj/analysis/{analysis_id}/plots/{number}", "image/svg+xml"),
        ("get", "/api/obj/analysis/{analysis_id}/corner", "image/png"),
    ],
)
def test_images_have_content_types_of_their_own_and_large_ones_are_elsewhere(method, path, content_type):
    responses = _operation(method, path)["responses"]
    assert content_type in responses["200"]["content"]
    assert "Location" in responses["307"]["headers"]


@pytest.mark.parametrize("kind", ["/photometry", "/spectra", "/comments", "/annotations", ""])
def test_what_belongs_to_a_source_may_be_elsewhere(kind):
    responses = _operation("get", f"/api/sources/{{obj_id}}{kind}")["responses"]
    assert "data" in responses["200"]["content"]["application/json"]["schema"]["properties"]
    assert "Location" in responses["307"]["headers"]


def test_whoever_replies_something_of_its_own_says_what():
    unsaid = [
        route.path
        for route in ROUTES
        if route.view.__annotations__.get("return") is Reply
        and route.method != "HEAD"
        and not {"answers", "see_other"} & set(route.facts)
    ]
    assert unsaid == []


def _assert_documented(answer, method, path, *statuses):
    code, _ = answer.error
    assert code in statuses
    assert str(code) in _operation(method, path)["responses"]


@pytest.mark.parametrize(("method", "path"), [one for one in OPERATIONS if _operation(*one.values)["security"]])
@pytest.mark.parametrize("token", [None, "ab5a5a13-3ad4-4c0a-a3a3-79a8d6a5d5a1", "no token at all"])
def test_without_a_valid_token_there_is_nothing_but_the_one_failure(stack, method, path, token):
    answer = Api(token).call(method, _url(path))
    if method == "HEAD":
        assert answer.status == 401
    else:
        _assert_documented(answer, method, path, 401)


@pytest.mark.parametrize(("method", "path"), [one for one in OPERATIONS if "requestBody" in _operation(*one.values)])
@pytest.mark.parametrize("raw", [b"{oops", b"[1]", b"\xff", b'{"a":' * 200 + b"1" + b"}" * 200])
def test_a_malformed_body_is_one_failure(admin, method, path, raw):
    refused = (401,) if path in OWN_TOKEN else (400, 403)
    _assert_documented(admin.call(method, _url(path), raw=raw), method, path, *refused)


@pytest.mark.parametrize("path", sorted(document()["paths"]))
def test_a_wrong_method_is_one_failure(admin, path):
    wrong = next(method for method in METHODS if method.lower() not in document()["paths"][path])
    assert admin.call(wrong, _url(path)).error[0] == 405


@pytest.mark.parametrize(
    ("method", "path"), [one for one in OPERATIONS if "_id}" in one.values[1] and one.values not in WITHOUT_FAILURE]
)
def test_what_does_not_exist_is_one_failure(admin, method, path):
    url = re.sub(r"\{obj_id\}", "ZTF00unknown", path)
    statuses = (401,) if path in OWN_TOKEN else (400, 403, 404, 405)
    _assert_documented(admin.call(method, re.sub(r"\{\w+\}", "9007199254740991", url)), method, path, *statuses)


def _refused(content, **changes):
    """Change what was answered and return what the tests' own check of answers says of it."""
    headers = {"Content-Type": "application/json"}
    proxy = {"statusCode": 200, "headers": headers, "body": json.dumps(content | changes)}
    with pytest.raises(AssertionError) as caught:
        check_documented("GET", "/api/groups", proxy)
    return str(caught.value)


def test_the_check_of_answers_finds_what_is_not_as_documented(admin):
    """Every test relies on it: at the top, and behind references."""
    admin.post("/api/groups", {"name": "finders"})
    content = admin.get("/api/groups").json
    [group] = [one for one in content["data"]["user_groups"] if one["name"] == "finders"]

    assert "not answered as documented" in _refused(content, extra=1)
    assert "not answered as documented" in _refused(
        content, data={**content["data"], "user_groups": [group | {"id": "1"}]}
    )
    assert "not answered as documented" in _refused(content, data=[{"id": 1}])


def test_the_check_of_answers_finds_failures_that_are_not_as_documented():
    proxy = {"statusCode": 401, "headers": {"Content-Type": "application/json"}, "body": '{"status": "error"}'}
    with pytest.raises(AssertionError, match="401 is not answered as documented"):
        check_documented("GET", "/api/groups", proxy)
    with pytest.raises(AssertionError, match="418 is not documented"):
        check_documented("GET", "/api/groups", {**proxy, "statusCode": 418})
