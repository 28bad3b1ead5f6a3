"""What a command imports before it does anything: nothing that it can do without."""

import json
import subprocess
import sys

import pytest

from tests.infra.test_import import HEAVY, ROOT

OF_THE_APPLICATION = {"boto3", "botocore", "chalice", "moto", "pydantic", "pynamodb"}
IMPORT = "import importlib, json, sys; importlib.import_module(sys.argv[1]); print(json.dumps(sorted(sys.modules)))"


@pytest.mark.parametrize(
    ("module", "not_needed"),
    [
        ("infra.local.own_data.importing", OF_THE_APPLICATION),
        ("infra.local.own_data.exporting", OF_THE_APPLICATION),
        ("infra.local.installation.backup", OF_THE_APPLICATION | {"requests", "http.client"}),
        ("infra.local.installation.restore", OF_THE_APPLICATION | {"requests", "http.client"}),
        ("infra.local.installation.transfer", {"chalice", "moto", "pydantic", "pynamodb", "requests"}),
        ("infra.deploy.__main__", {"chalice", "moto", "pydantic", "pynamodb"}),
        ("infra.local.processes.isolated", OF_THE_APPLICATION | {"requests", "http.client"}),
        ("infra.local.products.run_products", OF_THE_APPLICATION | {"requests"}),
    ],
)
def test_a_command_imports_nothing_that_it_can_do_without(module, not_needed):
    done = subprocess.run((sys.executable, "-c", IMPORT, module), cwd=ROOT, capture_output=True, text=True, check=True)

    imported = set(json.loads(done.stdout))
    assert module in imported
    assert not (not_needed | HEAVY) & imported
