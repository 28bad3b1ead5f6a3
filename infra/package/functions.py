"""What every function of a stack has: runtime, name, a log that expires, and a role for its own resources alone."""

import re
from typing import Any

from infra.package.policies import of_one_stack
from infra.package.runtime import RUNTIME

Resources = dict[str, Any]

API = "APIHandler"
_SERVERLESS = "AWS::Serverless::Function"
_PLAIN = "AWS::Lambda::Function"


def short_name(logical_name: str) -> str:
    """Return the last part of a function's name: "api", "dispatch", …."""
    if logical_name == API:
        return "api"
    return re.sub(r"(?<!^)(?=[A-Z])", "-", logical_name.removesuffix("Function")).lower()


def log_group(logical_name: str) -> str:
    """Return the logical name of a function's log group."""
    return f"{logical_name.removesuffix('Function')}Logs"


def names(resources: Resources) -> list[str]:
    """Return the logical names of all functions."""
    return [name for name, each in resources.items() if each["Type"] in {_SERVERLESS, _PLAIN}]


def finish(resources: Resources, architecture: str) -> Resources:
    """Return the functions of a template, finished, with their roles and log groups."""
    finished: Resources = {}
    for name in names(resources):
        properties = {
            **resources[name]["Properties"],
            "Runtime": RUNTIME,
            "Architectures": [architecture],
            "FunctionName": {"Fn::Sub": f"${{Prefix}}-{short_name(name)}"},
            "LoggingConfig": {"LogFormat": "JSON", "LogGroup": {"Ref": log_group(name)}},
        }
        if resources[name]["Type"] == _SERVERLESS:
            properties["Tracing"] = {"Ref": "Tracing"}
            finished[_role(resources[name])] = _traced(resources[_role(resources[name])], log_group(name))
        finished[name] = {**resources[name], "Properties": _with_partial_answers(properties)}
        finished[log_group(name)] = _log(f"/aws/lambda/${{Prefix}}-{short_name(name)}")
    return finished


def _role(function: dict[str, Any]) -> str:
    role: str = function["Properties"]["Role"]["Fn::GetAtt"][0]
    return role


def _traced(role: dict[str, Any], logs: str) -> dict[str, Any]:
    properties = role["Properties"]
    policies = [
        {**each, "PolicyDocument": of_one_stack(each["PolicyDocument"], logs)} for each in properties["Policies"]
    ]
    xray = {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AWSXRayDaemonWriteAccess"}
    managed = {"Fn::If": ["IsTraced", [xray], {"Ref": "AWS::NoValue"}]}
    return {**role, "Properties": {**properties, "Policies": policies, "ManagedPolicyArns": managed}}


def _with_partial_answers(properties: dict[str, Any]) -> dict[str, Any]:
    """Return the properties of a function whose answer names the messages that it could not work on."""
    for event in properties.get("Events", {}).values():
        if event["Type"] == "SQS":
            event["Properties"]["FunctionResponseTypes"] = ["ReportBatchItemFailures"]
    return properties


def _log(name: str) -> dict[str, Any]:
    return {
        "Type": "AWS::Logs::LogGroup",
        "DeletionPolicy": "Delete",
        "UpdateReplacePolicy": "Delete",
        "Properties": {"LogGroupName": {"Fn::Sub": name}, "RetentionInDays": {"Ref": "LogDays"}},
    }
