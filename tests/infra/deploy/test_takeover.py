"""What a removed stack left is found under its names, shown, and imported into a new stack before the rest is made."""

import uuid
from types import SimpleNamespace

import boto3
import pytest
from botocore.exceptions import WaiterError

from infra.deploy import takeover
from infra.deploy.errors import DeploymentFailed
from infra.deploy.site import Site
from infra.local.aws import in_process
from infra.local.aws.account import ACCOUNT_ID, REGION
from infra.local.aws.resources import create_missing
from infra.package.build import TEMPLATE
from infra.plain_yaml import read_yaml
from tests.infra.deploy.test_deploy import command

TABLES = {"AnalysesTable", "RegistryTable", "ServicesTable", "SourcesTable"}


@pytest.fixture
def site():
    return Site(f"left-{uuid.uuid4().hex[:8]}", REGION, {"LogDays": "30"})


@pytest.fixture
def left(account, site):
    """What `make destroy` leaves."""
    create_missing(site.stack, ACCOUNT_ID, REGION, client=in_process.client)
    return account


@pytest.fixture
def template(package):
    return read_yaml((package / TEMPLATE).read_text())


def test_nothing_is_taken_over_where_nothing_is(account, template, site):
    assert takeover.retained(template, site, ACCOUNT_ID) == []


def test_tables_bucket_key_and_secret_are_found_by_their_names(left, template, site):
    found = {each.logical_id: each for each in takeover.retained(template, site, ACCOUNT_ID)}

    assert set(found) == TABLES | {"Bucket", "CredentialsKey", "CredentialsKeyAlias", "WebhookSecret"}
    assert found["AnalysesTable"].identifier == {"TableName": f"{site.stack}-analyses"}
    assert found["Bucket"].identifier == {"BucketName": f"{site.stack}-{ACCOUNT_ID}"}
    assert found["CredentialsKeyAlias"].identifier == {"AliasName": f"alias/{site.stack}-credentials"}
    key = boto3.client("kms").describe_key(KeyId=f"alias/{site.stack}-credentials")["KeyMetadata"]["KeyId"]
    assert found["CredentialsKey"].identifier == {"KeyId": key}
    assert found["WebhookSecret"].identifier["Id"].startswith("arn:aws:secretsmanager:")


def test_another_stages_are_not_ours(left, template, site):
    other = Site(f"{site.stage}-2", REGION)

    assert takeover.retained(template, other, ACCOUNT_ID) == []


def test_a_key_that_is_about_to_be_deleted_is_not_passed_over(left, template, site):
    kms = boto3.client("kms")
    key = kms.describe_key(KeyId=f"alias/{site.stack}-credentials")["KeyMetadata"]["KeyId"]
    kms.schedule_key_deletion(KeyId=key)

    with pytest.raises(DeploymentFailed, match=f"cancel-key-deletion --key-id {key}"):
        takeover.retained(template, site, ACCOUNT_ID)


def test_the_template_of_an_import_holds_what_is_there_and_all_that_this_refers_to(left, template, site):
    found = takeover.retained(template, site, ACCOUNT_ID)
    small = takeover.template_of(template, found)

    assert set(small["Resources"]) == {each.logical_id for each in found}
    assert "Transform" not in small
    assert "Outputs" not in small
    for resource in small["Resources"].values():
        assert resource["DeletionPolicy"] == "RetainExceptOnCreate"
        assert set(references(resource)) <= {*small["Resources"], *small["Parameters"]}
        assert set(conditions(resource)) <= set(small["Conditions"])


def references(value):
    for key, inner in pairs(value):
        if key == "Ref":
            yield inner
        elif key == "Fn::GetAtt":
            yield inner[0]
        yield from references(inner)


def conditions(value):
    for key, inner in pairs(value):
        if key == "Fn::If":
            yield inner[0]
        yield from conditions(inner)


def pairs(value):
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def test_what_is_there_is_shown_and_nothing_is_made_unless_somebody_agrees(left, package, site):
    done = command("deploy", "--stage", site.stage, "--region", REGION, "--package", package)

    assert f"> takes over AnalysesTable  (AWS::DynamoDB::Table, {site.stack}-analyses)" in done.stdout, done.stderr
    assert "Nothing was changed" in done.stdout
    assert "+ adds" not in done.stdout
    assert done.returncode == 1
    listed = boto3.client("cloudformation").list_change_sets(StackName=site.stack)["Summaries"]
    [made] = [each for each in listed if each["StackName"] == site.stack]  # moto lists those of all stacks
    assert made["ChangeSetName"].startswith("take-over-")


class Formation:
    """Keeps what it is asked for; `waiting` is what a waiter of it does."""

    def __init__(self, waiting=lambda: None):
        self.asked, self._waiting = [], waiting

    def create_change_set(self, **asked):
        self.asked.append(asked)

    def execute_change_set(self, **asked):
        self.asked.append(asked)

    def get_waiter(self, name):
        self.asked.append(name)
        return SimpleNamespace(wait=lambda **_: self._waiting())


def test_it_is_asked_for_as_an_import_with_identifiers_and_parameters(left, template, site):
    formation = Formation()
    found = takeover.retained(template, site, ACCOUNT_ID)
    name = takeover.make(formation, site, template, found)
    takeover.carry_out(formation, site, name)

    made, created, executed, imported = formation.asked
    assert made["ChangeSetType"] == "IMPORT"
    assert {each["LogicalResourceId"]: each["ResourceIdentifier"] for each in made["ResourcesToImport"]} == {
        each.logical_id: each.identifier for each in found
    }
    assert {"ParameterKey": "Prefix", "ParameterValue": site.stack} in made["Parameters"]
    assert {"ParameterKey": "LogDays", "ParameterValue": "30"} in made["Parameters"]
    assert len(made["TemplateBody"].encode()) < 51_200  # CloudFormation's limit for a body
    assert (created, imported) == ("change_set_create_complete", "stack_import_complete")
    assert executed == {"StackName": site.stack, "ChangeSetName": name}


def test_what_cannot_be_taken_over_is_said_with_the_reason(left, template, site):
    def fail():
        raise WaiterError("w", "failed", {"StatusReason": "Resources [Bucket] is already in a stack"})

    with pytest.raises(DeploymentFailed, match="already in a stack"):
        takeover.make(Formation(fail), site, template, takeover.retained(template, site, ACCOUNT_ID))
    with pytest.raises(DeploymentFailed, match="is as it was"):
        takeover.carry_out(Formation(fail), site, "take-over-1")
