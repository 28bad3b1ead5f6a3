import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

HEAVY = {"astropy", "numpy", "scipy", "pandas", "matplotlib", "arviz", "corner", "h5py", "joblib", "openai"}

IMPORT = """
import json, socket, sys

def refuse(*arguments, **named):
    raise AssertionError("the network was used on import")

socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
import app
print(json.dumps(sorted(name.partition(".")[0] for name in sys.modules)))
"""


def imported(environment):
    done = subprocess.run(
        [sys.executable, "-c", IMPORT], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def test_the_application_imports_without_network_and_without_what_only_products_need():
    names = imported(os.environ | {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"})

    assert "chalicelib" in names
    assert names & HEAVY == set()


def test_the_application_imports_without_any_setting():
    assert "chalicelib" in imported({"PATH": os.defpath})


def test_the_api_function_begins_without_what_its_requests_seldom_need():
    lambda_function = {
        "PATH": os.defpath,
        "AWS_LAMBDA_FUNCTION_NAME": "siderostat-dev-api",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "y",
    }

    names = imported(lambda_function)
    assert names & {"asyncio", "dotenv", "oauthlib", "openai", "pydantic_settings", "requests"} == set()
