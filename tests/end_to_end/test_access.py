"""Who may do what: every endpoint, for every role, in a group of one's own, a shared one and a foreign one."""

import itertools
import os
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

import app  # noqa: F401 - registers the endpoints
from chalicelib.accounts.permissions import (
    ANNOTATE,
    CLASSIFY,
    COMMENT,
    MANAGE_ANALYSIS_SERVICES,
    MANAGE_SOURCES,
    MANAGE_USERS,
    POST_TAXONOMY,
    ROLES,
    RUN_ANALYSES,
    SYSTEM_ADMIN,
    UPLOAD_DATA,
)
from chalicelib.http.endpoint import ROUTES
from tests.support.access_world import TARGETS, make_world
from tests.support.api import Api
from tests.support.scene import SUCCESS, make_instrument
from tests.support.service import StubService
from tests.support.worker import take

HELD = {
    "viewer": ROLES["View only"],
    "member": ROLES["Full user"],
    "manager": ROLES["Group admin"],
    "author": ROLES["Full user"],
}
CASES = [
    *itertools.product(("member", "author"), TARGETS),
    *itertools.product(("viewer", "manager", "admin"), ("own", "foreign")),
]
"""Who, and on what."""

CHANGERS = ("author", "admin")
"""Who may change what the author made, beside those with the permission in `Row.or_with`."""

numbers = itertools.count(1)


class Row(NamedTuple):
    """An endpoint, and what it answers to whom."""

    route: str
    permission: str | None = None
    foreign: int = 200
    """What those outside the groups get."""
    body: Callable[[Any, dict], Any] = lambda _world, _ids: None
    fresh: str | None = None
    """Which path parameter names something that an allowed call uses up."""
    changers: bool = False
    """Whether only the author may, an administrator, and who has one of `or_with`."""
    or_with: str | None = None
    own: str | None = None
    """The permission that its author needs as well; without it, 401."""
    rename: str = ""
    """`a=b`: the path parameter a is called b in the world."""
    ok: int = 200


def saved(_, ids):
    return {"id": f"new-{next(numbers)}", "ra": 1.0, "dec": 2.0, "group_ids": ids["group_ids"]}


def service(_, ids):
    plain = {"authentication_type": "none", "analysis_type": "meta_analysis", "url": "http://127.0.0.1:1/"}
    return {**plain, "name": f"new {next(numbers)}", "group_ids": ids["group_ids"]}


def comment(_, ids):
    return {"text": "new", "group_ids": ids["group_ids"]}


def annotation(_, ids):
    return {"origin": f"new {next(numbers)}", "data": {}, "group_ids": ids["group_ids"]}


def always(value):
    return lambda _world, _ids: value


def of_groups(_, ids):
    return {"group_ids": ids["group_ids"]}


def subscription(_, ids):
    return {"url": "http://127.0.0.1:1/", "events": ["batch.finished"], "group_ids": ids["group_ids"]}


def upload(_, ids):
    return {"analysis": SUCCESS["analysis"], "group_ids": ids["group_ids"]}


SOURCE = "/api/sources/{obj_id}"
SERVICE = "/api/analysis_service/{service_id}"
DEFAULT = f"{SERVICE}/default_analysis/{{default_id}}"
ANALYSIS = "/api/obj/analysis/{analysis_id}"
SUBSCRIPTION = "/api/event_subscriptions/{subscription_id}"

