"""The modules of what queues and the clock call: each is where functions on AWS begin, and all begin alike."""

import subprocess
import sys

import pytest

from chalicelib.rooms import HANDLERS
from infra.package.template import ROOT
from tests.support.first_answer import environment, told

BEGIN = """
import gc, importlib, json, sys
module = importlib.import_module(sys.argv[1])
from chalicelib import clients
from chalicelib.http.logs import LOGGER
print(json.dumps({
    "clients": sorted(service for service, *_ in clients._made),
    "formats": [type(handler.formatter).__name__ for handler in LOGGER.handlers],
    "collector": [gc.isenabled(), gc.get_freeze_count() > 50_000],
    "app": "app" in sys.modules,
}))
"""


def test_all_of_them_are_named():
    found = {f"chalicelib.{path.parent.name}.handlers" for path in (ROOT / "chalicelib").glob("*/handlers.py")}

    assert set(HANDLERS) == found
    assert len(found) >= 5


@pytest.mark.parametrize("module", HANDLERS)
def test_a_function_makes_its_clients_and_logs_when_it_begins(module):
    command = (sys.executable, "-c", BEGIN, module)
    done = subprocess.run(command, cwd=ROOT, env=environment(ROOT), capture_output=True, text=True, check=True)

    begun = told(done.stdout)

    assert begun == {
        "clients": ["dynamodb", "s3", "sqs"],
        "formats": ["JsonFormatter"],
        "collector": [True, True],  # what it begins with is not looked through for garbage
        "app": False,
    }
