"""A change set: made, shown, and carried out if whoever deploys agrees."""

import time
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, WaiterError

from infra.deploy.errors import DeploymentFailed
from infra.deploy.site import Site

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

_NOTHING = ("didn't contain changes", "No updates are to be performed")
_CAPABILITIES: Any = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
_HALF_MADE = "REVIEW_IN_PROGRESS"
WAIT: Any = {"Delay": 5, "MaxAttempts": 720}


def exists(formation: "CloudFormationClient", site: Site) -> bool:
    """Say whether the stack is there; one that was never more than a change set is not.

    Raises
    ------
    DeploymentFailed
        The stack is left from a create that failed.
    """
    try:
        [stack] = formation.describe_stacks(StackName=site.stack)["Stacks"]
    except ClientError as error:
        if "does not exist" in str(error):
            return False
        raise
    if stack["StackStatus"] in {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED"}:
        raise DeploymentFailed(
            f"The stack {site.stack} is left from a first deployment that failed, and holds nothing: remove it with "
            f"`make destroy STAGE={site.stage}`, and deploy again."
        )
    return stack["StackStatus"] != _HALF_MADE


def make(formation: "CloudFormationClient", site: Site, template_url: str, *, update: bool) -> str | None:
    """Make a change set and return its name; None if nothing would change.

    Parameters that are not given keep the values that the stack has.

    Raises
    ------
    DeploymentFailed
        CloudFormation refuses the template or a parameter.
    """
    name = f"deploy-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}"
    formation.create_change_set(
        StackName=site.stack,
        ChangeSetName=name,
        ChangeSetType="UPDATE" if update else "CREATE",
        TemplateURL=template_url,
        Parameters=_parameters(formation, site, template_url, update=update),
        Capabilities=_CAPABILITIES,
    )
    try:
        formation.get_waiter("change_set_create_complete").wait(
            StackName=site.stack, ChangeSetName=name, WaiterConfig=WAIT
        )
    except WaiterError as error:
        reason = str(error.last_response.get("StatusReason", error))
        if any(text in reason for text in _NOTHING):
            formation.delete_change_set(StackName=site.stack, ChangeSetName=name)
            return None
        raise DeploymentFailed(f"CloudFormation refuses this: {reason}") from None
    return name


def changes(formation: "CloudFormationClient", site: Site, name: str) -> list[str]:
    """Return one line for each change, those that replace or remove something first."""
    pages = formation.get_paginator("describe_change_set").paginate(StackName=site.stack, ChangeSetName=name)
    found = [change["ResourceChange"] for page in pages for change in page.get("Changes", [])]
    return sorted(
        f"{_sign(each)} {each.get('LogicalResourceId', '')}  ({each.get('ResourceType', '')})" for each in found
    )


def carry_out(formation: "CloudFormationClient", site: Site, name: str, *, update: bool) -> None:
    """Carry a change set out, and wait for its end.

    Raises
    ------
    DeploymentFailed
        It failed, and the stack was rolled back.
    """
    formation.execute_change_set(StackName=site.stack, ChangeSetName=name)
    waiter = formation.get_waiter("stack_update_complete" if update else "stack_create_complete")
    try:
        waiter.wait(StackName=site.stack, WaiterConfig=WAIT)
    except WaiterError:
        raise DeploymentFailed(f"The stack {site.stack} was rolled back. {_first_reason(formation, site)}") from None


def outputs(formation: "CloudFormationClient", site: Site) -> dict[str, str]:
    """Return the outputs of the stack by name."""
    [stack] = formation.describe_stacks(StackName=site.stack)["Stacks"]
    return {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}


def _parameters(formation: "CloudFormationClient", site: Site, template_url: str, *, update: bool) -> Any:  # noqa: ANN401
    given = {**site.parameters, "Prefix": site.stack}
    made = [{"ParameterKey": name, "ParameterValue": value} for name, value in sorted(given.items())]
    if update:
        known = formation.get_template_summary(TemplateURL=template_url).get("Parameters", [])
        [stack] = formation.describe_stacks(StackName=site.stack)["Stacks"]
        had = {each["ParameterKey"] for each in stack.get("Parameters", [])}
        names = had & {each["ParameterKey"] for each in known}
        made += [{"ParameterKey": name, "UsePreviousValue": True} for name in sorted(names - set(given))]  # type: ignore[dict-item]
    return made


def _sign(change: Any) -> str:  # noqa: ANN401 - boto3's
    if change.get("Replacement") == "True":
        return "! replaces"
    return {"Add": "+ adds", "Modify": "~ changes", "Remove": "! removes"}.get(change.get("Action", ""), "? touches")


def _first_reason(formation: "CloudFormationClient", site: Site) -> str:
    events = formation.describe_stack_events(StackName=site.stack)["StackEvents"]
    failed = [each for each in events if each.get("ResourceStatus", "").endswith("_FAILED")]
    return "" if not failed else f"{failed[-1]['LogicalResourceId']}: {failed[-1].get('ResourceStatusReason', '')}"
