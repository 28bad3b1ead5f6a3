"""The application as a whole keeps the one shape, whatever arrives."""

import json

import pytest

from tests.support.people import make_user


def test_bad_json_is_told(admin):
    code, message = admin.post("/api/groups", raw=b"{oops").error
    assert code == 400
    assert message.startswith("Error parsing JSON: ")


def test_an_array_is_no_body(admin):
    assert admin.post("/api/groups", raw=b"[1]").error[0] == 400


def test_a_body_that_is_too_large_is_refused_with_the_limit_and_advice(admin):
    code, message = admin.post("/api/groups", raw=b" " * 4_500_001).error
    assert code == 413
    assert "4500000" in message
    assert "several calls" in message


def test_a_wrong_method_is_refused(admin):
    assert admin.delete("/api/acls").error[0] == 405


def test_a_missing_permission_is_a_401_that_names_it(admin):
    assert make_user(admin, roles=[]).post("/api/groups", {"name": "x"}).error == (
        401,
        "This token lacks the permission 'Upload data'.",
    )


@pytest.mark.parametrize("path", ["/api/groups/abc", "/api/groups/9007199254740992", "/api/user/-1"])
def test_a_path_without_an_id_is_refused(admin, path):
    assert admin.get(path).error[0] == 400


def test_answers_are_utf8_json_whatever_the_client_accepts(admin):
    admin.post("/api/groups", {"name": "Überriesen ✨"})
    answer = admin.get("/api/groups", headers={"Accept": "text/html"})
    assert "Überriesen ✨" in [group["name"] for group in json.loads(answer.body)["data"]["user_groups"]]
