"""Taking over what a stack left when it was removed: it keeps its names, so that a new stack could not make it again.

CloudFormation imports what is there into a stack by a change set of its own, whose template holds nothing else; an
ordinary one then makes the rest. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources.html
"""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import ClientError, WaiterError

from infra.deploy.change_set import WAIT
from infra.deploy.errors import DeploymentFailed
from infra.deploy.site import Site
from infra.package.template import text_of

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

Template = dict[str, Any]

_MISSING = {"404", "NoSuchBucket", "NotFoundException", "ResourceNotFoundException"}
_NAMES = ("TableName", "BucketName", "AliasName", "Name")
_KEY_GOES = "PendingDeletion"


@dataclass(frozen=True, slots=True)
class Retained:
    """A resource that a stack left, as CloudFormation imports it."""

    logical_id: str
    kind: str
    identifier: dict[str, str]

    def __str__(self) -> str:
        return f"> takes over {self.logical_id}  ({self.kind}, {', '.join(self.identifier.values())})"


def retained(template: Template, site: Site, account: str) -> list[Retained]:
    """Return what of a template's resources is there already, under the names that the site's would have.

    Parameters
    ----------
    template : dict
        The whole one, as it was built.
    site : Site
        Where, and which prefix.
    account : str
        Number of the account.

    Raises
    ------
    DeploymentFailed
        The key that the credentials were sealed with is about to be deleted.
    """
    names = {"${Prefix}": site.stack, "${AWS::AccountId}": account}
    found = []
    for logical_id, resource in template["Resources"].items():
        if resource.get("DeletionPolicy") == "RetainExceptOnCreate" and resource["Type"] in _FINDERS:
            identifier = _FINDERS[resource["Type"]](site, _named(resource, names))
            if identifier is not None:
                found.append(Retained(logical_id, resource["Type"], identifier))
    return found


def template_of(template: Template, resources: list[Retained]) -> Template:
    """Return a template of these resources alone: an import makes and changes nothing else."""
    taken = {each.logical_id: template["Resources"][each.logical_id] for each in resources}
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        # all of them, though only some are referred to, so that the next change set finds the values that it keeps
        "Parameters": template["Parameters"],
        "Conditions": template["Conditions"],
        "Resources": taken,
    }


def make(formation: "CloudFormationClient", site: Site, template: Template, resources: list[Retained]) -> str:
    """Make the change set that imports these resources into a new stack, and return its name.

    Raises
    ------
    DeploymentFailed
        CloudFormation refuses it.
    """
    name = f"take-over-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}"
    given = {**site.parameters, "Prefix": site.stack}
    formation.create_change_set(
        StackName=site.stack,
        ChangeSetName=name,
        ChangeSetType="IMPORT",
        TemplateBody=text_of(template_of(template, resources)),
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in sorted(given.items())],
        ResourcesToImport=[
            {
                "ResourceType": each.kind,
                "LogicalResourceId": each.logical_id,
                "ResourceIdentifier": each.identifier,
            }
            for each in resources
        ],
    )
    try:
        formation.get_waiter("change_set_create_complete").wait(
            StackName=site.stack, ChangeSetName=name, WaiterConfig=WAIT
        )
    except WaiterError as error:
        reason = error.last_response.get("StatusReason", error)
        raise DeploymentFailed(f"CloudFormation does not take over what is there: {reason}") from None
    return name


def carry_out(formation: "CloudFormationClient", site: Site, name: str) -> None:
    """Import, and wait for the end.

    Raises
    ------
    DeploymentFailed
        It failed; what was there is as it was.
    """
    formation.execute_change_set(StackName=site.stack, ChangeSetName=name)
    try:
        formation.get_waiter("stack_import_complete").wait(StackName=site.stack, WaiterConfig=WAIT)
    except WaiterError as error:
        raise DeploymentFailed(
            f"What is there could not be taken over by {site.stack}, and is as it was: {error}"
        ) from None


def _named(resource: Template, names: dict[str, str]) -> str:
    """Return the name of a resource; nothing for a key, which has none."""
    properties = resource["Properties"]
    named: str = next((properties[key]["Fn::Sub"] for key in _NAMES if key in properties), "")
    for placeholder, value in names.items():
        named = named.replace(placeholder, value)
    return named


def _table(site: Site, name: str) -> dict[str, str] | None:
    dynamodb = boto3.client("dynamodb", region_name=site.region)
    return _if_there(lambda: dynamodb.describe_table(TableName=name), lambda _: {"TableName": name})


def _bucket(site: Site, name: str) -> dict[str, str] | None:
    s3 = boto3.client("s3", region_name=site.region)
    return _if_there(lambda: s3.head_bucket(Bucket=name), lambda _: {"BucketName": name})


def _secret(site: Site, name: str) -> dict[str, str] | None:
    manager = boto3.client("secretsmanager", region_name=site.region)
    return _if_there(lambda: manager.describe_secret(SecretId=name), lambda found: {"Id": found["ARN"]})


def _alias(site: Site, name: str) -> dict[str, str] | None:
    kms = boto3.client("kms", region_name=site.region)
    return _if_there(lambda: kms.describe_key(KeyId=name), lambda _: {"AliasName": name})


def _key(site: Site, _: str) -> dict[str, str] | None:
    """Find the key by its alias, which is kept with it."""
    kms = boto3.client("kms", region_name=site.region)
    alias = f"alias/{site.stack}-credentials"
    found = _if_there(
        lambda: kms.describe_key(KeyId=alias),
        lambda answer: {"KeyId": answer["KeyMetadata"]["KeyId"], "state": answer["KeyMetadata"]["KeyState"]},
    )
    if found is not None and found.pop("state") == _KEY_GOES:
        raise DeploymentFailed(
            f"The key behind {alias} is about to be deleted, and with it all credentials in the tables: "
            f"`aws kms cancel-key-deletion --key-id {found['KeyId']}` and `aws kms enable-key` keep it."
        )
    return found


def _if_there(ask: Any, identifier: Any) -> dict[str, str] | None:  # noqa: ANN401 - boto3's answers
    try:
        answer = ask()
    except ClientError as error:
        if error.response["Error"]["Code"] in _MISSING:
            return None
        raise
    made: dict[str, str] = identifier(answer)
    return made


_FINDERS = {
    "AWS::DynamoDB::Table": _table,
    "AWS::S3::Bucket": _bucket,
    "AWS::KMS::Key": _key,
    "AWS::KMS::Alias": _alias,
    "AWS::SecretsManager::Secret": _secret,
}
