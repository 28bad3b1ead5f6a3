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