TABLE = [
    # sources
    Row("GET /api/sources"),
    Row("POST /api/sources", UPLOAD_DATA, 403, saved),
    Row(f"GET {SOURCE}", None, 404),
    Row(f"HEAD {SOURCE}", None, 404),
    Row(f"PATCH {SOURCE}", UPLOAD_DATA, 404, lambda _w, _i: {"redshift": next(numbers) / 1000}),
    Row(f"DELETE {SOURCE}", MANAGE_SOURCES, 404, fresh="obj_id"),
    Row(f"GET {SOURCE}/phot_stat", None, 404),
    Row(f"GET {SOURCE}/periodogram", None, 404, ok=400),  # there are no ten points
    Row(f"GET {SOURCE}/light_curve", None, 404),
    Row(f"GET {SOURCE}/light_curve.csv", None, 404),
    Row(f"GET {SOURCE}/files", None, 404),
    # photometry and spectra
    Row("POST /api/photometry", UPLOAD_DATA, 404, lambda world, ids: world.point(ids)),
    Row("PUT /api/photometry", UPLOAD_DATA, 404, lambda world, ids: world.point(ids)),
    Row(f"GET {SOURCE}/photometry", None, 404),
    Row("GET /api/photometry/{photometry_id}", None, 403),
    Row(
        "DELETE /api/photometry/{photometry_id}",
        None,
        403,
        fresh="photometry_id",
        changers=True,
        or_with=MANAGE_SOURCES,
        own=UPLOAD_DATA,
    ),
    Row("POST /api/spectrum", UPLOAD_DATA, 404, lambda world, ids: world.spectrum(ids)),
    Row("POST /api/spectra", UPLOAD_DATA, 404, lambda world, ids: world.spectrum(ids)),
    Row("GET /api/spectrum/{spectrum_id}", None, 403),
    Row(f"GET {SOURCE}/spectra", None, 404),
    Row(
        "DELETE /api/spectrum/{spectrum_id}",
        None,
        403,
        fresh="spectrum_id",
        changers=True,
        or_with=MANAGE_SOURCES,
        own=UPLOAD_DATA,
    ),
    # remarks
    Row(f"POST {SOURCE}/comments", COMMENT, 404, comment),
    Row(f"GET {SOURCE}/comments", None, 404),
    Row(f"GET {SOURCE}/comments/{{comment_id}}", None, 404),
    Row(f"GET {SOURCE}/comments/{{comment_id}}/attachment", None, 404),
    Row(f"GET {SOURCE}/comments/{{comment_id}}/attachment.pdf", None, 404),
    Row(
        f"PUT {SOURCE}/comments/{{comment_id}}",
        None,
        404,
        always({"text": "changed"}),
        changers=True,
        or_with=MANAGE_SOURCES,
        own=COMMENT,
    ),
    Row(
        f"DELETE {SOURCE}/comments/{{comment_id}}",
        None,
        404,
        fresh="comment_id",
        changers=True,
        or_with=MANAGE_SOURCES,
        own=COMMENT,
    ),
    Row(f"POST {SOURCE}/annotations", ANNOTATE, 404, annotation),
    Row(f"GET {SOURCE}/annotations", None, 404),
    Row(f"GET {SOURCE}/annotations/{{annotation_id}}", None, 404),
    Row(
        f"PUT {SOURCE}/annotations/{{annotation_id}}",
        None,
        404,
        always({"data": {"b": 2}}),
        changers=True,
        or_with=MANAGE_SOURCES,
        own=ANNOTATE,
    ),
    Row(
        f"DELETE {SOURCE}/annotations/{{annotation_id}}",
        None,
        404,
        fresh="annotation_id",
        changers=True,
        or_with=MANAGE_SOURCES,
        own=ANNOTATE,
    ),
    Row("POST /api/classification", CLASSIFY, 404, lambda world, ids: world.classification(ids)),
    Row("GET /api/classification/{classification_id}", None, 403),
    Row(f"GET {SOURCE}/classifications", None, 404),
    Row(
        "DELETE /api/classification/{classification_id}",
        None,
        403,
        fresh="classification_id",
        changers=True,
        or_with=MANAGE_SOURCES,
        own=CLASSIFY,
    ),
    # services and default analyses
    Row("POST /api/analysis_service", MANAGE_ANALYSIS_SERVICES, 403, service),
    Row("GET /api/analysis_service"),
    Row(f"GET {SERVICE}", None, 403),
    Row(f"PATCH {SERVICE}", MANAGE_ANALYSIS_SERVICES, 403, always({"description": "changed"})),
    Row(f"DELETE {SERVICE}", MANAGE_ANALYSIS_SERVICES, 403, fresh="service_id"),
    Row(f"PUT {SERVICE}/limits", MANAGE_ANALYSIS_SERVICES, 403, always({"max_in_flight": None})),
    Row(f"POST {SERVICE}/signing_secret", MANAGE_ANALYSIS_SERVICES, 403),
    Row(f"DELETE {SERVICE}/signing_secret", MANAGE_ANALYSIS_SERVICES, 403),
    Row(f"POST {SERVICE}/ping", None, 403),
    Row(f"GET {SERVICE}/health", None, 403),
    Row(f"GET {SERVICE}/warnings", None, 403),
    Row(f"GET {SERVICE}/form", None, 403),
    Row(f"GET {SERVICE}/limits", None, 403),
    Row(f"GET {SERVICE}/removal", MANAGE_ANALYSIS_SERVICES, 403),
    Row(f"GET {SERVICE}/trust", None, 403),
    Row(f"PUT {SERVICE}/trust", SYSTEM_ADMIN),
    Row(f"DELETE {SERVICE}/trust", SYSTEM_ADMIN),
    Row(f"POST {SERVICE}/default_analysis", RUN_ANALYSES, 404, of_groups),
    Row(f"GET {SERVICE}/default_analysis", None, 404),
    Row(f"GET {DEFAULT}", None, 404),
    Row(f"PATCH {DEFAULT}", RUN_ANALYSES, 404, always({"daily_limit": 9}), changers=True),
    Row(f"DELETE {DEFAULT}", RUN_ANALYSES, 404, fresh="default_id", changers=True),
    # analyses
    Row("POST /api/obj/{obj_id}/analysis/{item_id}", RUN_ANALYSES, 403, of_groups, rename="item_id=service_id"),
    Row("POST /api/candidate/{obj_id}/analysis/{item_id}", ok=405, foreign=405, rename="item_id=service_id"),
    Row(
        "POST /api/obj/{obj_id}/analysis_upload/{service_id}", RUN_ANALYSES, 403, upload, rename="service_id=upload_id"
    ),
    Row("POST /api/obj/{obj_id}/analysis_upload/{service_id}/form", RUN_ANALYSES, 403, rename="service_id=upload_id"),
    Row("GET /api/obj/analysis"),
    Row("GET /api/analysis_runs"),
    Row("GET /api/analysis_changes"),
    Row("GET /api/analysis_counts"),
    Row("GET /api/analysis_glance?objIDs=object-1,object-2"),
    Row("GET /api/analysis_health?ids=1,2"),
    Row("POST /api/obj/{obj_id}/analysis/{item_id}/preview", RUN_ANALYSES, 403, of_groups, rename="item_id=service_id"),
    Row("GET /api/obj/{obj_id}/analysis"),
    Row("GET /api/obj/{obj_id}/analysis/{item_id}", None, 403, rename="item_id=analysis_id"),
    Row(
        "DELETE /api/obj/{obj_id}/analysis/{item_id}",
        RUN_ANALYSES,
        403,
        fresh="open_id",
        changers=True,
        rename="item_id=open_id",
    ),
    Row(f"GET {ANALYSIS}", None, 403),
    Row(f"GET {ANALYSIS}/products", None, 403),
    Row(f"GET {ANALYSIS}/results", None, 403),
    Row(f"HEAD {ANALYSIS}/results", None, 403),
    Row(f"GET {ANALYSIS}/inference_data", None, 403),
    Row(f"HEAD {ANALYSIS}/inference_data", None, 403),
    Row(f"GET {ANALYSIS}/archive", None, 403),
    Row(f"HEAD {ANALYSIS}/archive", None, 403),
    Row(f"GET {ANALYSIS}/posterior", None, 403),
    Row(f"HEAD {ANALYSIS}/posterior", None, 403),
    Row(f"GET {ANALYSIS}/plots/{{number}}", None, 403),
    Row(f"GET {ANALYSIS}/corner", None, 403),
    Row(f"HEAD {ANALYSIS}/plots/{{number}}", None, 403),
    Row(f"HEAD {ANALYSIS}/corner", None, 403),
    Row(f"DELETE {ANALYSIS}", RUN_ANALYSES, 403, fresh="open_id", changers=True, rename="analysis_id=open_id"),
    Row(f"POST {ANALYSIS}/cancel", RUN_ANALYSES, 403, fresh="open_id", changers=True, rename="analysis_id=open_id"),
    Row(f"POST {ANALYSIS}/retry", RUN_ANALYSES, 403, changers=True),
    Row(f"GET {ANALYSIS}/attempts", None, 403, changers=True),
    Row(f"GET {ANALYSIS}/timeline", None, 403),
    Row(f"GET {ANALYSIS}/inputs", None, 403, changers=True),
    Row(f"GET {ANALYSIS}/effects", None, 403, changers=True),
    Row(
        "POST /api/analysis_batch",
        RUN_ANALYSES,
        403,
        lambda _world, ids: {
            "analysis_service_id": ids["service_id"],
            "obj_ids": [ids["obj_id"]],
            "group_ids": ids["group_ids"],
        },
    ),
    Row("GET /api/analysis_batch/{batch_id}", None, 403, changers=True),
    Row("GET /api/analysis_batch"),
    Row("POST /api/analysis_batch/{batch_id}/cancel", RUN_ANALYSES, 403, changers=True),
    # nothing has failed
    Row("POST /api/analysis_batch/{batch_id}/retry_failed", RUN_ANALYSES, 403, ok=400, changers=True),
    Row(f"POST {SERVICE}/retry_failed", RUN_ANALYSES, 403, always({"since": "2100-01-01"}), ok=400),
    # without a key
    Row("POST /api/summary_query", ok=400, foreign=400, body=always({"q": "galaxy"})),
    # events
    Row("POST /api/event_subscriptions", RUN_ANALYSES, 403, subscription),
    Row("GET /api/event_subscriptions"),
    Row(f"GET {SUBSCRIPTION}", None, 403, changers=True),
    Row(f"PATCH {SUBSCRIPTION}", RUN_ANALYSES, 403, always({"form": "json"}), changers=True),
    Row(f"DELETE {SUBSCRIPTION}", RUN_ANALYSES, 403, fresh="subscription_id", changers=True),
    Row(f"POST {SUBSCRIPTION}/secret", RUN_ANALYSES, 403, changers=True),
    Row(f"POST {SUBSCRIPTION}/test", RUN_ANALYSES, 403, changers=True),
    Row(f"GET {SUBSCRIPTION}/deliveries", None, 403, changers=True),
    # there is no such delivery
    Row(f"POST {SUBSCRIPTION}/deliveries/{{number}}/redeliver", RUN_ANALYSES, 403, ok=404, changers=True),
    # what everybody shares
    Row("GET /api/taxonomy"),
    Row("GET /api/taxonomy/{taxonomy_id}"),
    Row(
        "POST /api/taxonomy",
        POST_TAXONOMY,
        body=lambda _w, _i: {"name": f"new {next(numbers)}", "version": "1", "hierarchy": {"class": "SN"}},
    ),
    Row("DELETE /api/taxonomy/{taxonomy_id}", POST_TAXONOMY, fresh="taxonomy_id"),
    Row("GET /api/telescope"),
    Row("GET /api/telescope/{telescope_id}"),
    Row(
        "POST /api/telescope",
        UPLOAD_DATA,
        body=lambda _w, _i: {
            "name": f"new {next(numbers)}",
            "nickname": "n",
            "diameter": 1.0,
            "lat": 0.0,
            "lon": 0.0,
            "elevation": 0.0,
        },
    ),
    Row("DELETE /api/telescope/{telescope_id}", MANAGE_SOURCES, fresh="telescope_id"),
    Row("GET /api/instrument"),
    Row("GET /api/instrument/{instrument_id}"),
    Row(
        "POST /api/instrument",
        UPLOAD_DATA,
        body=lambda world, _i: {
            "name": f"new {next(numbers)}",
            "type": "imager",
            "telescope_id": world.telescope_id,
            "filters": ["ztfg"],
        },
    ),
    Row("DELETE /api/instrument/{instrument_id}", MANAGE_SOURCES, fresh="instrument_id"),
    # groups and people
    Row("GET /api/groups"),
    Row("GET /api/groups/public"),
    Row("GET /api/groups/{group_id}", None, 403),
    Row("POST /api/groups", UPLOAD_DATA, body=lambda _w, _i: {"name": f"new {next(numbers)}"}),
    Row("GET /api/user"),
    Row("GET /api/roles"),
    Row("GET /api/acls"),
    Row("GET /api/enum_types"),
    Row("GET /api/internal/profile"),
    Row("GET /api/metrics", SYSTEM_ADMIN),
    Row("PATCH /api/internal/profile", body=always({"bio": "none"})),
    Row("GET /api/internal/tokens"),
    Row("POST /api/internal/tokens", body=lambda _w, _i: {"name": f"new {next(numbers)}", "acls": []}),
    Row(
        "POST /api/user", MANAGE_USERS, body=lambda _w, _i: {"username": f"new-{next(numbers)}", "roles": ["View only"]}
    ),
]
ELSEWHERE = {
    "GET /api/openapi.json": "needs no token: tests/http",
    "GET /summarize": "its own token: the summarizer's tests",
    "POST /summarize": "its own token: the summarizer's tests",
    "POST /api/photometry_file": "a file: tests/sources/own_data",
    "POST /api/spectrum_file": "a file: tests/sources/own_data",
    "GET /api/sources/{obj_id}/files/{file_id}": "tests/sources/own_data/test_kept_files.py",
    **dict.fromkeys(
        [f"{method} /api/summary_query/backfill" for method in ("POST", "GET", "DELETE")],
        "administrators only: tests/summary_search/test_backfill.py",
    ),
    "POST /api/relay": "administrators only: tests/relay/test_relays.py",
    "GET /api/relay": "administrators only: tests/relay/test_relays.py",
    "GET /api/relay/{relay_id}": "administrators only: tests/relay/test_relays.py",
    "DELETE /api/relay/{relay_id}": "administrators only: tests/relay/test_relays.py",
    "POST /api/relay/{relay_id}/run": "its own token: tests/relay/test_receive.py",
    "GET /api/obj/analysis/{analysis_id}/relay": "of what came through a relay: tests/relay/test_reading.py",
    "POST /api/obj/analysis/{analysis_id}/forward": "of what came through a relay: tests/relay/test_forward.py",
    "GET /api/health": "needs no token: tests/accounts/test_site.py",
    "GET /api/sysinfo": "needs no token: tests/accounts/test_site.py",
    "POST /api/webhook/obj_analysis/{token}": "its own token: tests/analyses/results/test_webhook.py",
    "POST /api/webhook/obj_analysis/{token}/upload": "its own token: tests/analyses/results/test_large_results.py",
    "POST /api/groups/{group_id}/users": "the group's administrators: below",
    "PATCH /api/groups/{group_id}/users": "the group's administrators: below",
    "DELETE /api/groups/{group_id}/users/{user_id}": "the group's administrators: below",
    "GET /api/user/{user_id}": "tests/accounts/test_users.py",
    "PATCH /api/user/{user_id}": "tests/accounts/test_users.py",
    "POST /api/internal/session": "needs no token: tests/accounts/test_sessions.py",
    "GET /api/internal/session": "tests/accounts/test_sessions.py",
    "DELETE /api/internal/session": "tests/accounts/test_sessions.py",
    "POST /api/internal/session/ticket": "tests/accounts/test_sessions.py",
    **{
        f"{route.method} {route.path}": "needs no token, and answers what is nobody's: tests/pages"
        for route in ROUTES
        if route.view.__module__ == "chalicelib.pages.routes"
    },
    **{
        f"{route.method} {route.path}": "forms and XML: tests/uws"
        for route in ROUTES
        if route.view.__module__ == "chalicelib.uws.routes"
    },
    "GET /api/internal/tokens/{token_id}": "tests/accounts/test_tokens.py",
    "PUT /api/internal/tokens/{token_id}": "tests/accounts/test_tokens.py",
    "DELETE /api/internal/tokens/{token_id}": "tests/accounts/test_tokens.py",
}
"""Endpoints whose rules are about people instead of groups, and where they are tested."""


