"""Removing a stack, and saying what stays."""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError, WaiterError

from infra.deploy.change_set import WAIT
from infra.deploy.errors import DeploymentFailed
from infra.deploy.site import Site

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

_REASONS = {
    "AWS::DynamoDB::Table": "holds what people entered and what became of it",
    "AWS::S3::Bucket": "holds results, plots and inputs",
    "AWS::KMS::Key": "without it nobody reads the credentials in the tables",
    "AWS::KMS::Alias": "names the key",
    "AWS::SecretsManager::Secret": "callbacks that are on their way, and the administrator, are known by it",
    "AWS::ApiGateway::Account": "is one for all APIs of the account and region",
    "AWS::IAM::Role": "is named by the account's API Gateway",
}
_KEPT_ROLE = "GatewayLogsRole"
_DELETED = "DELETE_COMPLETE"


def kept(formation: "CloudFormationClient", site: Site) -> list[str]:
    """Return a line for each resource that stays when the stack goes, with the reason.

    Raises
    ------
    DeploymentFailed
        There is no such stack.
    """
    pages = formation.get_paginator("list_stack_resources").paginate(StackName=site.stack)
    try:
        found = [each for page in pages for each in page["StackResourceSummaries"]]
    except ClientError as error:
        if "does not exist" not in str(error):
            raise
        raise DeploymentFailed(f"There is no stack {site.stack} in {site.region}.") from None
    return [
        f"{each.get('PhysicalResourceId', each['LogicalResourceId'])}  {_REASONS[each['ResourceType']]}"
        for each in found
        if each["ResourceType"] in _REASONS
        and each["ResourceStatus"] != _DELETED
        and (each["ResourceType"] != "AWS::IAM::Role" or each["LogicalResourceId"] == _KEPT_ROLE)
    ]


def destroy(formation: "CloudFormationClient", site: Site) -> None:
    """Remove the stack, and wait until it is gone.

    Raises
    ------
    DeploymentFailed
        Something could not be removed.
    """
    formation.delete_stack(StackName=site.stack)
    try:
        formation.get_waiter("stack_delete_complete").wait(StackName=site.stack, WaiterConfig=WAIT)
    except WaiterError as error:
        raise DeploymentFailed(f"The stack {site.stack} could not be removed: {error}") from None
