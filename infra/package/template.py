"""The template of a deployment: what Chalice generates for the routes and handlers, and all that stands around it."""

import copy
import json
from pathlib import Path
from typing import Any

from infra.alarms import alarms
from infra.dashboard import dashboard
from infra.edge import api_properties, finished_api
from infra.local.aws.resources import template as resources_template
from infra.package import functions
from infra.package.runtime import ARCHITECTURES
from infra.plain_yaml import read_yaml, yaml_of

ROOT = Path(__file__).parents[2]

Template = dict[str, Any]

SUMMARIZE = "Summarize"
"""The one function with a package of its own that is not isolated: it alone needs the language models' client."""

_BY_TYPE: dict[str, Template] = {
    "AWS::DynamoDB::Table": {"DeletionProtectionEnabled": {"Fn::If": ["IsProtected", True, False]}},
    "AWS::SQS::Queue": {"SqsManagedSseEnabled": True},
}
"""Properties of all resources of a kind that the stand-in of AWS on one machine does not have."""

_NOT_FOR_US = ("WS1000", "WS1004")
"""Rules of cfn-lint: tracing is a parameter, and logs are named by LoggingConfig, which the rule does not know."""

_NOT_FOR = {
    "AlarmMail": ("ES7000",),  # a mail that cannot be delivered has no other way
}
_NOT_FOR_DEAD_LETTERS = ("ES6000",)
"""Nothing comes after a dead-letter queue."""


def additions(stage: str = "dev") -> Template:
    """Return what is merged into the template that Chalice generates."""
    deployment: Template = read_yaml((ROOT / "infra" / "deployment.yaml").read_text())
    resources = resources_template()
    return {
        "Parameters": {**resources["Parameters"], **deployment["Parameters"]},
        "Conditions": deployment["Conditions"],
        "Globals": _merged(deployment["Globals"], _environment({"SIDEROSTAT_PUBLIC_URL": _public_url(stage)})),
        "Resources": {
            **resources["Resources"],
            **deployment["Resources"],
            "RestAPI": {"DependsOn": ["GatewayAccount"], "Properties": api_properties()},
        },
        "Outputs": {**deployment["Outputs"], "PublicUrl": {"Value": _public_url(stage)}},
    }


def deployed(generated: Template, stage: str, architecture: str) -> Template:
    """Return the whole template.

    Parameters
    ----------
    generated : dict
        What Chalice made, with the code of all its functions in deployment.zip.
    stage : str
        Last part of the API's own URL.
    architecture : str
        One of `ARCHITECTURES`.
    """
    added = additions(stage)
    whole: Template = _merged(generated, added)
    resources = whole["Resources"]
    resources[SUMMARIZE]["Properties"]["CodeUri"] = "./summarize.zip"
    resources.update(functions.finish(resources, ARCHITECTURES[architecture].name))
    resources["RestAPI"] = finished_api(resources["RestAPI"])
    for name, resource in resources.items():
        resource["Properties"].update(_BY_TYPE.get(resource["Type"], {}))
        if rules := _NOT_FOR.get(name, _NOT_FOR_DEAD_LETTERS if name.endswith("DeadQueue") else ()):
            resource["Metadata"] = _unchecked(rules)
    resources.update(alarms(resources))
    resources["Dashboard"] = dashboard(resources)
    whole["Outputs"] = added["Outputs"]
    whole["Metadata"] = _unchecked(_NOT_FOR_US)
    return whole


def _public_url(stage: str) -> Template:
    own = {"Fn::Sub": f"https://${{RestAPI}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}/{stage}"}
    by_domain = {"Fn::If": ["HasDomain", {"Fn::Sub": "https://${DomainName}"}, own]}
    return {"Fn::If": ["HasPublicUrl", {"Ref": "PublicUrl"}, by_domain]}


def _unchecked(rules: tuple[str, ...]) -> Template:
    return {"cfn-lint": {"config": {"ignore_checks": list(rules)}}}


def _environment(variables: Template) -> Template:
    return {"Function": {"Environment": {"Variables": variables}}}


def text_of(template: Template) -> str:
    """Write a template as YAML, without the aliases that CloudFormation does not understand."""
    return yaml_of(json.loads(json.dumps(template)))


def _merged(one: Any, other: Any) -> Any:  # noqa: ANN401 - YAML
    """Return two templates as one; where both have a value that is no mapping, the second's counts."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {key: _merged(one.get(key), other.get(key, one.get(key))) for key in {**one, **other}}
    return copy.deepcopy(other)
