"""The edge: what views are given, and what becomes of what they return or raise."""

import json
import logging
from typing import Any

import pytest

from chalicelib.http import endpoint as edge
from chalicelib.http.endpoint import Incoming, endpoint
from chalicelib.http.envelope import Reply, redirect
from chalicelib.http.errors import ApiError, NotFound, TooManyRequests, Unauthorized
from chalicelib.http.logs import LOGGER
from chalicelib.http.parsing import Body, Flag, Query
from chalicelib.settings import MAX_BODY_BYTES, VERSION


class Telescope(Body):
    name: str
    diameter: float = 1.0


class Page(Query):
    number: int = 1
    full: Flag = False


@pytest.fixture
def log():
    """The records that the application logs."""
    records: list[logging.LogRecord] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    handler, level = Keeping(), LOGGER.level
    LOGGER.addHandler(handler)
    LOGGER.setLevel("INFO")
    yield records
    LOGGER.removeHandler(handler)
    LOGGER.setLevel(level)


def _respond_with(small_app, value):
    @endpoint(small_app.blueprint, "GET", "/api/value")
    def get_value() -> Any:
        if isinstance(value, Exception):
            raise value
        return value

    return small_app.call("GET", "/api/value")


def test_data_comes_in_a_success_envelope(small_app):
    answer = _respond_with(small_app, {"id": 3})
    assert answer.status == 200
    assert answer.json == {"status": "success", "data": {"id": 3}, "version": VERSION}
    assert answer.headers["Content-Type"] == "application/json"


def test_nothing_is_an_empty_object(small_app):
    assert _respond_with(small_app, None).data == {}


@pytest.mark.parametrize("empty", [[], 0, False, ""])
def test_other_empty_values_stay_what_they_are(small_app, empty):
    assert _respond_with(small_app, empty).data == empty


def test_nan_and_infinities_leave_as_null(small_app):
    answer = _respond_with(small_app, {"mag": float("nan"), "flux": [float("inf"), -float("inf"), 1.5]})
    assert answer.data == {"mag": None, "flux": [None, None, 1.5]}


def test_text_leaves_as_utf8(small_app):
    assert _respond_with(small_app, "Å µJy 🔭").data == "Å µJy 🔭"


def test_every_answer_forbids_sniffing_framing_and_caching(small_app):
    headers = _respond_with(small_app, None).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "no-store"
    assert "sandbox" in headers["Content-Security-Policy"]


def test_a_reply_leaves_as_it_is(small_app):
    answer = _respond_with(small_app, Reply(b"\x89PNG\xff", content_type="image/png", headers={"ETag": "1"}))
    assert (answer.status, answer.body) == (200, b"\x89PNG\xff")
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["ETag"] == "1"


def test_a_redirect_names_its_target(small_app):
    answer = _respond_with(small_app, redirect("https://example.org/x?a=1"))
    assert (answer.status, answer.headers["Location"]) == (307, "https://example.org/x?a=1")


def _all_errors(base=ApiError):
    return [base, *(error for child in base.__subclasses__() for error in _all_errors(child))]


@pytest.mark.parametrize("error", _all_errors())
def test_every_failure_has_one_shape_and_the_status_of_its_class(small_app, error):
    answer = _respond_with(small_app, error("Not like this."))
    assert answer.error == (error.status, "Not like this.")


def test_a_limit_says_when_to_come_back(small_app):
    answer = _respond_with(small_app, TooManyRequests("Later.", retry_after=7))
    assert answer.headers["Retry-After"] == "7"
    assert "Retry-After" not in _respond_with(type(small_app)(), NotFound("No.")).headers


def test_an_unexpected_exception_tells_a_request_id_and_nothing_else(small_app, log):
    answer = _respond_with(small_app, KeyError("secret-detail"))
    code, message = answer.error
    assert code == 500
    assert answer.headers["X-Request-Id"] in message
    assert "secret-detail" not in answer.body.decode()
    assert any(record.exc_info and "secret-detail" in str(record.exc_info[1]) for record in log)


def test_an_answer_that_lambda_cannot_carry_is_refused(small_app):
    code, message = _respond_with(small_app, "x" * MAX_BODY_BYTES).error
    assert code == 413
    assert str(MAX_BODY_BYTES) in message


def test_a_view_gets_body_query_and_path(small_app):
    @endpoint(small_app.blueprint, "PUT", "/api/obj/{obj_id}/item/{item_id}")
    def put_item(obj_id: str, item_id: int, body: Telescope, query: Page) -> list[Any]:
        return [obj_id, item_id, body.name, body.diameter, query.number, query.full]

    path = "/api/obj/ZTF%3A18%2Babc/item/170591700000000?number=2&full=Yes&unknown=1"
    answer = small_app.call("PUT", path, body=b'{"name": "Hale", "diameter": 5, "unknown": 1}')
    assert answer.data == ["ZTF:18+abc", 170591700000000, "Hale", 5.0, 2, True]


