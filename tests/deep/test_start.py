"""CPU time of the API's function from its start to its first answer, beside that of a bare function."""

import resource
import statistics
import subprocess
import sys
import uuid

import pytest

from infra.local.aws.account import ACCOUNT_ID, REGION
from infra.local.aws.embedded_aws import EmbeddedAws
from infra.local.aws.resources import create_missing
from infra.package.generated import generate
from infra.package.template import ROOT
from tests.support.first_answer import FLOOR, environment, script

RUNS = 15
MOST_TIMES_THE_FLOOR = 1.3
PATHS = (
    "/api/groups",
    "/api/sysinfo",
    "/api/internal/profile",
    "/api/sources",
    "/api/analysis_service",
    "/api/obj/analysis",
)


def cpu_seconds(code, text, aws):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        (sys.executable, "-c", text),
        cwd=code,
        env=environment(code, **aws),
        check=True,
        capture_output=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.fixture(scope="module")
def code(tmp_path_factory):
    """Our code as it lies in the package, compiled."""
    folder = tmp_path_factory.mktemp("package") / "code"
    generate(ROOT, folder, "dev")
    subprocess.run((sys.executable, "-m", "compileall", "-q", str(folder)), check=True)
    return folder


@pytest.mark.timeout(600)
def test_a_first_answer_takes_hardly_more_than_importing_what_every_function_needs(code, monkeypatch):
    token, prefix = str(uuid.uuid4()), f"start-{uuid.uuid4().hex[:8]}"
    with EmbeddedAws() as embedded:
        monkeypatch.setenv("AWS_ENDPOINT_URL", embedded.url)
        create_missing(prefix, ACCOUNT_ID, REGION)
        aws = {"AWS_ENDPOINT_URL": embedded.url, "SIDEROSTAT_PREFIX": prefix, "SIDEROSTAT_ADMIN_TOKEN": token}
        answered = "assert answers == [200], answers\n"
        asked = {path: script(path, token=token) + answered for path in PATHS}
        cpu_seconds(code, asked[PATHS[0]], aws)  # makes the administrator
        cases = {"floor": FLOOR, **asked}
        taken = {name: [] for name in cases}
        for _ in range(RUNS):
            for name, text in cases.items():
                taken[name].append(cpu_seconds(code, text, aws))
    seconds = {name: statistics.median(each) for name, each in taken.items()}

    floor = seconds.pop("floor")

    assert {path: each / floor for path, each in seconds.items() if each > MOST_TIMES_THE_FLOOR * floor} == {}