@pytest.fixture(autouse=True)
def _empty():
    """Leave the tables as they are: the world is made once."""


@pytest.fixture(scope="module")
def world(stack):
    stack.empty()
    with StubService() as stub:
        made = make_world(Api(os.environ["SIDEROSTAT_ADMIN_TOKEN"]), stub)
        made.telescope_id = made.admin.get(f"/api/instrument/{made.instrument_id}").data["telescope_id"]
        made.targets = {target: made.ids(target) for target in TARGETS}
        yield made


def expected(row: Row, actor: str, target: str) -> int:
    """Work out the status from the sentences of the contract's section 2."""
    if actor == "admin":
        return row.ok
    if row.permission is not None and row.permission not in HELD[actor]:
        return 401
    if target == "foreign" and actor != "author":
        return row.foreign
    if row.changers and row.or_with not in HELD[actor]:
        if row.own is not None and row.own not in HELD[actor]:
            return 401
        return row.ok if actor in CHANGERS else 403
    return row.ok


def make_fresh(world, kind, ids):
    if kind == "instrument_id":
        return make_instrument(world.admin, ["ztfg"])
    if kind == "telescope_id":
        body = {
            "name": f"t {next(numbers)}",
            "nickname": "t",
            "diameter": 1.0,
            "lat": 0.0,
            "lon": 0.0,
            "elevation": 0.0,
        }
        return world.admin.post("/api/telescope", body).data["id"]
    if kind == "taxonomy_id":
        body = {"name": f"t {next(numbers)}", "version": "1", "hierarchy": {"class": "SN"}}
        return world.admin.post("/api/taxonomy", body).data["taxonomy_id"]
    return world.make(kind, ids)


