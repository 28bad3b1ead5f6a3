"""From the start of a function to its first answer: scripts that a process of its own runs on a package's code."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from infra.local.aws import in_process
from infra.local.aws.account import ACCOUNT_ID, REGION
from infra.local.aws.embedded_aws import EmbeddedAws
from infra.local.aws.resources import create_missing

PATHS = (
    "/nowhere",
    "/api/sysinfo",
    "/api/groups",
    "/api/internal/profile",
    "/api/sources",
    "/api/analysis_service",
    "/api/obj/analysis",
)

SCRIPT = """
import json, sys
import app
from chalicelib import clients

def event(path):
    return {
        "resource": path,
        "path": path,
        "httpMethod": "GET",
        "headers": HEADERS,
        "multiValueHeaders": {name: [value] for name, value in HEADERS.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {"resourcePath": path, "path": path, "httpMethod": "GET", "requestId": "r", "identity": {}},
        "body": None,
        "isBase64Encoded": False,
    }

made = sorted(service for service, *_ in clients._made)
answers = [app.app(event(path), None)["statusCode"] for path in PATHS]
"""

TELL = """
made_since = sorted(service for service, *_ in clients._made)
print(json.dumps({"answers": answers, "modules": sorted(sys.modules), "made": [made, made_since]}))
"""

FLOOR = """
import boto3, chalice, pynamodb.models
chalice.Chalice(app_name="floor")
boto3.client("dynamodb")
"""

COUNT = """
import sys
calls = [0]
def count(frame, event, argument):
    if event in ("call", "c_call"):
        calls[0] += 1
sys.setprofile(count)
"""

TELL_COUNT = """
sys.setprofile(None)
import json
print(json.dumps({"calls": calls[0], "modules": sorted(sys.modules)}))
"""


@dataclass(frozen=True)
class Package:
    """Our code as it lies in the package, compiled, and what its function finds in its environment."""

    code: Path
    token: str
    """The first administrator's."""
    aws: dict[str, str]

    @classmethod
    @contextmanager
    def beside_aws(cls, code: Path) -> Iterator[Self]:
        """Put it beside an embedded AWS that has all resources, and a first administrator who was here before."""
        token, prefix = str(uuid.uuid4()), f"start-{uuid.uuid4().hex[:8]}"
        with EmbeddedAws() as embedded:
            create_missing(prefix, ACCOUNT_ID, REGION, client=in_process.client)
            aws = {"AWS_ENDPOINT_URL": embedded.url}
            package = cls(code, token, {**aws, "SIDEROSTAT_PREFIX": prefix, "SIDEROSTAT_ADMIN_TOKEN": token})
            package.run(script("/api/groups", token=token))
            yield package

    def run(self, text: str) -> str:
        """Run a script in a process of its own, and return what it printed."""
        done = subprocess.run(
            (sys.executable, "-c", text),
            cwd=self.code,
            env=environment(self.code, **self.aws),
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout


def counted(text: str) -> str:
    """Return a script that also prints how many calls of Python it took, and which modules it imported.

    Both are the same at every run, however busy the machine is.
    """
    return COUNT + text + TELL_COUNT


def script(*paths: str, token: str | None = None, tell: bool = False) -> str:
    """Return a script that asks for these paths, one after the other, and may print what it then knows."""
    headers = {"Host": "example.org"} | ({} if token is None else {"Authorization": f"token {token}"})
    return f"HEADERS = {headers!r}\nPATHS = {list(paths)!r}\n" + SCRIPT + (TELL if tell else "")


def environment(code: Path, **more: str) -> dict[str, str]:
    """Return what Lambda would set: nothing of this process, and no network but what is named."""
    packages = next(folder for folder in sys.path if folder.endswith("site-packages"))
    return {
        "PATH": os.defpath,
        "PYTHONPATH": os.pathsep.join((str(code), packages)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_LAMBDA_FUNCTION_NAME": "siderostat-dev-api",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        **more,
    }


def told(output: str) -> dict[str, object]:
    """Return what a script printed last."""
    found: dict[str, object] = json.loads(output.splitlines()[-1])
    return found
