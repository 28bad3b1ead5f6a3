"""Every `aws` line of docs/deploy.md is understood by the AWS CLI, and done by an embedded AWS as far as that goes."""

import os
import shlex
import subprocess
import sys

import boto3
import pytest
import yaml

from infra.deploy import takeover
from infra.local.aws.embedded_aws import EmbeddedAws
from infra.package.build import TEMPLATE
from infra.package.template import ROOT, text_of
from tests.support.packages import empty_packages, generated

CLI = ROOT / "build" / "awscli"
VERSION = "1.46.3"
LINES = [line for line in (ROOT / "docs" / "deploy.md").read_text().splitlines() if line.startswith("aws ")]
DONE = ("create-bucket", "cloudformation package", "s3 cp", "create-change-set", "describe-change-set", "put-parameter")
"""What the embedded AWS does; of the rest it is only asked whether the CLI takes it."""
NOT_UNDERSTOOD = 252
"""How the CLI ends for a command that it cannot parse; it is 255 if the service refuses."""


@pytest.fixture(scope="module")
def aws():
    """How to call the CLI, in an environment of its own, for it pins another botocore than ours.

    Its program begins with a path that must not hold a space; Python finds its module anywhere.
    """
    if not (CLI / "bin" / "aws").exists():
        subprocess.run([sys.executable, "-m", "venv", str(CLI)], check=True)
        install = [str(CLI / "bin" / "pip"), "install", "-qq", "--disable-pip-version-check", f"awscli=={VERSION}"]
        subprocess.run(install, check=True)
    return [str(CLI / "bin" / "python"), "-m", "awscli"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A place where packages were built that hold nothing, with the whole template."""
    place = tmp_path_factory.mktemp("clone")
    empty_packages(place / "build" / "package", generated(tmp_path_factory, "prod")[0], "prod")
    template = yaml.safe_load((place / "build" / "package" / TEMPLATE).read_text())
    table = takeover.Retained("AnalysesTable", "AWS::DynamoDB::Table", {"TableName": "siderostat-prod-analyses"})
    (place / "left.yaml").write_text(text_of(takeover.template_of(template, [table])))
    return place


@pytest.mark.timeout(900)
def test_each_command_is_understood_and_what_can_be_tried_is_done(aws, folder):
    assert len(LINES) >= 15
    with EmbeddedAws() as embedded:
        environment = {
            "PATH": os.defpath,
            "HOME": str(folder),
            "AWS_ENDPOINT_URL": embedded.url,
            "AWS_ACCESS_KEY_ID": "x",
            "AWS_SECRET_ACCESS_KEY": "y",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_MAX_ATTEMPTS": "1",
        }
        for line in LINES:
            # what waits would wait for what an embedded AWS never does
            words = [*aws, *shlex.split(line)[1:]]
            if " wait " in line:
                continue
            done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
            assert done.returncode != NOT_UNDERSTOOD, (line, done.stderr)
            if any(name in line for name in DONE):
                assert done.returncode == 0, (line, done.stderr)
        names = boto3.client("cloudformation", endpoint_url=embedded.url, region_name="us-east-1").list_stacks()
    assert {each["StackName"] for each in names["StackSummaries"]} == {"siderostat-prod"}
