"""From the start of the API's function to its first answer: what is imported on the way, and what is not."""

import json
import subprocess
import sys

import pytest

from app import app
from tests.infra.test_import import HEAVY, ROOT
from tests.support.first_answer import FLOOR, PATHS, Package, counted, environment, script, told
from tests.support.packages import generated

NOT_FOR_AN_ANSWER = HEAVY | {
    "asyncio", "boto3", "dotenv", "email.mime", "jinja2", "multiprocessing", "oauthlib", "prometheus_client",
    "pydantic_settings", "requests", "requests_oauthlib", "s3transfer", "xmlrpc",
}  # fmt: skip
MOST_MODULES = 400
"""Of which 340 are Python's own, botocore's, Chalice's and PynamoDB's."""

TELL_OF_ALL = {"/api/openapi.json", "/api/enum_types"}
MOST_TIMES_THE_CALLS, MOST_TIMES_THE_MODULES = 1.75, 1.35
"""Of a bare function with boto3, Chalice, PynamoDB and one client."""


@pytest.fixture(scope="module")
def code(tmp_path_factory):
    """Our code as it lies in the package of the API."""
    return generated(tmp_path_factory, "dev")[1]


def run(code, text):
    done = subprocess.run(
        (sys.executable, "-c", text), cwd=code, env=environment(code), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return told(done.stdout)


def rooms(modules):
    """The rooms of which a module with routes is imported."""
    return {name for name in modules if ".routes." in name or name.endswith(".routes")}


def test_nothing_is_imported_for_a_path_that_does_not_exist(code):
    told = run(code, script("/nowhere", tell=True))

    assert told["answers"] == [404]
    assert rooms(told["modules"]) == set()
    assert not {"pydantic", *NOT_FOR_AN_ANSWER} & set(told["modules"])
    assert len(told["modules"]) <= MOST_MODULES


@pytest.mark.parametrize(
    ("path", "status", "room"),
    [("/api/sysinfo", 200, "accounts.routes.site"), ("/api/groups", 401, "accounts.routes.groups")],
)
def test_an_answer_needs_the_modules_of_its_path_alone(code, path, status, room):
    told = run(code, script(path, tell=True))

    assert told["answers"] == [status]
    assert rooms(told["modules"]) == {
        "chalicelib.accounts.routes",
        "chalicelib.accounts.routes.blueprint",
        f"chalicelib.{room}",
    }
    assert not NOT_FOR_AN_ANSWER & set(told["modules"])
    assert len(told["modules"]) <= MOST_MODULES + 120  # pydantic's, and the room's


def test_clients_are_made_once_before_the_first_request(code):
    told = run(code, script("/nowhere", "/api/sysinfo", tell=True))

    assert told["made"] == [["dynamodb", "s3", "sqs"]] * 2


def test_every_route_is_there_when_it_is_asked_for(code):
    text = (
        script()
        + """
found = {}
for path in sorted(app.app._not_imported):
    app.app(event(path), None)
    found[path] = sorted(app.app.routes[path])
print(json.dumps(found))
"""
    )
    whole = {path: sorted(methods) for path, methods in app.routes.items()}

    assert len(whole) > 100
    assert run(code, text) == whole


def test_what_tells_of_all_rooms_knows_all_of_them_though_nobody_else_was_asked(code):
    asked = """
from chalicelib.accounts import enumerations
app.app(event("/api/enum_types"), None)
print(json.dumps([sorted(app.app.routes), enumerations.declared()]))
"""
    told = """
import app, json
from chalicelib.accounts import enumerations
print(json.dumps([sorted(app.app.routes), enumerations.declared()]))
"""
    packaged = run(code, script() + asked)

    assert packaged == run(ROOT, told)
    assert len(packaged[1]) >= 9


def test_a_source_includes_its_analyses_though_their_room_was_never_asked(code):
    text = (
        script()
        + """
from chalicelib.sources.includes import INCLUDES
print(json.dumps(sorted(INCLUDES)))
"""
    )
    assert run(code, text) == ["analyses"]


def test_what_a_function_begins_with_is_not_looked_through_for_garbage(code):
    text = (
        script("/api/sysinfo")
        + """
import gc
print(json.dumps([gc.isenabled(), gc.get_freeze_count() > 50_000]))
"""
    )
    assert run(code, text) == [True, True]


def test_the_index_names_modules_of_the_package_alone(code):
    index = json.loads((code / "chalicelib" / "http" / "routes.json").read_text())

    assert set(index) == set(app.routes)
    for modules in index.values():
        assert all((code / (name.replace(".", "/") + ".py")).is_file() for name in modules)


@pytest.fixture(scope="module")
def package(code):
    """The package beside AWS."""
    with Package.beside_aws(code) as built:
        yield built


@pytest.fixture(scope="module")
def floor(package):
    """What a bare function takes: calls and modules."""
    return told(package.run(counted(FLOOR)))


@pytest.mark.parametrize("path", PATHS)
def test_a_first_answer_takes_hardly_more_than_importing_what_every_function_needs(package, floor, path):
    answered = f"assert answers == [{404 if path == '/nowhere' else 200}], answers\n"

    needed = told(package.run(counted(script(path, token=package.token) + answered)))

    assert needed["calls"] <= MOST_TIMES_THE_CALLS * floor["calls"]
    assert len(needed["modules"]) <= MOST_TIMES_THE_MODULES * len(floor["modules"])


def test_no_path_needs_what_documents_the_answers(code):
    paths = sorted(set(app.routes) - TELL_OF_ALL)

    told = run(code, script(*paths, tell=True))

    assert len(rooms(told["modules"])) > 30
    assert [name for name in told["modules"] if name.endswith(".answers")] == []
