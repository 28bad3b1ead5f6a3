"""`make deploy` as far as an embedded AWS goes: packages are uploaded, and the change set says what would be made."""

import os
import subprocess
import sys
import uuid

import boto3
import pytest

from infra.deploy.errors import DeploymentFailed
from infra.deploy.site import Site
from infra.deploy.upload import make_bucket, upload
from infra.package.template import ROOT
from infra.plain_yaml import read_yaml


def command(*arguments, answer="no\n"):
    return subprocess.run(
        [sys.executable, "-m", "infra.deploy", *map(str, arguments)],
        cwd=ROOT,
        input=answer,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def stage():
    return f"try-{uuid.uuid4().hex[:8]}"


def test_the_change_set_is_shown_and_nothing_is_made_unless_somebody_agrees(account, package, stage):
    done = command("deploy", "--stage", stage, "--region", "us-east-1", "--package", package)

    assert "+ adds AnalysesTable  (AWS::DynamoDB::Table)" in done.stdout, done.stderr
    assert "+ adds APIHandler  (AWS::Serverless::Function)" in done.stdout
    assert "Nothing was changed" in done.stdout
    assert done.returncode == 1
    assert f"siderostat-{stage}-analyses" not in boto3.client("dynamodb").list_tables()["TableNames"]


def test_the_uploaded_template_names_the_uploaded_packages(account, package):
    s3, bucket = boto3.client("s3"), f"packages-{os.getpid()}"
    make_bucket(s3, bucket, "us-east-1")
    make_bucket(s3, bucket, "us-east-1")
    key = upload(s3, bucket, package)

    template = read_yaml(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    keys = {each["Key"] for each in s3.list_objects_v2(Bucket=bucket)["Contents"]}
    functions = [each["Properties"] for each in template["Resources"].values() if "Handler" in each["Properties"]]
    named = {
        code.get("Key") or code.get("S3Key") for each in functions for code in [each.get("CodeUri") or each["Code"]]
    }
    assert named == {each for each in keys if each.endswith(".zip")}
    assert len(named) == 4
    assert upload(s3, bucket, package) == key
    assert {each["Key"] for each in s3.list_objects_v2(Bucket=bucket)["Contents"]} == keys


@pytest.mark.parametrize("stage", ["Prod", "1st", "a_b", "-x", "x-", "a" * 30, ""])
def test_a_stage_that_no_bucket_could_be_named_after_is_refused(stage):
    with pytest.raises(DeploymentFailed, match="lower-case"):
        Site(stage, "us-east-1")


def test_stages_are_stacks_of_their_own():
    assert Site("dev", "us-east-1").stack != Site("dev-2", "us-east-1").stack


@pytest.mark.parametrize("half", [("--domain", "api.example.org"), ("--certificate", "arn:aws:acm:us-east-1:1:x")])
def test_a_domain_without_a_certificate_is_refused_before_anything_is_built(stage, half):
    done = command("deploy", "--stage", stage, "--region", "us-east-1", *half)
    assert (done.returncode, done.stdout) == (1, "")
    assert "DOMAIN and CERTIFICATE belong together" in done.stderr


def test_somebody_without_credentials_is_told_where_they_come_from(package, tmp_path):
    nobody = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "AWS_EC2_METADATA_DISABLED": "true"}
    words = ["destroy", "--stage", "dev", "--region", "us-east-1", "--yes"]
    done = subprocess.run(
        [sys.executable, "-m", "infra.deploy", *words],
        cwd=ROOT,
        env=nobody,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "AWS_PROFILE" in done.stderr


def test_an_account_that_cannot_be_reached_is_a_sentence(package):
    environment = {"PATH": os.environ["PATH"], "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"}
    credentials = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y"}
    done = subprocess.run(
        [sys.executable, "-m", "infra.deploy", "destroy", "--stage", "dev", "--region", "us-east-1", "--yes"],
        cwd=ROOT,
        env=environment | credentials,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "127.0.0.1:9" in done.stderr
