"""The policies of .chalice as a template has them: about the resources of one stack, and of no other.

The files name region, account and prefix by wildcards, for the tests to compare them with what functions do. Here each
pattern becomes the one resource of the stack that it stands for.
"""

import re
from collections.abc import Iterator
from typing import Any

from infra.package.errors import PackagingFailed

_BY_NAME = re.compile(r"arn:aws:(dynamodb|sqs|lambda):\*:\*:((?:table/|function:)?)siderostat\*-([a-z0-9/_-]+)")
_IN_BUCKET = re.compile(r"arn:aws:s3:::siderostat\*((?:/[a-z_]+/\*)?)")
_OURS = {
    "arn:aws:kms:*:*:key/*": {"Fn::GetAtt": ["CredentialsKey", "Arn"]},
    "arn:aws:secretsmanager:*:*:secret:siderostat*-webhook-*": {"Ref": "WebhookSecret"},
    "arn:aws:secretsmanager:*:*:secret:siderostat*-admin-token-*": {"Ref": "AdminToken"},
}
_SSM = re.compile(r"arn:aws:ssm:\*:\*:parameter/siderostat\*/([a-z-]+)")
_LOGS = "arn:aws:logs:*:*:log-group:/aws/lambda/siderostat-*"
_CREATE_GROUP = "logs:CreateLogGroup"
_OF_ONE_KEY = "ForAnyValue:StringLike"


def of_one_stack(policy: dict[str, Any], log_group: str) -> dict[str, Any]:
    """Return a policy document about the resources of the stack.

    Parameters
    ----------
    policy : dict
        As a file in .chalice has it.
    log_group : str
        Logical name of the function's log group.

    Raises
    ------
    PackagingFailed
        A resource is not one that is known here.
    """
    return {**policy, "Statement": [_statement(each, log_group) for each in policy["Statement"]]}


def _statement(statement: dict[str, Any], log_group: str) -> dict[str, Any]:
    # the stack makes the log groups, which else would keep everything for ever
    actions = [action for action in statement["Action"] if action != _CREATE_GROUP]
    changed = {**statement, "Action": actions, "Resource": list(_resources(statement["Resource"], log_group))}
    conditions = {kind: tests for kind, tests in statement.get("Condition", {}).items() if kind != _OF_ONE_KEY}
    return {key: value for key, value in {**changed, "Condition": conditions}.items() if value != {}}


def _resources(patterns: list[str], log_group: str) -> Iterator[Any]:
    for pattern in patterns:
        if pattern == _LOGS:
            yield {"Fn::GetAtt": [log_group, "Arn"]}
        elif pattern in _OURS:
            yield _OURS[pattern]
        elif named := _BY_NAME.fullmatch(pattern):
            service, kind, name = named.groups()
            yield _arn(f"{service}:${{AWS::Region}}:${{AWS::AccountId}}:{kind}${{Prefix}}-{name}")
        elif kept := _IN_BUCKET.fullmatch(pattern):
            yield _arn(f"s3:::${{Prefix}}-${{AWS::AccountId}}{kept[1]}")
        elif parameter := _SSM.fullmatch(pattern):
            yield _arn(f"ssm:${{AWS::Region}}:${{AWS::AccountId}}:parameter/${{Prefix}}/{parameter[1]}")
        else:
            raise PackagingFailed(f"A policy in .chalice names what no stack of ours has: {pattern}")


def _arn(rest: str) -> dict[str, str]:
    return {"Fn::Sub": f"arn:${{AWS::Partition}}:{rest}"}
