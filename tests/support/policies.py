"""What the policies in .chalice allow, grant by grant, and which of it nothing used."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

POLICIES = Path(__file__).parents[2] / ".chalice"

LOG = {"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"}
CONSUME = {"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}
"""What Lambda does itself with the role of a function, as in AWS's own AWSLambdaSQSQueueExecutionRole."""

ANYTHING = "*"


@dataclass(frozen=True, order=True)
class Access:
    """One question to IAM."""

    action: str
    resource: str
    condition: str = ""
    """The listed prefix, or the owner in the encryption context; empty if the question names none."""


@dataclass(frozen=True, order=True)
class Grant:
    """One thing that a policy allows: patterns with `*`."""

    action: str
    resource: str
    condition: str = ANYTHING

    def allows(self, access: Access) -> bool:
        return (
            self.action == access.action
            and fnmatchcase(access.resource, self.resource)
            and fnmatchcase(access.condition, self.condition)
        )


Unused = tuple[str, Grant]
"""A function and what it may do in vain."""


def functions() -> list[str]:
    """Return the functions that have a policy."""
    return [file.stem.removeprefix("policy-") for file in sorted(POLICIES.glob("policy-*.json"))]


def statements_of(function: str) -> list[dict[str, Any]]:
    """Return the statements of a function's policy."""
    return json.loads((POLICIES / f"policy-{function}.json").read_text())["Statement"]


@cache
def grants_of(function: str) -> tuple[Grant, ...]:
    """Return all that a function's policy allows: every action on every resource under every condition."""
    return tuple(
        Grant(action, resource, condition)
        for statement in statements_of(function)
        for action in statement["Action"]
        for resource in statement["Resource"]
        for condition in _conditions(statement.get("Condition", {}))
    )


def is_lambdas_own(function: str, grant: Grant) -> bool:
    """Say whether Lambda uses it and not our code: it writes logs, and takes messages out of the function's queue."""
    own_queue = grant.resource.startswith("arn:aws:sqs:") and grant.resource.endswith(f"-{function}")
    return grant.action in LOG or (grant.action in CONSUME and own_queue)


def unused(used: Mapping[str, Iterable[Access]]) -> list[Unused]:
    """Return what the policies allow and none of the functions did, but for what Lambda does by itself."""
    return [
        (function, grant)
        for function in functions()
        for grant in grants_of(function)
        if not is_lambdas_own(function, grant) and not any(map(grant.allows, used.get(function, ())))
    ]


def _conditions(condition: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Yield the patterns of which one must fit; a condition that is not known here cannot be judged."""
    known = [ANYTHING]
    for operator, tests in condition.items():
        match operator, tests:
            case "StringLike", {"s3:prefix": [*patterns]} | {"kms:EncryptionContext:owner": [*patterns]}:
                known = patterns
            case "Null", {"s3:prefix": "true"}:
                known = [""]
            case "ForAnyValue:StringLike", {"kms:ResourceAliases": str()}:
                pass  # every key of ours has the alias
            case _:
                raise ValueError(f"a condition that the tests cannot judge: {operator} {tests}")
    yield from known
