"""Each function may do what it does and nothing else: its policy against the calls that it made on the tour."""

import json
from pathlib import Path

import pytest

from tests.support.functions import queues_of_functions
from tests.support.permissions import POLICIES, Access, Grant, goes_with, grants_of, statements_of

CONFIG = json.loads((POLICIES / "config.json").read_text())
FUNCTIONS = sorted(CONFIG["stages"]["dev"]["lambda_functions"])

LOGS = {"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"}
CONSUME = {"sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}
"""Lambda itself makes these calls with the function's role: they do not pass through our code."""

RARE = {
    line
    for line in (Path(__file__).parent / "rarely_used.txt").read_text().splitlines()
    if line and not line.startswith("#")
}


def line_of(function: str, grant: Grant) -> str:
    return f"{function} {grant.action} {grant.resource} {grant.condition}"


def by_lambda_itself(grant: Grant) -> bool:
    if grant.action in LOGS:
        return grant.resource == "arn:aws:logs:*:*:log-group:/aws/lambda/siderostat-*"
    queues = {f"arn:aws:sqs:*:*:siderostat*-{queue}{dead}" for queue in queues_of_functions() for dead in ("", "-dead")}
    return grant.action in CONSUME and grant.resource in queues


def test_everything_that_a_function_did_is_allowed(tour):
    """The same holds in every other test: see `_permitted` in tests/conftest.py."""
    assert set(tour.used) >= set(FUNCTIONS) - {"summarize"}
    assert tour.denied == []


@pytest.mark.parametrize("function", FUNCTIONS)
def test_everything_that_is_allowed_was_done_or_is_listed_as_rare(tour, function):
    unused = {
        line_of(function, grant)
        for grant in grants_of(function)
        if not any(goes_with(grant).allows(access) for access in tour.used.get(function, ()))
        and not by_lambda_itself(grant)
    }
    assert unused - RARE == set()


def test_nothing_is_listed_as_rare_that_is_not_allowed():
    assert RARE - {line_of(function, grant) for function in FUNCTIONS for grant in grants_of(function)} == set()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_action_is_a_wildcard_and_no_resource_is_everything(function):
    """What wildcards there are is explained in .chalice/README.md: prefix, region and account of the deployment."""
    for grant in grants_of(function):
        assert "*" not in grant.action
        service, _, name = grant.resource.removeprefix("arn:aws:").partition(":")
        assert name.startswith(("*:*:", "::"))
        own = name.removeprefix("*:*:").removeprefix("::")
        assert "siderostat" in own or (service == "kms" and own == "key/*"), grant


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_key_may_be_used_through_our_alias_and_for_a_named_owner_only(function):
    for statement in statements_of(function):
        if any(action.startswith("kms:") for action in statement["Action"]):
            condition = statement["Condition"]
            assert condition["ForAnyValue:StringLike"] == {"kms:ResourceAliases": "alias/siderostat*-credentials"}
            assert condition["StringLike"]["kms:EncryptionContext:owner"]


def test_only_functions_that_send_open_credentials():
    opening = {function for function in FUNCTIONS if any(g.action == "kms:Decrypt" for g in grants_of(function))}

    assert opening <= {"dispatch", "summarize"}


def test_every_function_has_one_policy_file_and_every_file_one_function():
    for stage in CONFIG["stages"].values():
        functions = stage["lambda_functions"]
        assert {name: function["iam_policy_file"] for name, function in functions.items()} == {
            name: f"policy-{name}.json" for name in FUNCTIONS
        }
    assert {file.name for file in POLICIES.glob("policy-*.json")} == {f"policy-{name}.json" for name in FUNCTIONS}


def test_a_policy_fits_the_role_that_holds_it():
    """10 240 characters of inline policies a role: IAM quotas, white space not counted."""
    for function in FUNCTIONS:
        text = (POLICIES / f"policy-{function}.json").read_text()
        assert len("".join(text.split())) < 10_240


def test_the_comparison_notices_what_is_missing():
    grant = Grant("s3:GetObject", "arn:aws:s3:::siderostat*/data/*")

    assert grant.allows(Access("s3:GetObject", "arn:aws:s3:::siderostat-1/data/x"))
    assert not grant.allows(Access("s3:GetObject", "arn:aws:s3:::siderostat-1/inputs/x"))
    assert not grant.allows(Access("s3:PutObject", "arn:aws:s3:::siderostat-1/data/x"))
    assert not Grant("s3:ListBucket", "*", "incoming/*").allows(Access("s3:ListBucket", "b", "products/1/"))
