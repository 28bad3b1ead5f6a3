"""`make destroy` as far as an embedded AWS goes: what is kept is said and why, and the rest goes if somebody agrees."""

import uuid

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.local.aws.account import ACCOUNT_ID
from infra.local.aws.resources import template
from infra.package.template import text_of
from tests.infra.deploy.test_deploy import command

KNOWN_TO_MOTO = {"AWS::DynamoDB::Table", "AWS::KMS::Key", "AWS::S3::Bucket", "AWS::SQS::Queue"}


@pytest.fixture
def stage(account):
    """A stack of what holds data and of queues, which moto can make."""
    made = f"gone-{uuid.uuid4().hex[:8]}"
    whole = template()
    known = {name: each for name, each in whole["Resources"].items() if each["Type"] in KNOWN_TO_MOTO}
    boto3.client("cloudformation").create_stack(
        StackName=f"siderostat-{made}",
        TemplateBody=text_of({**whole, "Resources": known}),
        Parameters=[{"ParameterKey": "Prefix", "ParameterValue": f"siderostat-{made}"}],
    )
    return made


def destroy(stage, *arguments, answer="no\n"):
    return command("destroy", "--stage", stage, "--region", "us-east-1", *arguments, answer=answer)


def status_of(stage):
    formation = boto3.client("cloudformation")
    try:
        return formation.describe_stacks(StackName=f"siderostat-{stage}")["Stacks"][0]["StackStatus"]
    except ClientError as error:
        return str(error)


def test_what_stays_is_said_with_the_reason_and_nothing_goes_unless_somebody_agrees(stage):
    done = destroy(stage)

    for name, reason in (
        (f"siderostat-{stage}-analyses", "holds what people entered"),
        (f"siderostat-{stage}-registry", "holds what people entered"),
        (f"siderostat-{stage}-{ACCOUNT_ID}", "holds results, plots and inputs"),
    ):
        assert [line for line in done.stdout.splitlines() if line.strip().startswith(f"{name}  {reason}")], done.stdout
    assert "nobody reads the credentials" in done.stdout
    assert f"siderostat-{stage}-dispatch" not in done.stdout
    assert done.returncode == 1
    assert status_of(stage) == "CREATE_COMPLETE"


@pytest.mark.parametrize("agreed", [("--yes",), ()])
def test_the_stack_goes_when_somebody_agrees(stage, agreed):
    done = destroy(stage, *agreed, answer="yes\n")

    assert (done.returncode, done.stderr) == (0, "")
    assert f"siderostat-{stage} is gone." in done.stdout
    assert "does not exist" in status_of(stage)


def test_a_stack_that_is_not_there_is_a_sentence(account):
    done = destroy("never-made", "--yes")

    assert (done.returncode, done.stderr) == (1, "There is no stack siderostat-never-made in us-east-1.\n")