def call(world, row: Row, api: Api, target: str, *, fresh: bool):
    ids = {**world.targets[target], "instrument_id": world.instrument_id, "telescope_id": world.telescope_id}
    ids["taxonomy_id"] = world.taxonomy_id
    if row.fresh is not None:
        # who is refused may be refused something that stays
        stays = ids.get(row.fresh, ids.get("analysis_id"))
        ids[row.fresh] = make_fresh(world, row.fresh, ids) if fresh else stays
    if row.rename:
        name, meant = row.rename.split("=")
        ids[name] = ids[meant]
    # new things are shared with what the caller may name
    named = world.groups["foreign" if target == "foreign" else "own"]
    method, path = row.route.split(" ")
    return api.call(method, path.format(**ids), row.body(world, {**ids, "group_ids": named}))


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.route)
def test_every_role_gets_what_the_contract_gives_it(world, row):
    wrong = {}
    for actor, target in CASES:
        wanted = expected(row, actor, target)
        answer = call(world, row, world.people[actor], target, fresh=wanted == row.ok)
        if answer.status != wanted:
            wrong[actor, target] = (answer.status, wanted, answer.body[:200])
    take("triggers")
    assert wrong == {}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.route)
def test_nothing_is_answered_without_a_token(world, row):
    assert call(world, row, Api(None), "own", fresh=False).status == 401


