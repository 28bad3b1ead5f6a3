"""What every answer of the application has, whatever was asked."""

import base64
import re
from pathlib import Path

import chalicelib
from chalicelib.http.endpoint import ROUTES
from tests.support.access_world import make_world
from tests.support.api import Api
from tests.support.scene import make_scene
from tests.support.service import StubService
from tests.support.sky import make_sky, make_source
from tests.support.worker import drain

REQUIRED = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}
KINDS = {
    "application/json",
    "application/octet-stream",
    "application/openmetrics-text; version=1.0.0; charset=utf-8",
    "application/x-netcdf",
    "application/zip",
    "image/png",
    "image/svg+xml",
    "image/x-icon",
    "text/csv; charset=utf-8",
    "text/plain; charset=utf-8",
    "text/xml; charset=utf-8",
}
API = ("/api/", "/summarize")


def test_the_tour_visits_every_endpoint(tour):
    assert {(route.method, route.path) for route in ROUTES} - {visit.route for visit in tour.visits} == set()


def test_every_answer_has_the_security_headers(tour):
    assert {visit.answer.status for visit in tour.visits} >= {200, 400, 401, 403, 404, 405}
    for visit in tour.visits:
        headers = visit.answer.headers
        if visit.path.startswith(API) or visit.answer.status != 200:
            assert headers["Cache-Control"] == "no-store", visit.path
        assert {name: headers.get(name) for name in REQUIRED} == REQUIRED, visit.path
        if visit.answer.headers["Content-Type"].startswith("text/html"):
            continue  # its own policy: tests/pages
        assert "sandbox" in headers["Content-Security-Policy"], visit.path
        assert "default-src 'none'" in headers["Content-Security-Policy"], visit.path
        assert headers["Content-Type"] in KINDS, visit.path


def test_no_answer_lets_other_sites_read_it(tour):
    for visit in tour.visits:
        assert not [name for name in visit.answer.headers if name.lower().startswith("access-control-")]


def test_every_endpoint_but_a_few_named_ones_asks_for_a_token(stack):
    public = {(route.method, route.path) for route in ROUTES if route.public}

    assert public <= {
        ("GET", "/api/health"),
        ("GET", "/api/sysinfo"),
        ("GET", "/api/openapi.json"),
        ("POST", "/api/webhook/obj_analysis/{token}"),
        ("POST", "/api/webhook/obj_analysis/{token}/upload"),
        ("GET", "/summarize"),
        ("POST", "/summarize"),
        ("POST", "/api/internal/session"),
        *((route.method, route.path) for route in ROUTES if route.view.__module__ == "chalicelib.pages.routes"),
    }
    for route in ROUTES:
        if route.public:
            continue
        path = route.path.replace("{obj_id}", "ZTF1").replace("{", "").replace("}", "")
        refused = Api(None).call(route.method, path)
        assert refused.status == 401, path
        assert {name: refused.headers.get(name) for name in REQUIRED} == REQUIRED, path


def test_more_parameters_than_any_endpoint_has_are_refused(admin):
    many = {f"p{number}": "1" for number in range(101)}
    assert admin.get("/api/groups", **many).error == (400, "At most 100 query parameters are accepted.")
    assert admin.get("/api/groups", p=["1"] * 101).error[0] == 400
    assert admin.get("/api/groups", p=["1"] * 100).status == 200


def test_more_rows_than_the_limit_are_refused(admin):
    sky = make_sky(admin)
    obj_id = make_source(sky.user, group_ids=[sky.group_id])
    many = 10_001
    columns = {"mjd": [59000.0 + index for index in range(many)], "filter": ["ztfg"] * many}
    columns |= {"flux": [1.0] * many, "fluxerr": [1.0] * many}

    status, message = sky.user.post("/api/photometry", sky.with_source(obj_id).points(**columns)).error

    assert status == 400
    assert "10000" in message.replace(" ", "").replace(",", "")


PUBLIC_KINDS = {"user_id", "telescope_id", "instrument_id", "taxonomy_id"}
"""Rows that whoever has a token may read."""


def test_unknown_and_foreign_rows_answer_alike(admin):
    """Neither the answer nor its headers tell a stranger whether a row exists, whatever is asked of it."""
    with StubService() as service:
        world = make_world(admin, service)
        foreign = _one_of_each(world, "foreign")
    unknown = dict.fromkeys(foreign, 987_654) | {"obj_id": "unknown", "token_id": "0123456789abcdef", "number": 0}
    for role in ("member", "manager"):
        asked = 0
        for route in ROUTES:
            names = set(re.findall(r"\{(\w+)\}", route.path))
            is_managed = role == "manager" and "token_id" in names
            if route.public or not names or names & PUBLIC_KINDS or is_managed:
                continue
            one, other = (_asked(world.people[role], route, names, ids) for ids in (foreign, unknown))
            assert one == other, f"{role}: {route.method} {route.path}"
            asked += 1
        assert asked > 40


def _one_of_each(world, target):
    ids = {"group_ids": world.groups[target], "group_id": world.groups[target][0], "number": 0}
    for kind in ("obj_id", "service_id", "default_id", "photometry_id", "spectrum_id", "comment_id", "annotation_id"):
        ids[kind] = world.make(kind, ids)
    for kind in ("classification_id", "batch_id", "subscription_id", "file_id", "relay_id"):
        ids[kind] = world.make(kind, ids)
    tokens = world.admin.get("/api/internal/tokens", userID=world.author.user_id).data
    run_id = world.make("open_id", ids)
    return ids | {"analysis_id": run_id, "token_id": tokens[0]["id"], "service": ids["service_id"], "job_id": run_id}


def _asked(stranger, route, names, ids):
    """Ask something of a row and return the answer without the ids that were in the question."""
    item_id = "service_id" if route.method == "POST" else "analysis_id"
    values = {name: str(ids[item_id if name == "item_id" else name]) for name in names}
    answer = stranger.call(route.method, route.path.format_map(values), _BODY)
    message = answer.json.get("message") or str(answer.data) if answer.body else ""
    for name, value in values.items():
        message = re.sub(rf"\b{re.escape(value)}\b", f"<{name}>", message)
    headers = {name: value for name, value in answer.headers.items() if name not in {"X-Request-Id", "Content-Length"}}
    return answer.status, message, headers


_BODY = {"text": "hm", "origin": "mine", "data": {"a": 1}, "name": "mine", "userID": 1, "max_in_flight": 1}


def test_an_image_that_could_hold_a_script_is_sandboxed(admin):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    plots = [
        {"format": kind, "data": base64.b64encode(content).decode()}
        for kind, content in (("svg+xml", svg), ("html", b"<script>alert(1)</script>"), ("png", svg))
    ]
    with StubService() as service:
        scene = make_scene(admin, service)
        analysis_id = scene.start()
        drain()
        scene.answer(service.received[0].token, {"status": "success", "analysis": {"plots": plots}})
        drain()
    for number in range(len(plots)):
        answer = scene.user.get(f"/api/obj/analysis/{analysis_id}/plots/{number}")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["Content-Type"] != "text/html"


def test_secrets_are_compared_in_constant_time():
    """Where a secret is compared with what a caller sent, `hmac.compare_digest` does it."""
    for module in ("analyses/run/webhook_token.py", "accounts/first_administrator.py", "summaries/routes.py"):
        assert "hmac.compare_digest(" in (Path(chalicelib.__path__[0]) / module).read_text(), module
