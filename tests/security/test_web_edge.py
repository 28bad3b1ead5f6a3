"""What every answer of the application has, whatever was asked."""

import base64
from pathlib import Path

import chalicelib
from chalicelib.http.endpoint import ROUTES
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
    "Cache-Control": "no-store",
}


def test_the_tour_visits_every_endpoint(tour):
    assert {(route.method, route.path) for route in ROUTES} - {visit.route for visit in tour.visits} == set()


def test_every_answer_has_the_security_headers(tour):
    assert {visit.answer.status for visit in tour.visits} >= {200, 400, 401, 403, 404, 405}
    for visit in tour.visits:
        headers = visit.answer.headers
        assert {name: headers.get(name) for name in REQUIRED} == REQUIRED, visit.path
        assert "sandbox" in headers["Content-Security-Policy"], visit.path
        assert "default-src 'none'" in headers["Content-Security-Policy"], visit.path
        assert headers["Content-Type"] in {"application/json", "image/png"}, visit.path


def test_no_answer_lets_other_sites_read_it(tour):
    for visit in tour.visits:
        assert not [name for name in visit.answer.headers if name.lower().startswith("access-control-")]


def test_every_endpoint_but_a_few_named_ones_asks_for_a_token(stack):
    public = {(route.method, route.path) for route in ROUTES if route.public}

    assert public <= {
        ("GET", "/api/sysinfo"),
        ("GET", "/api/openapi.json"),
        ("POST", "/api/webhook/obj_analysis/{token}"),
        ("POST", "/api/webhook/obj_analysis/{token}/upload"),
        ("GET", "/summarize"),
        ("POST", "/summarize"),
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


def test_unknown_and_foreign_rows_answer_alike(admin):
    """Neither the answer nor its headers tell a stranger whether a row exists."""
    with StubService() as service:
        scene = make_scene(admin, service)
        analysis_id = scene.start()
    stranger = scene.outsider()
    pairs = [
        ("GET", f"/api/sources/{scene.obj_id}", "/api/sources/unknown"),
        ("GET", f"/api/sources/{scene.obj_id}/photometry", "/api/sources/unknown/photometry"),
        ("GET", f"/api/sources/{scene.obj_id}/comments", "/api/sources/unknown/comments"),
        ("PATCH", f"/api/sources/{scene.obj_id}", "/api/sources/unknown"),
        ("GET", f"/api/obj/analysis/{analysis_id}", "/api/obj/analysis/12345"),
        ("GET", f"/api/obj/analysis/{analysis_id}/results", "/api/obj/analysis/12345/results"),
        ("GET", f"/api/obj/analysis/{analysis_id}/plots/0", "/api/obj/analysis/12345/plots/0"),
        ("GET", f"/api/obj/analysis/{analysis_id}/corner", "/api/obj/analysis/12345/corner"),
        ("DELETE", f"/api/obj/analysis/{analysis_id}", "/api/obj/analysis/12345"),
        ("GET", f"/api/analysis_service/{scene.service_id}", "/api/analysis_service/12345"),
    ]
    for method, foreign, unknown in pairs:
        one, other = stranger.call(method, foreign, {}), stranger.call(method, unknown, {})
        same = {name: value for name, value in one.headers.items() if name != "X-Request-Id"}
        assert one.error == other.error, foreign
        assert one.error[0] in {403, 404}
        assert same == {name: value for name, value in other.headers.items() if name != "X-Request-Id"}


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
    for module in ("analyses/tokens.py", "accounts/first_administrator.py", "summaries/routes.py"):
        assert "hmac.compare_digest(" in (Path(chalicelib.__path__[0]) / module).read_text(), module