def test_every_endpoint_is_in_the_table():
    known = {row.route.partition("?")[0] for row in TABLE} | ELSEWHERE.keys()
    assert {f"{route.method} {route.path}" for route in ROUTES if route.path.startswith("/api")} == {
        each for each in known if "/api" in each
    }


def test_what_is_no_endpoint_is_a_page_for_everybody_or_the_summarizer():
    """Pages hold nothing that anybody could not read: tests/pages."""
    others = {f"{route.method} {route.path}" for route in ROUTES if not route.path.startswith("/api")}
    pages = {"/", "/sources/{obj_id}", "/sources/{obj_id}/periodogram", "/analyses/{analysis_id}", "/services"}
    pages |= {"/services/{service_id}", "/requests", "/profile", "/assets/{name}", "/favicon.ico"}
    shown = {f"{method} {page}" for method in ("GET", "HEAD") for page in pages}
    assert others == shown | {"GET /summarize", "POST /summarize"}


NOT_THERE = {
    "obj_id": "object-unknown", "service_id": 987654, "upload_id": 987654, "analysis_id": 987654, "open_id": 987654,
    "default_id": 987654, "photometry_id": 987654, "spectrum_id": 987654, "comment_id": 987654,
    "annotation_id": 987654, "classification_id": 987654, "group_id": 987654, "batch_id": 987654,
}  # fmt: skip


