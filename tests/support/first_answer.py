"""From the start of a function to its first answer: scripts that a process of its own runs on a package's code."""

import json
import os
import sys
from pathlib import Path

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
