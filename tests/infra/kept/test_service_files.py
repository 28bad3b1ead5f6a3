"""What belongs to a service: the unit, the compose file, the proxies, and the page that says how."""

import configparser
import getpass
import json
import re
import shlex
import shutil
import subprocess

import pytest
import requests
import yaml

from chalicelib.settings import Settings
from infra.local.aws.account import ACCOUNT_ID
from infra.local.http.listening import free_port
from infra.local.options import Backup, Environment, Options, Restore, Transfer, parse
from tests.infra.kept.command import run
from tests.infra.serve import ROOT, Serve

BUCKET = f"siderostat-{ACCOUNT_ID}"
FOLDER = ROOT / "infra" / "local" / "service"
PAGE = (ROOT / "docs" / "one-machine.md").read_text()
COMMANDS = [
    line.split("    #")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
]
OF_COMPOSE = {
    "build", "cap_drop", "command", "depends_on", "environment", "healthcheck", "image", "init", "ports", "read_only",
    "restart", "security_opt", "stop_grace_period", "tmpfs", "volumes",
}  # fmt: skip
"""Those keys of a service in the Compose Specification that are used."""

OURS = [line.removeprefix("python -m infra.local ") for line in COMMANDS if line.startswith("python -m infra.local ")]


def test_the_unit_ends_the_first_process_alone_and_keeps_the_folder_private():
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read_string((FOLDER / "siderostat.service").read_text())
    service = unit["Service"]
    assert (service["KillMode"], service["StateDirectoryMode"], service["UMask"]) == ("mixed", "0700", "0077")
    assert int(service["TimeoutStopSec"]) > 10
    _, words = service["ExecStart"].split(" -m infra.local ")
    options = parse(shlex.split(words))
    assert isinstance(options, Options)
    assert str(options.data) == f"/var/lib/{service['StateDirectory']}"
    assert options.log_file(options.port) is None


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="takes systemd-analyze")
def test_systemd_takes_the_unit(tmp_path):
    unit = (FOLDER / "siderostat.service").read_text()
    for ours, here in (
        ("/opt/siderostat/.venv/bin/python", "/bin/sh"),  # a checkout may lie where systemd takes no path
        ("/opt/siderostat", "/"),
        ("User=siderostat", f"User={getpass.getuser()}"),
    ):
        assert ours in unit
        unit = unit.replace(ours, here)
    (tmp_path / "siderostat.service").write_text(unit)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / "siderostat.service")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_containers_run_the_same_command_and_are_asked_for_their_health():
    compose = yaml.safe_load((FOLDER / "compose.yaml").read_text())
    service = compose["services"]["siderostat"]
    options = parse([word.replace("${SITE:-siderostat.example.org}", "a.example") for word in service["command"]])
    assert isinstance(options, Options)
    assert (str(options.data), options.host, options.public_url) == ("/data", "0.0.0.0", "https://a.example")
    assert "/api/health" in service["healthcheck"]["test"][-1]
    assert (FOLDER / service["build"]["context"] / service["build"]["dockerfile"]).exists()
    assert compose.keys() == {"services", "volumes"}
    for each in compose["services"].values():
        assert each.keys() <= OF_COMPOSE
        for volume in each["volumes"]:
            source = volume.split(":")[0]
            assert (FOLDER / source).exists() if source.startswith("./") else source in compose["volumes"]
        assert set(each.get("depends_on", [])) <= compose["services"].keys()


def test_the_image_holds_what_runs_and_nothing_that_is_made_here_or_secret():
    recipe = (FOLDER / "Dockerfile").read_text()
    for words in re.findall(r"^COPY (.*)$", recipe, re.MULTILINE):
        assert all((ROOT / source).exists() for source in words.split()[:-1])
    command = json.loads(re.search(r"^CMD (.*)$", recipe, re.MULTILINE)[1])
    assert isinstance(parse(command), Options)
    assert json.loads(re.search(r"^ENTRYPOINT (.*)$", recipe, re.MULTILINE)[1]) == ["python", "-m", "infra.local"]
    assert "npm --prefix web run build" in recipe
    ignored = (FOLDER / "Dockerfile.dockerignore").read_text().splitlines()
    assert {"**/.venv*", "**/node_modules", ".git", "build"} <= set(ignored)


@pytest.mark.parametrize(
    ("name", "unit"), [("Caddyfile", "max_size {}MB"), ("nginx.conf", "client_max_body_size {}m;")]
)
def test_a_proxy_lets_large_results_through_to_the_bucket_alone(name, unit):
    text = (FOLDER / name).read_text()
    before, after = text.split(f"/{BUCKET}", 1)
    assert unit.format(258) in after[: after.index("}")]
    assert Settings().max_upload_bytes + 1_000_000 < 258_000_000
    assert f"/{BUCKET}" not in before
    assert unit.format(11) in text


def test_every_command_of_the_page_is_one():
    kinds = {type(parse(shlex.split(line))) for line in OURS}
    assert kinds == {Options, Backup, Restore, Transfer}
    assert Environment not in kinds
    done = subprocess.run(
        ["make", "--dry-run", *shlex.split(COMMANDS[0])[1:]], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert COMMANDS[0].startswith("make run DATA=")
    assert '--once --data "/var/lib/siderostat"' in done.stdout


def test_the_commands_of_the_page_do_what_it_says(tmp_path, plain_folder):
    port = free_port()
    places = {
        "/var/lib/siderostat": str(plain_folder / "siderostat"),
        "/backup/siderostat.tar": str(plain_folder / "siderostat.tar"),
        "--port 8000": f"--port {port}",
    }

    def placed(line):
        for name, place in places.items():
            line = line.replace(name, place)
        return line

    [serve, *_] = [line for line in OURS if line.startswith("serve")]
    stack = Serve(tmp_path / "log", *shlex.split(placed(serve))[1:]).wait_until_ready()
    try:
        curls = [placed(line).replace("127.0.0.1:8000", f"127.0.0.1:{port}") for line in COMMANDS if "curl" in line]
        assert len(curls) == 2
        for curl in curls:
            answer = subprocess.run(["sh", "-c", curl], capture_output=True, text=True, check=True, timeout=60)
            assert '"status":"success"' in answer.stdout.replace(" ", "")
        assert requests.get(f"{stack.url}/api/health", timeout=30).json()["data"] == {"healthy": True}
        for command in ("backup", "restore"):
            [line] = [line for line in OURS if line.startswith(command)]
            done = run(*shlex.split(placed(line)))
            assert (done.returncode, done.stderr) == (0, "")
    finally:
        stack.end()
    assert (plain_folder / "siderostat-2" / "admin-token").read_text() == (
        plain_folder / "siderostat" / "admin-token"
    ).read_text()