@pytest.mark.parametrize(
    "row", [row for row in TABLE if row.foreign != row.ok and "{" in row.route], ids=lambda row: row.route
)
def test_what_is_foreign_and_what_is_not_there_look_the_same(world, row):
    """With the numbers in the messages taken out, no answer tells a foreign record from one that never was."""
    foreign = {**world.targets["foreign"], "open_id": world.targets["foreign"]["analysis_id"]}
    answers = []
    for ids in (foreign, {**foreign, **NOT_THERE}):
        path_ids = dict(ids)
        if row.rename:
            name, meant = row.rename.split("=")
            path_ids[name] = path_ids[meant]
        method, path = row.route.split(" ")
        body = row.body(world, {**path_ids, "group_ids": world.groups["own"]})
        answer = world.people["manager"].call(method, path.format(**path_ids), body)
        text = answer.body.decode()
        for value in sorted(map(str, path_ids.values()), key=len, reverse=True):
            text = text.replace(value, "<id>")
        answers.append((answer.status, text))
    assert answers[0] == answers[1]


def test_lists_and_totals_hold_nothing_foreign(world):
    member, foreign = world.people["member"], world.targets["foreign"]
    visible = {world.targets["own"]["obj_id"], world.targets["shared"]["obj_id"]}
    page = member.get("/api/sources").data
    assert visible <= {source["id"] for source in page["sources"]}
    assert foreign["obj_id"] not in {source["id"] for source in page["sources"]}
    assert page["totalMatches"] == len(page["sources"])
    assert foreign["service_id"] not in {row["id"] for row in member.get("/api/analysis_service").data}
    assert {row["obj_id"] for row in member.get("/api/obj/analysis").data} <= visible
    assert member.get("/api/obj/analysis", analysisServiceID=foreign["service_id"]).data == []
    assert member.get("/api/obj/analysis", objID=foreign["obj_id"]).data == []
    far = world.groups["foreign"][0]
    assert far not in {group["id"] for group in member.get("/api/groups").data["user_groups"]}
    assert member.get("/api/groups", name="far").data == []
    assert member.get("/api/user", group="far").data == {"users": [], "totalMatches": 0}