def test_an_object_id_of_digits_stays_text(small_app):
    @endpoint(small_app.blueprint, "GET", "/api/obj/{obj_id}")
    def get_object(obj_id: str) -> str:
        return obj_id

    assert small_app.call("GET", "/api/obj/000313761043").data == "000313761043"


@pytest.mark.parametrize("text", ["abc", "-1", "1.0", "%D9%A3", "9007199254740992", "1" * 5000, "%20"])
def test_what_is_no_id_is_refused(small_app, text):
    @endpoint(small_app.blueprint, "GET", "/api/item/{item_id}")
    def get_item(item_id: int) -> int:
        return item_id

    code, message = small_app.call("GET", f"/api/item/{text}").error
    assert code == 400
    assert message.startswith("Invalid item_id")
    assert len(message) < 200


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_any_content_type_is_read_as_json(small_app, content_type):
    @endpoint(small_app.blueprint, "POST", "/api/telescope")
    def post_telescope(body: Telescope) -> str:
        return body.name

    headers = {} if content_type is None else {"content-type": content_type}
    assert small_app.call("POST", "/api/telescope", body=b'{"name": "Hale"}', headers=headers).data == "Hale"


def test_a_view_gets_the_request_as_it_came(small_app):
    @endpoint(small_app.blueprint, "POST", "/api/obj/{obj_id}")
    def post_raw(incoming: Incoming) -> list[Any]:
        return [incoming.body.decode(), incoming.headers["X-Mark"], dict(incoming.query), incoming.path]

    answer = small_app.call("POST", "/api/obj/a%2Bb?x=1&x=2", body=b"not json", headers={"x-mark": "m"})
    assert answer.data == ["not json", "m", {"x": "2"}, "/api/obj/a%2Bb"]


def test_the_caller_is_whom_authentication_finds(small_app):
    def authenticate(headers: Any) -> str:
        if "authorization" not in headers:
            raise Unauthorized("Who are you?")
        return str(headers["authorization"]).upper()

    @endpoint(small_app.blueprint, "GET", "/api/me", authenticate=authenticate)
    def get_me(caller: str) -> str:
        return caller

    assert small_app.call("GET", "/api/me", headers={"Authorization": "vera"}).data == "VERA"
    assert small_app.call("GET", "/api/me").error == (401, "Who are you?")


def test_authentication_comes_before_the_body_is_read(small_app):
    def refuse(_headers: Any) -> None:
        raise Unauthorized("No.")

    @endpoint(small_app.blueprint, "POST", "/api/me", authenticate=refuse)
    def post_me(body: Telescope) -> str:
        return body.name

    assert small_app.call("POST", "/api/me", body=b"{").error[0] == 401


def test_a_view_that_is_written_wrongly_fails_and_does_not_pass_unchecked_values(small_app):
    @endpoint(small_app.blueprint, "POST", "/api/raw")
    def post_raw(body: dict) -> str:
        return "unchecked"

    assert small_app.call("POST", "/api/raw", body=b"{}").error[0] == 500


def test_a_wrong_method_is_refused_in_our_shape(small_app):
    _respond_with(small_app, 1)
    code, message = small_app.call("DELETE", "/api/value").error
    assert code == 405
    assert "DELETE" in message


def test_a_binary_body_reaches_clients_that_name_no_or_another_type(small_app):
    _respond_with(small_app, {"id": 1})
    for headers in ({"x": "y"}, {"accept": "text/html"}, {"accept": "application/json"}):
        answer = small_app.call("GET", "/api/value", headers=headers)
        assert answer.data == {"id": 1}
        assert answer.base64_encoded


def test_each_request_leaves_one_line_with_route_status_and_caller_but_no_path_or_token(small_app, log):
    class Person:
        user_id = 42

    @endpoint(small_app.blueprint, "POST", "/api/webhook/{token}", authenticate=lambda _: Person())
    def post_result(token: str) -> None:
        raise NotFound(f"No {len(token)}.")

    small_app.call("POST", "/api/webhook/very-secret", headers={"authorization": "token also-secret"})
    (record,) = log
    assert (
        vars(record).items()
        >= {
            "route": "/api/webhook/{token}",
            "method": "POST",
            "status": 404,
            "user_id": 42,
        }.items()
    )
    assert "secret" not in json.dumps({name: str(value) for name, value in vars(record).items()})


def test_routes_know_their_permission_and_whether_they_are_public(small_app):
    @endpoint(small_app.blueprint, "GET", "/api/open")
    def get_open() -> None:
        """Nothing."""

    @endpoint(small_app.blueprint, "GET", "/api/closed", authenticate=dict, permission="Comment")
    def get_closed() -> None:
        """Nothing."""

    facts = [(route.method, route.path, route.permission, route.public) for route in edge.ROUTES]
    assert facts == [("GET", "/api/open", None, True), ("GET", "/api/closed", "Comment", False)]