def test_records_name_only_the_groups_that_the_reader_is_in(world):
    member, shared = world.people["member"], world.targets["shared"]
    near = world.groups["own"][0]
    for path in ("/api/sources/{obj_id}", "/api/analysis_service/{service_id}", ANALYSIS, DEFAULT):
        record = member.get(path.format(**shared)).data
        assert [group["id"] for group in record["groups"]] == [near], path


def test_a_shared_source_shows_what_is_shared_with_the_readers_groups_only(world):
    ids = {**world.targets["shared"], "group_ids": world.groups["foreign"]}
    hidden = {kind: world.make(kind, ids) for kind in ("photometry_id", "comment_id", "annotation_id", "analysis_id")}
    member = world.people["member"]
    source = f"/api/sources/{ids['obj_id']}"
    record = member.get(source, includeAnalyses="true", includeComments="true", includePhotometry="true").data
    seen = {row["id"] for kind in ("analyses", "comments", "photometry", "annotations") for row in record[kind]}
    assert not seen & set(hidden.values())
    assert seen >= {world.targets["shared"][kind] for kind in ("comment_id", "annotation_id", "analysis_id")}
    assert hidden["photometry_id"] not in {row["id"] for row in member.get(f"{source}/photometry").data}
    assert hidden["analysis_id"] not in {row["id"] for row in member.get("/api/obj/analysis").data}
    for kind, path in (("photometry_id", "/api/photometry"), ("analysis_id", "/api/obj/analysis")):
        assert member.get(f"{path}/{hidden[kind]}").status == 403


def test_only_administrators_of_a_group_change_who_is_in_it(world):
    near, far = world.groups["own"][0], world.groups["foreign"][0]
    someone = world.admin.post("/api/user", {"username": f"someone-{next(numbers)}"}).data["id"]
    member = {"userID": someone}
    for actor in ("viewer", "member", "manager", "author"):
        for group_id in (near, far):
            path, api = f"/api/groups/{group_id}/users", world.people[actor]
            answers = [
                api.post(path, member),
                api.patch(path, {**member, "admin": True}),
                api.delete(f"{path}/{someone}"),
            ]
            assert [answer.status for answer in answers] == [403] * 3, actor
    path = f"/api/groups/{near}/users"
    assert [world.admin.post(path, member).status, world.admin.delete(f"{path}/{someone}").status] == [200, 200]
